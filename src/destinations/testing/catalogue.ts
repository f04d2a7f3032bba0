/** Proves an error catalogue: every recorded error meets exactly one rule, and every rule has a recorded error. */
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../kernel/app-error.ts';
import { matchingRules, signalOf, type ErrorRule, type Phase } from '../rules.ts';

/** An error as the driver throws it, reduced to the fields that drivers set. */
export interface ErrorFixture {
  readonly code: ErrorCode;
  readonly error: Readonly<Record<string, unknown>>;
  /** Default `load`. */
  readonly phase?: Phase;
}

export function proveCatalogue(name: string, rules: readonly ErrorRule[], fixtures: readonly ErrorFixture[]): void {
  describe(`the error catalogue of ${name}`, () => {
    test.each(fixtures)('$error.name $error.code $error.message is $code', ({ code, error, phase }) => {
      const matching = matchingRules(signalOf(error), rules, phase ?? 'load');
      expect(matching.map((rule) => rule.code)).toEqual([code]);
    });

    test('every rule has a recorded error', () => {
      const met = new Set(
        fixtures.flatMap(({ error, phase }) => matchingRules(signalOf(error), rules, phase ?? 'load')),
      );
      expect(rules.filter((rule) => !met.has(rule))).toEqual([]);
    });
  });
}

const systemError = (code: string, message: string) => ({ name: 'Error', code, message: `${code}: ${message}` });

/** For `sharedRules`, which are part of every catalogue. */
export const sharedFixtures: readonly ErrorFixture[] = [
  {
    code: 'NETWORK_UNREACHABLE',
    error: { name: 'Error', code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND no.example' },
  },
  {
    code: 'NETWORK_UNREACHABLE',
    error: { name: 'Error', code: 'EAI_AGAIN', message: 'getaddrinfo EAI_AGAIN no.example' },
  },
  {
    code: 'NETWORK_UNREACHABLE',
    error: {
      name: 'AggregateError',
      code: 'ECONNREFUSED',
      message: '',
      errors: [{ name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:9' }],
    },
  },
  { code: 'NETWORK_UNREACHABLE', error: { name: 'Error', code: 'ECONNRESET', message: 'socket hang up' } },
  { code: 'NETWORK_UNREACHABLE', error: { name: 'Error', code: 'EPIPE', message: 'write EPIPE' } },
  {
    code: 'NETWORK_UNREACHABLE',
    error: { name: 'Error', code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 10.0.0.1:443' },
  },
  { code: 'TIMEOUT', error: { name: 'Error', code: 'ETIMEDOUT', message: 'connect ETIMEDOUT 10.0.0.1:443' } },
  { code: 'TIMEOUT', error: { name: 'TimeoutError', message: 'Connection timed out after 5000 ms' } },
  {
    code: 'SETTINGS_INVALID',
    error: { name: 'Error', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', message: 'self-signed certificate' },
  },
  {
    code: 'SETTINGS_INVALID',
    error: {
      name: 'Error',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message:
        "Hostname/IP does not match certificate's altnames: Host: a.example. is not in the cert's altnames: DNS:b.example",
    },
  },
  { code: 'SETTINGS_INVALID', error: { name: 'Error', code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' } },
  {
    code: 'SETTINGS_INVALID',
    error: {
      name: 'Error',
      code: 'EPROTO',
      message: 'write EPROTO error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
    },
  },
  { code: 'CAPACITY', error: systemError('ENOSPC', 'no space left on device, write') },
  { code: 'CAPACITY', error: systemError('EDQUOT', 'disk quota exceeded, write') },
  { code: 'PERMISSION_MISSING', error: systemError('EACCES', "permission denied, access '/data'"), phase: 'open' },
  { code: 'PERMISSION_MISSING', error: systemError('EROFS', "read-only file system, access '/data'"), phase: 'open' },
  { code: 'LOAD_FILE_MISSING', error: systemError('ENOENT', "no such file or directory, open '/tmp/part'") },
  { code: 'CANCELLED', error: { name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted' } },
];

const said = (message: string) => ({ name: 'Error', message });

/** For `stagedReaderRules`, which are part of every catalogue whose destination reads staged files with DuckDB. */
export const stagedReaderFixtures: readonly ErrorFixture[] = [
  {
    code: 'CAPACITY',
    error: said('Out of Memory Error: could not allocate block of size 256.0 KiB (152.4 MiB/152.5 MiB used)'),
  },
  {
    code: 'DATA_TOO_LARGE',
    error: said('Invalid Input Error: CSV line 2 of part-0.csv.gz: Maximum line size of 16777216 bytes exceeded'),
  },
  {
    code: 'DATA_INVALID',
    error: said('Conversion Error: CSV line 2 of part-0.csv.gz: Error when converting column "created"'),
  },
  {
    code: 'DATA_INVALID',
    error: said('Invalid Input Error: The CSV Parser state machine reached an invalid state.'),
  },
  { code: 'DATA_INVALID', error: said('Conversion Error: Malformed JSON at byte 11') },
  { code: 'DATA_INVALID', error: said('Constraint Error: NOT NULL constraint failed: staged_key.id') },
  { code: 'DATA_INVALID', error: said('Invalid Input Error: row without key: _change_number') },
  {
    code: 'LOAD_FILE_MISSING',
    error: said('IO Error: No files found that match the pattern "/tmp/part-0.jsonl.gz"'),
  },
  { code: 'CANCELLED', error: said('INTERRUPT Error: Interrupted!') },
];

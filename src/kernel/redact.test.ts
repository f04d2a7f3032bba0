import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { redactText, storableText } from './redact.ts';

test.each([
  ['postgres://wharf:hunter2@db:5432/x refused', 'hunter2'],
  ['GET https://b.blob.core.windows.net/c?sv=1&sig=abc%2Fdef&se=2', 'abc%2Fdef'],
  ['GET https://b/k?X-Amz-Credential=AKIA123&X-Amz-Signature=feed', 'feed'],
  ['Authorization: Klaviyo-API-Key pk_0123456789abcdef', 'pk_0123456789abcdef'],
  ['Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
  ['jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl end', 'c2lnbmF0dXJl'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'MIIE'],
  ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE cut off', 'MIIE'],
])('takes the secret out of %j', (text, secret) => {
  expect(redactText(text)).not.toContain(secret);
});

test('takes given secrets out wherever they stand, but not ones too short to be one', () => {
  expect(redactText('login with s3cr3t+value failed, abc', ['s3cr3t+value', 'abc'])).toBe(
    'login with [redacted] failed, abc',
  );
});

test('leaves ordinary words alone', () => {
  const words = 'relation "klaviyo_event" does not exist (42P01), see https://example.com/docs?page=2';
  expect(redactText(words)).toBe(words);
});

test('storable text has no NUL, no lone surrogate and an end', () => {
  expect(storableText('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc');
  expect(storableText('x'.repeat(5_000_000))).toHaveLength(4000);
  expect(storableText('😀'.repeat(10), 6).isWellFormed()).toBe(true);
});

test('log lines hide secret fields and secrets inside errors and their causes', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  const cause = new Error('postgres://u:topsecret@h/d');
  log.error(
    { err: new Error('outer', { cause }), settings: { secretAccessKey: 'topsecret' }, password: 'topsecret' },
    'x',
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('topsecret');
  expect(lines[0]).toContain('outer');
});

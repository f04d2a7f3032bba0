import { expect, test } from 'vitest';
import { ApiError, NoAnswerError } from '../contract/client.ts';
import { endingOf, exitCodes, failureText, UsageError } from './failure.ts';
import { runCli } from './program.ts';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const code = await runCli(args, {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    interactive: false,
  });
  return { code, ...written };
}

const facts = {
  code: 'AUTH_INVALID',
  message: 'The warehouse refused the credentials.',
  advice: 'Enter the credentials again.',
  remedy: 'fix-settings' as const,
  details: {},
  externalMessage: 'ORA-01017\u001b[2J',
  requestId: 'r',
};

test.for([
  [400, 'refused'],
  [401, 'notAllowed'],
  [403, 'notAllowed'],
  [404, 'notFound'],
  [409, 'refused'],
  [422, 'refused'],
  [503, 'failed'],
] as const)('HTTP %i ends as %s', ([status, ending]) => {
  expect(endingOf(new ApiError(status, facts))).toBe(ending);
});

test('exit codes are distinct', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('a failure says what, why and what to do, and cannot steer the terminal', () => {
  expect(failureText(new ApiError(422, facts), false)).toBe(
    'Error: The warehouse refused the credentials.\nWhy: ORA-01017 [2J\nWhat to do: Enter the credentials again.\n',
  );
  expect(JSON.parse(failureText(new ApiError(422, facts), true))).toEqual({ error: facts });
});

test('no answer and a wrong command line have their own codes', () => {
  expect(endingOf(new NoAnswerError('http://127.0.0.1:1', 'No answer.'))).toBe('unreachable');
  expect(endingOf(new UsageError('x', 'y'))).toBe('usage');
  expect(endingOf(new TypeError('x'))).toBe('failed');
});

test.for([
  [['no-such-command'], 2, "unknown command 'no-such-command'"],
  [['sync', 'now'], 2, "missing required argument 'sync'"],
  [['connection', 'connect', 'duckdb', '--history', '5y'], 2, 'Allowed choices are 30d, 90d, 1y, all'],
  [['accounts', 'list', '--url', 'nonsense', '--token', 'x'], 2, 'nonsense is not a URL'],
  [['accounts', 'list', '--data', '/nowhere'], 2, '/nowhere/operator-token cannot be read'],
  [['accounts', 'list', '--url', 'http://127.0.0.1:1', '--token', 'x'], 3, 'Wharf could not be reached'],
] as const)('%j ends with %i', async ([args, code, words]) => {
  const ended = await run(...args);
  expect(ended.code).toBe(code);
  expect(ended.err).toContain(words);
  expect(ended.out).toBe('');
});

test('help is on standard output and a success', async () => {
  const ended = await run('--help');
  expect(ended.code).toBe(0);
  expect(ended.out).toContain('connection');
});

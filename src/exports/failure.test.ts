import { expect, test } from 'vitest';
import { AppError, errorCodes, type ErrorCode } from '../kernel/app-error.ts';
import { judge } from './failure.ts';

const hour = 3_600_000;
const codes = Object.keys(errorCodes) as ErrorCode[];
const codesOf = (remedy: string): AppError[] =>
  codes.filter((code) => errorCodes[code].remedy === remedy).map((code) => new AppError(code));

test('what only a person can mend is given up at once', () => {
  for (const remedy of ['fix-settings', 'fix-warehouse', 'fix-data']) {
    for (const error of codesOf(remedy)) expect(judge(error, 1, 0)).toEqual({ kind: 'give-up' });
  }
});

test('waiting is never given up', () => {
  for (const error of codesOf('wait')) {
    expect(judge(error, 1_000, 1_000 * hour)).toMatchObject({ kind: 'retry' });
  }
});

test('retries start at ten seconds at most, end at half an hour, and give up after ten failures over six hours', () => {
  const error = new AppError('NETWORK_UNREACHABLE');
  expect(judge(error, 1, 0, () => 1)).toEqual({ kind: 'retry', afterMs: 10_000 });
  expect(judge(error, 100, hour, () => 1)).toEqual({ kind: 'retry', afterMs: 30 * 60_000 });
  expect(judge(error, 9, 24 * hour).kind).toBe('retry');
  expect(judge(error, 10, 6 * hour)).toEqual({ kind: 'give-up' });
});

test('a bug of ours is tried three times', () => {
  const error = new AppError('COUNT_MISMATCH');
  expect([1, 2, 3].map((failures) => judge(error, failures, 0).kind)).toEqual(['retry', 'retry', 'give-up']);
});

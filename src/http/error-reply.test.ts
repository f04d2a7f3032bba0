import { expect, test } from 'vitest';
import { errorBody, remedy } from '../contract/error-body.ts';
import { AppError, errorCodes, type ErrorCode } from '../kernel/app-error.ts';
import { errorFactsOf, statusOf } from './error-reply.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

test('the contract knows exactly the remedies of the kernel', () => {
  const used = new Set(codes.map((code) => errorCodes[code].remedy));
  expect([...used].sort()).toEqual([...remedy.options].sort());
});

test.for(codes)('%s has a status that fits its remedy', (code) => {
  const ours = ['retry', 'wait', 'report-bug'].includes(errorCodes[code].remedy);
  const family = ours && code !== 'THROTTLED' ? 5 : 4;
  expect(Math.floor(statusOf(code) / 100)).toBe(family);
});

test("a warehouse's refusal of credentials is never taken for a missing sign-in", () => {
  for (const code of codes.filter((name) => name.startsWith('AUTH_'))) expect([401, 403]).not.toContain(statusOf(code));
});

test.for(codes)('%s becomes a body the contract describes', (code) => {
  const facts = errorFactsOf(new AppError(code, { externalMessage: 'words', details: { field: 'x' } }));
  expect(errorBody.parse({ error: { ...facts, requestId: 'r' } }).error).toMatchObject({
    code,
    advice: errorCodes[code].advice,
  });
});

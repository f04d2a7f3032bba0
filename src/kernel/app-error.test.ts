import { expect, test } from 'vitest';
import { AppError, errorCodes, toAppError } from './app-error.ts';

test('every code says what happened and what to do, in whole sentences', () => {
  for (const [code, meaning] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^[A-Z][A-Z_]+$/);
    for (const sentence of [meaning.summary, meaning.advice]) expect(sentence, code).toMatch(/^[A-Z].{8,}\.$/);
  }
});

test('the code decides the remedy; wording may be more precise', () => {
  const error = new AppError('AUTH_INVALID', { summary: 'S3 refused the key.', externalMessage: 'InvalidAccessKeyId' });
  expect([error.remedy, error.summary, error.externalMessage]).toEqual([
    'fix-settings',
    'S3 refused the key.',
    'InvalidAccessKeyId',
  ]);
  expect(error.advice).toBe(errorCodes.AUTH_INVALID.advice);
});

test('what is not an AppError yet becomes UNKNOWN with its words and cause kept', () => {
  const thrown = new TypeError('no idea');
  const error = toAppError(thrown);
  expect([error.code, error.externalMessage, error.cause]).toEqual(['UNKNOWN', 'no idea', thrown]);
  expect(toAppError(error)).toBe(error);
  expect(toAppError('a string').externalMessage).toBe('a string');
});

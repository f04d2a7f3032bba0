import { expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { readRevision } from './revision.ts';

test.each(['2026-07-15', '2025-10-15', '2022-10-17', '2026-07-15.pre', '2024-03-03'])('%s is served', (revision) => {
  expect(readRevision(revision)).toBe(revision);
});

test.each([
  undefined,
  '',
  'latest',
  '2026-02-30',
  '2022-10-16',
  '2026-07-16',
  '2099-01-01',
  '2026-07-15; x',
  "2026-07-15'",
])('%j is refused', (revision) => {
  expect(() => readRevision(revision)).toThrow(ApiError);
});

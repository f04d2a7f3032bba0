import { expect, test } from 'vitest';
import { credentialWarnings } from './credentials.ts';

const dayMs = 86_400_000;

test('warnings by what is left', () => {
  const end = new Date('2026-12-01T00:00:00Z');
  const codes = (daysBefore: number): string[] =>
    credentialWarnings(end, new Date(end.getTime() - daysBefore * dayMs)).map(({ code }) => code);
  expect([15, 14, 0.01, 0, -3].map(codes)).toEqual([
    [],
    ['CREDENTIALS_EXPIRE_SOON'],
    ['CREDENTIALS_EXPIRE_SOON'],
    ['CREDENTIALS_EXPIRED'],
    ['CREDENTIALS_EXPIRED'],
  ]);
  expect(credentialWarnings(end, new Date('2026-11-30T12:00:00Z'))[0]?.message).toBe(
    'The credentials expire on 2026-12-01 00:00 UTC.',
  );
  expect(credentialWarnings(null, end)).toEqual([]);
});

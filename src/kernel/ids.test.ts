import { expect, test } from 'vitest';
import { shortId, ulid } from './ids.ts';

test('ulids have 26 characters, sort by time and differ within one millisecond', () => {
  const ids = [0, 1, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1].map((ms) => ulid(ms));
  for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(ulid(1_700_000_000_000).slice(0, 10)).toBe('01HF7YAT00');
  expect(new Set(Array.from({ length: 1000 }, () => ulid(5))).size).toBe(1000);
});

test('short ids are six letters or digits', () => {
  for (let i = 0; i < 100; i++) expect(shortId()).toMatch(/^[A-Za-z0-9]{6}$/);
});

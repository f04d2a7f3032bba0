import { expect, test } from 'vitest';
import { ulid } from '../kernel/ids.ts';
import { ascendingIds } from './profile-ids.ts';

test('ids are ULIDs of their millisecond, ascending and unlike those of another batch', () => {
  const atMs = Date.UTC(2026, 0, 1);
  const [one, other] = [ascendingIds(atMs), ascendingIds(atMs)];
  const ids = Array.from({ length: 10_000 }, one);
  for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(ids[0]?.slice(0, 10)).toBe(ulid(atMs).slice(0, 10));
  expect([...new Set(ids)].sort()).toEqual(ids);
  const head = (id: string): string => id.slice(0, 18);
  expect(new Set(ids.map(head)).size).toBe(1);
  expect(head(other())).not.toBe(head(ids[0] ?? ''));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';

const clean = fc.string({ unit: 'grapheme' });
const position: fc.Arbitrary<Position> = fc.record({
  key: clean,
  id: clean,
  direction: fc.constantFrom('next' as const, 'prev' as const),
});

describe('cursors', () => {
  test('come back as they were, alone or in a whole next link', () => {
    fc.assert(
      fc.property(position, clean, (given, scope) => {
        const cursor = encodeCursor(given, scope);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, scope, 'text')).toEqual(given);
        const link = new URL('http://localhost/api/profiles?page%5Bsize%5D=3');
        link.searchParams.set('page[cursor]', cursor);
        expect(decodeCursor(link.href, scope, 'text')).toEqual(given);
      }),
    );
  });

  test('are refused with another list, and when any byte was changed', () => {
    const cursor = encodeCursor({ key: 'a', id: 'b', direction: 'next' }, 'profiles');
    expect(() => decodeCursor(cursor, 'events', 'text')).toThrow(ApiError);
    for (let i = 0; i < cursor.length; i++) {
      const changed = `${cursor.slice(0, i)}${cursor[i] === 'A' ? 'B' : 'A'}${cursor.slice(i + 1)}`;
      // the last character's spare bits carry nothing
      if (Buffer.from(changed, 'base64url').equals(Buffer.from(cursor, 'base64url'))) continue;
      expect(() => decodeCursor(changed, 'profiles', 'text')).toThrow(ApiError);
    }
  });

  test('made by hand for the right list still cannot carry a key of the wrong kind', () => {
    const made = (key: string, id = 'x') => encodeCursor({ key, id, direction: 'next' }, 's');
    expect(() => decodeCursor(made('now()'), 's', 'instant')).toThrow(ApiError);
    expect(() => decodeCursor(made('2026-01-01T00:00:00.123456Z'), 's', 'event')).toThrow(ApiError);
    expect(() => decodeCursor(made('1; drop table'), 's', 'count')).toThrow(ApiError);
    expect(() => decodeCursor(made('a\0b'), 's', 'text')).toThrow(ApiError);
    expect(decodeCursor(made('2026-01-01T00:00:00.123456Z'), 's', 'instant').id).toBe('x');
  });

  test.each([
    '',
    'x',
    'bm90IGpzb24',
    'WzFd',
    'http://localhost/',
    'https://[',
    Buffer.from('[]').toString('base64url'),
  ])('%j is refused', (text) => {
    expect(() => decodeCursor(text, 's', 'text')).toThrow('not one of this list');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tileNumbers, tileTimes } from './plan.ts';
import { nextHourlyStart } from './schedule.ts';

/** What the database's window function gives: parts of `size` in order, with their last value and count. */
function cut<T>(values: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < values.length; i += size) parts.push(values.slice(i, i + size));
  return parts;
}

test('chunks by change number tile the window: every number is in exactly one', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 120 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 }), (all, from, size) => {
      const to = 300;
      const inWindow = all.filter((number) => number > from).sort((a, b) => a - b);
      const tiles = tileNumbers(
        from,
        to,
        cut(inWindow, size).map((part) => ({ upper: part.at(-1)!, rows: part.length })),
      );
      for (const number of inWindow) {
        expect(tiles.filter((tile) => number > tile.numberFrom && number <= tile.numberTo)).toHaveLength(1);
      }
      if (tiles.length === 0) return;
      expect(tiles[0]!.numberFrom).toBe(from);
      expect(tiles.at(-1)!.numberTo).toBe(to);
      for (const [i, tile] of tiles.slice(1).entries()) expect(tile.numberFrom).toBe(tiles[i]!.numberTo);
      expect(tiles.every((tile) => tile.estimatedRows <= size)).toBe(true);
    }),
  );
});

const instant = (hour: number): string => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();

test('chunks by time tile the history newest first, events of one instant together', () => {
  const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 });
  fc.assert(
    fc.property(times, fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 30 }), (hours, limited, closed, size) => {
      const since = limited ? instant(5) : null;
      const until = closed ? instant(30) : null;
      const inside = hours
        .map(instant)
        .filter((time) => (since === null || time >= since) && (until === null || time < until))
        .sort()
        .toReversed();
      const tiles = tileTimes(
        since,
        until,
        cut(inside, size).map((part) => ({ lower: part.at(-1)!, rows: part.length })),
      );
      for (const time of inside) {
        const holding = tiles.filter(
          (tile) => (tile.timeFrom === null || time >= tile.timeFrom) && (tile.timeTo === null || time < tile.timeTo),
        );
        expect(holding).toHaveLength(1);
      }
      expect(tiles.reduce((sum, tile) => sum + tile.estimatedRows, 0)).toBe(inside.length);
      if (tiles.length === 0) return;
      expect([tiles[0]!.timeTo, tiles.at(-1)!.timeFrom]).toEqual([until, since]);
      for (const [i, tile] of tiles.slice(1).entries()) expect(tile.timeTo).toBe(tiles[i]!.timeFrom);
    }),
  );
});

/** A model of a sync's life: whatever is written between runs is exported by exactly one of them. */
test('a historical window and the periodic ones after it tile the line of change numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }), (writes) => {
      let last = 0;
      let cursor: number | null = null;
      const windows: [number, number][] = [];
      for (const count of writes) {
        last += count;
        windows.push([cursor ?? 0, last]);
        cursor = last;
      }
      for (let number = 1; number <= last; number++) {
        expect(windows.filter(([from, to]) => number > from && number <= to)).toHaveLength(1);
      }
    }),
  );
});

test('a sync starts once an hour at its own place in the first five minutes, also after missed hours', () => {
  fc.assert(
    fc.property(
      fc.ulid(),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      (id, now) => {
        const next = nextHourlyStart(id, now);
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        expect(next.getTime() - now.getTime()).toBeLessThanOrEqual(3_600_000);
        expect(next.getTime() % 3_600_000).toBeLessThan(300_000);
        expect(nextHourlyStart(id, next).getTime() - next.getTime()).toBe(3_600_000);
      },
    ),
  );
});

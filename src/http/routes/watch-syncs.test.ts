import { expect, test } from 'vitest';
import type { Sync } from '../../exports/types.ts';
import { watchSyncs } from './watch-syncs.ts';

const sync: Sync = {
  id: 's',
  object: 'events',
  kind: 'periodic',
  status: 'scheduled',
  nextRunAt: null,
  progress: null,
  freshnessSeconds: 0,
  activeErrors: 0,
  startedAt: null,
  endedAt: null,
  cursor: 0,
};

/** Watches what a script of looks, one a second, would show; returns the second and the list of each telling. */
async function told(looks: readonly Partial<Sync>[]): Promise<[second: number, Sync[]][]> {
  let second = 0;
  const stop = new AbortController();
  const clock = {
    now: () => new Date(second * 1000),
    sleep: async () => {
      second += 1;
      if (second === looks.length) stop.abort();
    },
  };
  const list = async (): Promise<Sync[]> => [{ ...sync, ...looks[second] }];
  const tellings: [number, Sync[]][] = [];
  for await (const syncs of watchSyncs(list, clock, stop.signal)) tellings.push([second, syncs]);
  return tellings;
}

test('tells at once, then when something changed; growing freshness alone is no news', async () => {
  const tellings = await told([
    {},
    { freshnessSeconds: 1 },
    { status: 'in_progress', progress: 0 },
    { status: 'in_progress', progress: 0 },
    { status: 'in_progress', progress: 50 },
    {},
  ]);
  expect(tellings.map(([second]) => second)).toEqual([0, 2, 4, 5]);
  expect(tellings[2]?.[1]).toMatchObject([{ progress: 50 }]);
});

test('speaks now and then although nothing changes, with fresh figures', async () => {
  const tellings = await told(Array.from({ length: 40 }, (_, second) => ({ freshnessSeconds: second })));
  expect(tellings.map(([second, [only]]) => [second, only?.freshnessSeconds])).toEqual([
    [0, 0],
    [15, 15],
    [30, 30],
  ]);
});

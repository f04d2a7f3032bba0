import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricTable, profileTable } from '../tables.ts';
import { stagedBatch } from './staged-batch.ts';
import { live, type Brief, type WithWorkbench, type Workbench } from './workbench.ts';

export function mergeCases(withWorkbench: WithWorkbench): void {
  describe('merge', () => {
    test(
      'rows of several files land together and are counted',
      withWorkbench(async (bench) => {
        const files = [
          await bench.file(bench.metricLines([['a', 1, 'one']])),
          await bench.file(bench.metricLines([['b', 2, 'two']])),
        ];
        const receipt = await bench.load(stagedBatch(metricTable, files));
        expect(receipt).toMatchObject({ loaded: 2, alreadyLoaded: false });
        expect(await bench.state()).toEqual([
          ['a', 1, 'one'],
          ['b', 2, 'two'],
        ]);
      }),
    );

    test(
      'an empty batch leaves the warehouse as it is',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 1, 'one']]));
        const before = await bench.rig.inventory();
        expect(await bench.load(stagedBatch(metricTable, []))).toMatchObject({ loaded: 0, alreadyLoaded: false });
        expect(await bench.rig.inventory()).toEqual(before);
      }),
    );

    test(
      'the same batch twice changes nothing, in one session and in another',
      withWorkbench(async (bench) => {
        const batch = await bench.metrics([
          ['a', 1, 'one'],
          ['b', 2],
        ]);
        {
          await using session = await bench.open();
          expect(await session.load(batch, live)).toMatchObject({ loaded: 2, alreadyLoaded: false });
          expect(await session.load(batch, live)).toMatchObject({ loaded: 2, alreadyLoaded: true });
        }
        const before = await bench.rig.inventory();
        expect(await bench.load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: true });
        expect(await bench.rig.inventory()).toEqual(before);
        expect(await bench.state()).toEqual([['a', 1, 'one']]);
      }),
    );

    test(
      'of a key that a batch holds several times the newest wins, wherever it stands',
      withWorkbench(async (bench) => {
        const first = await bench.file(
          bench.metricLines([
            ['a', 3, 'newest'],
            ['a', 1, 'old'],
            ['b', 4, 'old'],
          ]),
        );
        const second = await bench.file(
          bench.metricLines([
            ['a', 2, 'older'],
            ['b', 5, 'newest'],
          ]),
        );
        expect(await bench.load(stagedBatch(metricTable, [first, second]))).toMatchObject({ loaded: 5 });
        expect(await bench.state()).toEqual([
          ['a', 3, 'newest'],
          ['b', 5, 'newest'],
        ]);
      }),
    );

    test(
      'a newer batch replaces rows and leaves the others',
      withWorkbench(async (bench) => {
        await bench.load(
          await bench.metrics([
            ['a', 1, 'one'],
            ['b', 2, 'two'],
          ]),
        );
        await bench.load(
          await bench.metrics([
            ['a', 3, 'three'],
            ['c', 4, 'four'],
          ]),
        );
        expect(await bench.state()).toEqual([
          ['a', 3, 'three'],
          ['b', 2, 'two'],
          ['c', 4, 'four'],
        ]);
      }),
    );

    test(
      'an older batch after a newer one does not win',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 5, 'new']]));
        expect(
          await bench.load(
            await bench.metrics([
              ['a', 1, 'old'],
              ['b', 2, 'two'],
            ]),
          ),
        ).toMatchObject({ loaded: 2 });
        expect(await bench.state()).toEqual([
          ['a', 5, 'new'],
          ['b', 2, 'two'],
        ]);
      }),
    );

    test(
      'a deletion removes the row, and an unknown key is no trouble',
      withWorkbench(async (bench) => {
        await bench.load(
          await bench.metrics([
            ['a', 1, 'one'],
            ['b', 2, 'two'],
          ]),
        );
        expect(
          await bench.load(
            await bench.metrics([
              ['a', 3],
              ['never seen', 4],
            ]),
          ),
        ).toMatchObject({ loaded: 2 });
        expect(await bench.state()).toEqual([['b', 2, 'two']]);
      }),
    );

    test(
      'an older batch does not bring a deleted row back, a newer one does',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 5]]));
        await bench.load(await bench.metrics([['a', 4, 'older']]));
        expect(await bench.state()).toEqual([]);
        await bench.load(await bench.metrics([['a', 6, 'newer']]));
        expect(await bench.state()).toEqual([['a', 6, 'newer']]);
        await bench.load(await bench.metrics([['a', 3]]));
        expect(await bench.state()).toEqual([['a', 6, 'newer']]);
      }),
    );

    test(
      'a row and its deletion in one batch: the newer of the two counts',
      withWorkbench(async (bench) => {
        await bench.load(
          await bench.metrics([
            ['a', 2],
            ['a', 1, 'one'],
            ['b', 3],
            ['b', 4, 'again'],
          ]),
        );
        expect(await bench.state()).toEqual([['b', 4, 'again']]);
      }),
    );

    test(
      'a merge of two profiles re-points rows in one batch',
      withWorkbench(async (bench) => {
        const profile = (id: string, email: string, number: number): string =>
          bench.line(profileTable, { id, email, _change_number: number });
        await bench.load(
          await bench.batch(profileTable, [profile('keep', 'k@example.com', 1), profile('gone', 'g@example.com', 2)]),
        );
        const merge = [profile('keep', 'g@example.com', 3), bench.tombstone(profileTable, 'gone', 4)];
        await bench.load(await bench.batch(profileTable, merge));
        const rows = await bench.rig.readBack(profileTable);
        expect(rows.map((row) => [row['id'], row['email']])).toEqual([['keep', 'g@example.com']]);
      }),
    );

    test('batches in any order, some twice, end in the newest state of each key', withWorkbench(anyOrder), 120_000);
  });
}

/** Against a model: the row with the highest change number, unless that is a deletion. */
async function anyOrder(bench: Workbench): Promise<void> {
  let prefix = 0;
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), deleted: fc.boolean() });
  const history = fc.array(change, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.infiniteStream(fc.nat(3)),
      fc.infiniteStream(fc.boolean()),
      async (changes, spread, again) => {
        prefix += 1;
        const rows = changes.map(({ key, deleted }, i): Brief => {
          const id = `${String(prefix).padStart(4, '0')}${key}`;
          return deleted ? [id, i + 1] : [id, i + 1, `v${i}`];
        });
        const groups = new Map<number, Brief[]>();
        for (const row of rows) {
          const group = spread.next().value;
          groups.set(group, [...(groups.get(group) ?? []), row]);
        }
        await using session = await bench.open();
        for (const group of [...groups.keys()].sort()) {
          const batch = await bench.metrics(groups.get(group) ?? []);
          await session.load(batch, live);
          if (again.next().value) await session.load(batch, live);
        }
        await session[Symbol.asyncDispose]();
        const newest = new Map(rows.map((row) => [row[0], row]));
        const expected = [...newest.values()]
          .filter((row) => row[2] !== undefined)
          .sort((a, b) => (a[0] < b[0] ? -1 : 1));
        const state = await bench.state();
        expect(state.filter(([id]) => id.startsWith(String(prefix).padStart(4, '0')))).toEqual(expected);
      },
    ),
    { numRuns: 15 },
  );
}

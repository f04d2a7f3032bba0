import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import type { StagedBatch } from '../destination.ts';
import { metricTable } from '../tables.ts';
import type { Lacks } from './rig.ts';
import { crashAt } from './crash.ts';
import { stagedBatch } from './staged-batch.ts';
import type { Brief, WithWorkbench, Workbench } from './workbench.ts';

const start: readonly Brief[] = [
  ['a', 1, 'one'],
  ['b', 2, 'two'],
];
const change: readonly Brief[] = [
  ['a', 3, 'three'],
  ['b', 4],
  ['c', 5, 'five'],
];
const changed: readonly Brief[] = [
  ['a', 3, 'three'],
  ['c', 5, 'five'],
];

export function faultCases(withWorkbench: WithWorkbench, lacks: Lacks): void {
  describe('faults', () => {
    test(
      'a process killed at any step leaves all or nothing, and a retry completes it',
      withWorkbench(crashes),
      240_000,
    );

    test(
      'aborted at any step, a load is whole or nothing, and a retry completes it',
      withWorkbench(async (bench) => {
        for (const step of await stepsOf(bench)) {
          const batch = await bench.metrics([[`abort ${step}`, 1, 'x']]);
          const controller = new AbortController();
          bench.onStep = (logged) => (logged === step ? controller.abort() : undefined);
          const outcome = await bench.load(batch, controller.signal).then(
            () => 'whole',
            (error: unknown) => toAppError(error).code,
          );
          bench.onStep = () => undefined;
          expect(['whole', 'CANCELLED']).toContain(outcome);
          expect(await holds(bench, `abort ${step}`)).toBe(outcome === 'whole');
          await bench.load(batch);
          expect(await bench.state()).toContainEqual([`abort ${step}`, 1, 'x']);
        }
      }),
    );

    test(
      'aborted before it starts, a load changes nothing',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics(start));
        await refuses(bench, await bench.metrics(change), 'CANCELLED', AbortSignal.abort());
      }),
    );

    test.each([
      ['more', 1],
      ['fewer', -1],
    ])('a manifest that promises %s rows than the files hold fails', (_, difference) =>
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics(start));
        const batch = await bench.metrics(change);
        await refuses(bench, { ...batch, rows: batch.rows + difference }, 'COUNT_MISMATCH');
      })(),
    );

    test(
      'a missing staged file fails the batch',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics(start));
        const files = [
          await bench.file(bench.metricLines([['a', 3, 'three']])),
          await bench.file(bench.metricLines([['c', 4, 'four']])),
        ];
        await rm(join(bench.folder, files[1]?.name ?? ''));
        await refuses(bench, stagedBatch(metricTable, files), 'LOAD_FILE_MISSING');
      }),
    );

    test(
      'a short or altered staged file fails the batch',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics(start));
        const short = await bench.metrics(change);
        await truncate(join(bench.folder, short.files[0]?.name ?? ''), 20);
        await refuses(bench, short, 'UPLOAD_CORRUPT');
        const altered = await bench.metrics(change);
        await writeFile(join(bench.folder, altered.files[0]?.name ?? ''), 'not gzip at all');
        await refuses(bench, altered, 'UPLOAD_CORRUPT');
      }),
    );

    test.skipIf(lacks['reads-rows'])(
      'a row that cannot be read fails the batch',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics(start));
        for (const line of unreadable(bench)) {
          await refuses(
            bench,
            await bench.batch(metricTable, [...bench.metricLines([['a', 3, 'x']]), line]),
            'DATA_INVALID',
          );
        }
      }),
    );

    test(
      'a worker with an outdated fence changes nothing',
      withWorkbench(async (bench) => {
        const batch = await bench.metrics(change, { fence: 5 });
        await bench.load(batch);
        const before = await bench.rig.inventory();
        await refuses(bench, { ...batch, fence: 4 }, 'FENCED');
        expect(await bench.rig.inventory()).toEqual(before);
        expect(await bench.load(await bench.metrics([['z', 9, 'other batch']], { fence: 1 }))).toMatchObject({
          loaded: 1,
        });
      }),
    );
  });
}

/** Rows of metrics that no destination may take. */
function unreadable(bench: Workbench): string[] {
  const [good = ''] = bench.metricLines([['a', 3, 'x']]);
  const wrong = (row: Record<string, string | bigint | null>): string =>
    bench.line(metricTable, { id: 'a', name: 'x', _change_number: 3n, ...row });
  return [
    good.slice(0, good.length / 2),
    `${good}${good}`,
    good.slice(0, good.lastIndexOf('false')) + good.slice(good.lastIndexOf('false') + 'false'.length),
    wrong({ created: 'no time' }),
    wrong({ created: '2024-13-01 00:00:00+00' }),
    wrong({ _change_number: 9223372036854775808n }),
    wrong({ _change_number: null }),
    wrong({ id: null }),
  ];
}

/** The batch is refused with this code, words and advice, and the tables stay as they are. */
async function refuses(
  bench: Workbench,
  batch: StagedBatch,
  code: AppError['code'],
  signal?: AbortSignal,
): Promise<void> {
  const before = await bench.state();
  const error = await bench.load(batch, signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: 'AppError',
    code,
    summary: expect.stringMatching(/./),
    advice: expect.stringMatching(/./),
  });
  expect(await bench.state()).toEqual(before);
}

async function holds(bench: Workbench, key: string): Promise<boolean> {
  return (await bench.state()).some(([id]) => id === key);
}

/** The steps a load logs, in order. */
async function stepsOf(bench: Workbench): Promise<string[]> {
  const steps = new Set<string>();
  bench.onStep = (step) => steps.add(step);
  await bench.load(await bench.metrics([['step finder', 1, 'x']]));
  bench.onStep = () => undefined;
  expect(steps.size).toBeGreaterThan(2);
  return [...steps];
}

async function crashes(bench: Workbench): Promise<void> {
  const own = (step: string, rows: readonly Brief[]): Brief[] =>
    rows.map(([id, ...rest]) => [`${step} ${id}`, ...rest]);
  for (const step of await stepsOf(bench)) {
    await bench.load(await bench.metrics(own(step, start)));
    const batch = await bench.metrics(own(step, change));
    const died = await crashAt({
      kind: bench.rig.kind,
      options: bench.rig.options ?? {},
      settings: bench.rig.settings,
      tempDir: bench.sessionFolder,
      table: 'klaviyo_metric',
      files: batch.files.map(({ name, rows }) => ({ name, rows, path: join(bench.folder, name) })),
      parts: { id: batch.id, fence: 1 },
      step,
    });
    expect(died, `died at ${step}`).toBe(true);
    const seen = (await bench.state()).filter(([id]) => id.startsWith(`${step} `));
    expect([own(step, start), own(step, changed)]).toContainEqual(seen);
    await bench.load({ ...batch, fence: 2 });
    expect((await bench.state()).filter(([id]) => id.startsWith(`${step} `))).toEqual(own(step, changed));
  }
}

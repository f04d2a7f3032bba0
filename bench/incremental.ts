/*
 * `incremental`: seconds of a periodic run of 1,000 new events, with 100,000 and with 2,000,000 rows of history in store and
 * warehouse. Limit: the run over the small history; a run that costs what changed, not what there is, has the ratio 1.
 */
import { join } from 'node:path';
import { duckdbFile, startEngine, type Engine } from './engine.ts';
import { createRig, peakRssMb, resetPeakRss, round, seconds, seedEvents, type BenchResult, type Rig } from './rig.ts';

const small = 100_000;
const large = 2_000_000;
const changes = 1000;
const repeats = 7;

export async function run(): Promise<BenchResult> {
  await using rig = await createRig();
  await seedEvents(rig, small);
  await using engine = await startEngine(rig, duckdbFile(join(rig.folder, 'warehouse.duckdb')));
  await engine.connect();
  await engine.settled('historical');
  const limit = await medianRun(rig, engine);

  console.log(`growing the history to ${large} events`);
  await seedEvents(rig, large - small);
  await engine.syncEventsNow();
  await resetPeakRss();
  const value = await medianRun(rig, engine);
  return {
    bench: 'incremental',
    value: round(value, 3),
    unit: 's',
    limit: round(limit, 3),
    ratio: round(limit / value),
    rss_mb: await peakRssMb(),
    slower_by: round(value / limit),
    changes,
  };
}

async function medianRun(rig: Rig, engine: Engine): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    await seedEvents(rig, changes);
    times.push(await seconds(() => engine.syncEventsNow()));
  }
  const [, ...warm] = times;
  return warm.sort((a, b) => a - b)[Math.floor(warm.length / 2)] ?? 0;
}

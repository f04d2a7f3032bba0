/*
 * `export-<kind>`: 1,000,000 events from the store into the stand-in of a warehouse, by the real engine and the vendor's own
 * driver; then a run with nothing new. The stand-in runs in a process of its own on the same cores, and says how much time it took
 * itself: the value is rows by the seconds that are left, our share, which is never taken to be less than the processor time of this
 * process. Calls may overlap, so the wall figure stands beside it. The connection is checked before, as a customer does, which loads
 * the driver. Limit: staging the same rows in the same format, nothing sent.
 */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyDestination } from '../src/destinations/destination.ts';
import { createDestinations } from '../src/destinations/registry.ts';
import type { Call } from '../src/destinations/stand-in/calls.ts';
import { startStandIn, startStandInScript, type StandInProcess } from '../src/destinations/stand-in/process.ts';
import { createLogger } from '../src/kernel/logger.ts';
import { startEngine, type Engine, type Target } from './engine.ts';
import {
  benchRows,
  createRig,
  peakRssMb,
  resetPeakRss,
  round,
  seconds,
  seedEvents,
  type BenchResult,
  type Rig,
} from './rig.ts';
import { stage } from './stage.ts';

/** How Redshift is loaded by INSERT. */
export const withoutBucket = {
  stagingBucket: null,
  stagingRegion: null,
  stagingAccessKeyId: null,
  stagingSecretAccessKey: null,
  stagingEndpoint: null,
};

/** @param changes settings other than those of the stand-in; `name` then says which way is measured */
export async function exportToStandIn(
  kind: string,
  name = kind,
  changes: Target['settings'] = {},
): Promise<BenchResult> {
  await using rig = await createRig();
  console.log(`seeding ${benchRows} events`);
  await seedEvents(rig, benchRows);
  await using standIn = await start(kind);
  const target: Target = { kind, settings: { ...standIn.settings, ...changes }, options: standIn.options };
  const limit = benchRows / (await stagingAlone(rig, target));

  await check(rig, target);
  await using engine = await startEngine(rig, target);
  await resetPeakRss();
  await standIn.clearCalls();
  const idle = process.cpuUsage();
  const wall = await seconds(async () => {
    await engine.connect();
    await engine.settled('historical');
  });
  const { user, system } = process.cpuUsage(idle);
  const rss = await peakRssMb();
  const calls = await standIn.calls();
  await expectLoaded(rig, engine);
  const theirs = calls.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  const processor = (user + system) / 1e6;
  const value = benchRows / Math.max(wall - theirs, processor);
  return {
    bench: `export-${name}`,
    value: Math.round(value),
    unit: 'rows/s',
    limit: Math.round(limit),
    ratio: round(value / limit),
    rss_mb: rss,
    rows: benchRows,
    wall_seconds: round(wall, 1),
    wall_rows_per_second: Math.round(benchRows / wall),
    processor_seconds: round(processor, 1),
    stand_in_seconds: round(theirs, 1),
    statements: calls.filter(isStatement).length,
    sent_mb: round(calls.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0) / 1e6, 1),
    statements_with_nothing_new: await statementsWithNothingNew(rig, engine, standIn),
  };
}

function start(kind: string): Promise<StandInProcess> {
  return kind === 's3' ? startStandInScript(new URL('s3-stand-in.ts', import.meta.url)) : startStandIn(kind);
}

async function stagingAlone(rig: Rig, target: Target): Promise<number> {
  const format = destinationOf(target).stagedFormat(target.settings);
  // the first one warms the caches that the engine finds warm, too
  await stage(rig, format);
  return seconds(() => stage(rig, format));
}

/** @throws Error naming the step that failed */
async function check({ folder }: Rig, target: Target): Promise<void> {
  const tempDir = await mkdtemp(join(folder, 'check-'));
  await using session = await destinationOf(target).open(target.settings, { log: createLogger('warn'), tempDir });
  for await (const { label, error } of session.check(new AbortController().signal)) {
    if (error) throw new Error(`${label}: ${error.summary}`);
  }
}

function destinationOf({ kind, options }: Target): AnyDestination {
  const destination = new Map<string, AnyDestination>(Object.entries(createDestinations(options))).get(kind);
  if (!destination) throw new Error(`there is no destination ${kind}`);
  return destination;
}

async function expectLoaded(rig: Rig, engine: Engine): Promise<void> {
  const events = (await tablesOfNewestRun(rig, engine)).find(({ table }) => table === 'klaviyo_event');
  if (events?.loaded !== benchRows) throw new Error(`${events?.loaded} of ${benchRows} events were loaded`);
}

/** @throws Error when a run with nothing new asks the warehouse more than once per table */
async function statementsWithNothingNew(rig: Rig, engine: Engine, standIn: StandInProcess): Promise<number> {
  await engine.syncEventsNow();
  await standIn.clearCalls();
  await engine.syncEventsNow();
  const calls = (await standIn.calls()).filter(isStatement);
  const { length: tables } = await tablesOfNewestRun(rig, engine);
  if (calls.length <= tables) return calls.length;
  throw new Error(`nothing was new, and ${tables} table was asked ${calls.length} times:\n${labels(calls)}`);
}

/**
 * Signing in and the options of a session are none: no vendor bills or queues them. `job ...` is what BigQuery's stand-in notes of the
 * work behind a call that it notes as well.
 */
function isStatement({ label }: Call): boolean {
  return !/^(token|login|set|job) /i.test(`${label} `);
}

async function tablesOfNewestRun({ accountId }: Rig, { exports }: Engine) {
  const { items } = await exports.runs.list(accountId, { size: 1 });
  return items[0] ? (await exports.runs.get(accountId, items[0].id)).tables : [];
}

function labels(calls: readonly Call[]): string {
  return calls.map(({ label }) => `  ${label.slice(0, 200)}`).join('\n');
}

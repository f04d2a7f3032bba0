/*
 * `stage`: 1,000,000 events of about 600 bytes from the store to a gzip file with manifest, checksum, count and fsync, as
 * CSV; as JSON lines and as flat JSON lines beside it.
 * Limit: a bare COPY of the same columns piped through the same gzip into nothing.
 */
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { to as copyTo } from 'pg-copy-streams';
import type { StagedFormat } from '../src/destinations/destination.ts';
import { LocalStage } from '../src/exports/stage-local.ts';
import type { RowRange } from '../src/exports/rows.ts';
import { stageRows } from '../src/exports/stage.ts';
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

const rows = benchRows;
const block = 1 << 20;

export async function run(): Promise<BenchResult> {
  await using rig = await createRig();
  console.log(`seeding ${rows} events`);
  await seedEvents(rig, rows);
  await bareCopy(rig);

  const times = { bare: [] as number[], csv: [] as number[], jsonLines: [] as number[], flat: [] as number[] };
  let bytes = 0;
  await resetPeakRss();
  for (let round = 1; round <= 5; round++) {
    times.bare.push(await seconds(() => bareCopy(rig)));
    times.csv.push(await seconds(async () => (bytes = await stage(rig, 'csv'))));
    times.jsonLines.push(await seconds(() => stage(rig, 'json-lines')));
    times.flat.push(await seconds(() => stage(rig, 'flat-json-lines')));
  }
  const limit = rows / Math.min(...times.bare);
  const value = rows / Math.min(...times.csv);
  return {
    bench: 'stage',
    value: Math.round(value),
    unit: 'rows/s',
    limit: Math.round(limit),
    ratio: round(value / limit),
    rss_mb: await peakRssMb(),
    rows,
    staged_mb: round(bytes / 1e6, 1),
    json_lines_value: Math.round(rows / Math.min(...times.jsonLines)),
    flat_json_lines_value: Math.round(rows / Math.min(...times.flat)),
  };
}

export function eventRange(accountId: number, numberTo = Number.MAX_SAFE_INTEGER): RowRange {
  const include = { excludedIntegrations: [], metrics: null };
  return {
    accountId,
    table: 'klaviyo_event',
    content: 'rows',
    numberFrom: 0,
    numberTo,
    timeFrom: null,
    timeTo: null,
    filter: { include, except: null },
  };
}

/** Compressed bytes of all events staged once. */
export async function stage(rig: Rig, format: StagedFormat): Promise<number> {
  const store = new LocalStage(join(rig.folder, 'staged'));
  const name = `bench/${format}.gz`;
  const staged = await stageRows(
    rig.database,
    store,
    eventRange(rig.accountId),
    format,
    name,
    new AbortController().signal,
  );
  if (staged.staged !== rows) throw new Error(`staged ${staged.staged} of ${rows}`);
  await store.remove([name]);
  return staged.files[0]?.bytes ?? 0;
}

export async function bareCopy(rig: Rig): Promise<void> {
  const client = await rig.database.connect('bench');
  try {
    const columns = 'id, profile_id, metric_id, datetime, properties, received_at, change_number';
    const copy = client.query(copyTo(`copy (select ${columns} from event) to stdout`, { highWaterMark: block }));
    const nowhere = new Writable({ highWaterMark: block, write: (_chunk, _encoding, done) => done() });
    await pipeline(copy, createGzip({ level: 1, chunkSize: block }), nowhere);
    if (copy.rowCount !== rows) throw new Error(`copied ${copy.rowCount} of ${rows}`);
  } finally {
    await client.end();
  }
}

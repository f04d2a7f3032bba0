/*
 * `export-duckdb`: 1,000,000 events from the store into a DuckDB file by the real engine: plan, stage, merge, ledger, finish.
 * Limit: DuckDB reading the same staged rows from gzip into a bare table, nothing else.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readStaged } from '../src/destinations/staged-reader.ts';
import { eventTable } from '../src/destinations/tables.ts';
import { LocalStage } from '../src/exports/stage-local.ts';
import { stageRows } from '../src/exports/stage.ts';
import { duckdbFile, startEngine } from './engine.ts';
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
import { bareCopy, eventRange } from './stage.ts';

const rows = benchRows;

export async function run(): Promise<BenchResult> {
  await using rig = await createRig();
  console.log(`seeding ${rows} events`);
  await seedEvents(rig, rows);
  // both meet warm caches: the limit reads what has just been written
  await bareCopy(rig);
  const warehouse = join(rig.folder, 'warehouse.duckdb');
  await using engine = await startEngine(rig, duckdbFile(warehouse));
  await resetPeakRss();
  const took = await seconds(async () => {
    await engine.connect();
    await engine.settled('historical');
  });
  const rss = await peakRssMb();
  await expectRows(warehouse);
  const limit = rows / (await bareLoad(rig));
  const value = rows / took;
  return {
    bench: 'export-duckdb',
    value: Math.round(value),
    unit: 'rows/s',
    limit: Math.round(limit),
    ratio: round(value / limit),
    rss_mb: rss,
    rows,
    seconds: round(took, 1),
  };
}

async function expectRows(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    'select count(*)::integer, count(distinct id)::integer from klaviyo_event',
  );
  connection.closeSync();
  instance.closeSync();
  const [count, distinct] = result.getRows()[0] ?? [];
  if (count !== rows || distinct !== rows)
    throw new Error(`${String(count)} rows, ${String(distinct)} keys in the warehouse`);
}

async function bareLoad(rig: Rig): Promise<number> {
  const store = new LocalStage(join(rig.folder, 'limit'));
  const signal = new AbortController().signal;
  const staged = await stageRows(rig.database, store, eventRange(rig.accountId), 'csv', 'bench/limit.csv.gz', signal);
  const [file] = staged.files;
  if (!file) throw new Error('nothing was staged');
  const path = await store.localPath(file, signal);
  const instance = await DuckDBInstance.create(join(rig.folder, 'limit.duckdb'));
  const connection = await instance.connect();
  try {
    return await seconds(() => connection.run(`create table bare as select * from ${readStaged(eventTable, [path])}`));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import { createLogger } from '../../kernel/logger.ts';
import { eventTable, metricTable } from '../tables.ts';
import { stagedBatch, stagedLine, stageFile } from '../testing/staged-batch.ts';
import { createDuckdb } from './duckdb.ts';

const duckdb = createDuckdb();

const log = createLogger('silent');
const signal = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-duckdb-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(path: string, rows = 1): Promise<AppError | 'loaded'> {
  const json = (): string => JSON.stringify({ noise: randomBytes(2000).toString('base64') });
  const lines = Array.from({ length: rows }, (_, i) =>
    stagedLine(eventTable, { id: `e${i}`, event_properties: json(), _change_number: i }, 'csv'),
  );
  const batch = stagedBatch(eventTable, [await stageFile(folder, 'part.csv.gz', lines)]);
  await using session = await duckdb.open({ name: 'Local', path }, { log, tempDir: folder });
  return session.load(batch, signal).then(() => 'loaded' as const, toAppError);
}

test('a file that another process holds is DESTINATION_LOCKED, and free once that process has gone', async () => {
  const path = join(folder, 'warehouse.duckdb');
  const script = `import { DuckDBInstance } from '@duckdb/node-api';
    const instance = await DuckDBInstance.create(process.argv[1]);
    await instance.connect();
    console.log('open');
    process.stdin.resume();`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(await load(path)).toMatchObject({ code: 'DESTINATION_LOCKED', remedy: 'retry' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await load(path)).toBe('loaded');
});

test('a missing folder, a folder as the file and a file of another kind are named, and nothing is overwritten', async () => {
  expect(await load(join(folder, 'none', 'w.duckdb'))).toMatchObject({
    code: 'NOT_FOUND_DATABASE',
    remedy: 'fix-settings',
  });
  await mkdir(join(folder, 'dir.duckdb'));
  expect(await load(join(folder, 'dir.duckdb'))).toMatchObject({ code: 'SETTINGS_INVALID' });
  const other = join(folder, 'other.db');
  await writeFile(other, 'SQLite format 3\0'.padEnd(20_000, 'x'));
  expect(await load(other)).toMatchObject({ code: 'FILE_CORRUPT', summary: expect.stringContaining('not a DuckDB') });
  await writeFile(other, '');
  expect(await load(other)).toMatchObject({ code: 'FILE_CORRUPT' });
  expect((await readdir(folder)).sort()).toEqual(['dir.duckdb', 'other.db', 'part.csv.gz']);
});

test('a damaged file is FILE_CORRUPT', async () => {
  const path = join(folder, 'warehouse.duckdb');
  expect(await load(path, 2000)).toBe('loaded');
  await truncate(path, 40_000);
  expect(await load(path)).toMatchObject({ code: 'FILE_CORRUPT', remedy: 'fix-warehouse' });
});

test('a place that may not be written is PERMISSION_MISSING', async () => {
  // sysfs refuses new files to everybody, root included
  expect(await load('/sys/wharf.duckdb')).toMatchObject({ code: 'PERMISSION_MISSING', remedy: 'fix-warehouse' });
});

test('a table without its key is named with the statement that repairs it', async () => {
  const path = join(folder, 'warehouse.duckdb');
  await using session = await duckdb.open({ name: 'Local', path }, { log, tempDir: folder });
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run('CREATE TABLE klaviyo_metric (name VARCHAR)');
  connection.closeSync();
  instance.closeSync();
  const batch = stagedBatch(metricTable, [
    await stageFile(folder, 'm.gz', [stagedLine(metricTable, { id: 'm', _change_number: 1 }, 'csv')]),
  ]);
  await expect(session.load(batch, signal)).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    advice: expect.stringContaining('ALTER TABLE klaviyo_metric RENAME TO'),
  });
});

test('a row staged twice with one change number is DUPLICATE_KEY_IN_BATCH', async () => {
  const line = stagedLine(metricTable, { id: 'm', _change_number: 1 }, 'csv');
  const batch = stagedBatch(metricTable, [await stageFile(folder, 'm.gz', [line, line])]);
  await using session = await duckdb.open({ name: 'Local', path: join(folder, 'w.duckdb') }, { log, tempDir: folder });
  await expect(session.load(batch, signal)).rejects.toMatchObject({ code: 'DUPLICATE_KEY_IN_BATCH' });
});

const disk = await mkdtemp(join(tmpdir(), 'wharf-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status === 0;
afterAll(async () => {
  if (mounted) spawnSync('umount', [disk]);
  await rm(disk, { recursive: true, force: true });
});

test.skipIf(!mounted)('a full disk is CAPACITY, and the file stays as it was (needs the right to mount)', async () => {
  const path = join(disk, 'warehouse.duckdb');
  expect(await load(path, 10)).toBe('loaded');
  expect(await load(path, 5000)).toMatchObject({ code: 'CAPACITY', remedy: 'fix-warehouse' });
  expect(await load(path, 1)).toBe('loaded');
});

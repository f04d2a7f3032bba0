import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { eventTable } from '../tables.ts';
import { stagedBatch, stagedLine, stageFile, tombstoneLine } from '../testing/staged-batch.ts';
import { createDuckdb } from './duckdb.ts';

const duckdb = createDuckdb();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-duckdb-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = createLogger('silent');
const signal = new AbortController().signal;
const settings = () => ({ name: 'Local', path: join(folder, 'warehouse.duckdb') });

async function query(sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(settings().path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

test('a batch becomes rows that others can query once the session has ended', async () => {
  const json = '{"b":1.10,"a":9007199254740993,"dec":67.17411800000001234567890,"é":"\\u0041"}';
  const lines = [
    stagedLine(
      eventTable,
      { id: 'e1', datetime: '2024-01-02T03:04:05.123456Z', event_properties: json, _change_number: 1 },
      'csv',
    ),
    stagedLine(eventTable, { id: 'e2', _change_number: 2 }, 'csv'),
    tombstoneLine(eventTable, 'e2', 3, 'csv'),
  ];
  const file = await stageFile(folder, 'part.csv.gz', lines);
  {
    await using session = await duckdb.open(settings(), { log, tempDir: folder });
    const receipt = await session.load(stagedBatch(eventTable, [file]), signal);
    expect(receipt).toEqual({ loaded: 3, applied: { upserted: 1, deleted: 0 }, alreadyLoaded: false });
  }
  expect(await query('SELECT id, datetime::VARCHAR, event_properties::VARCHAR FROM klaviyo_event')).toEqual([
    ['e1', '2024-01-02 03:04:05.123456', json],
  ]);
});

test('checking a file that does not exist leaves none behind', async () => {
  const steps = [];
  {
    await using session = await duckdb.open(settings(), { log, tempDir: folder });
    for await (const step of session.check(signal)) steps.push([step.id, step.outcome]);
  }
  expect(steps).toEqual([
    ['settings', 'passed'],
    ['reach', 'passed'],
    ['tables', 'passed'],
    ['probe', 'passed'],
    ['space', 'passed'],
  ]);
  await expect(query('SELECT 1')).rejects.toThrow(/does not exist/);
});

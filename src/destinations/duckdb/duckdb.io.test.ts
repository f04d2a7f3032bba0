import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import { createLogger } from '../../kernel/logger.ts';
import { eventTable, profileTable } from '../tables.ts';
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

test('a row that cannot be read is named by file and line, and its content stays out of the error', async () => {
  const person = { email: 'ola@example.org', _change_number: 1 };
  const good = stagedLine(profileTable, { id: 'p1', ...person }, 'csv');
  for (const [wrong, reason] of [
    [
      stagedLine(profileTable, { id: 'p2', ...person, created: 'no time' }, 'csv'),
      'Error when converting column "created"',
    ],
    [good.slice(0, -6), 'Expected Number of Columns: 19 Found: 18'],
    [good.replace('ola@', '\x01ola@'), 'Value with unterminated quote found'],
  ] as const) {
    const file = await stageFile(folder, 'part.csv.gz', [good, wrong]);
    await using session = await duckdb.open(settings(), { log, tempDir: folder });
    const error = await session.load(stagedBatch(profileTable, [file]), signal).catch(toAppError);
    expect(error).toMatchObject({ code: 'DATA_INVALID' });
    expect((error as AppError).externalMessage).toMatch(`: CSV line 2 of part.csv.gz: ${reason}`);
    expect(JSON.stringify([error, String((error as AppError).cause)])).not.toContain('ola@');
  }
  const json = stagedLine(profileTable, { id: 'p2', properties: '{"ola@example.org":', _change_number: 1 }, 'csv');
  const batch = stagedBatch(profileTable, [await stageFile(folder, 'json.csv.gz', [json])]);
  await using session = await duckdb.open(settings(), { log, tempDir: folder });
  const error = (await session.load(batch, signal).catch(toAppError)) as AppError;
  expect([error.code, error.externalMessage]).toEqual([
    'DATA_INVALID',
    expect.stringMatching(/Malformed JSON at byte \d+$/),
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

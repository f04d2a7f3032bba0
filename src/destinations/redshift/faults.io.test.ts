import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { eventTable, metricTable, profileTable } from '../tables.ts';
import { stagedBatch, stagedLine, stageFile, type BatchParts } from '../testing/staged-batch.ts';
import { administrator, copyRole } from './double/known.ts';
import { createRedshift } from './redshift.ts';
import type { RedshiftSettings } from './spec.ts';

const redshift = createRedshift();
const log = createLogger('silent');

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('redshift');
});
afterAll(() => standIn[Symbol.asyncDispose]());

let folder: string;
let staged: RedshiftSettings;
let inserted: RedshiftSettings;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-redshift-'));
  staged = (await standIn.createWarehouse()) as unknown as RedshiftSettings;
  inserted = { ...staged, stagingBucket: null };
});
afterEach(async () => {
  await standIn.clearFaults();
  await standIn.clearCalls();
  await rm(folder, { recursive: true, force: true });
});

async function metrics(names: readonly string[], parts: BatchParts = {}): Promise<StagedBatch> {
  const lines = names.map((id, i) => stagedLine(metricTable, { id, name: id, _change_number: i + 1 }, 'csv'));
  return stagedBatch(metricTable, [await stageFile(folder, `${names[0]}.gz`, lines)], parts);
}

async function load(settings: RedshiftSettings, batch: StagedBatch, signal?: AbortSignal): Promise<Receipt | AppError> {
  await using session = await redshift.open(settings, { log, tempDir: folder });
  return await session.load(batch, signal ?? AbortSignal.timeout(50_000)).catch(toAppError);
}

async function asAdministrator(settings: RedshiftSettings, sql: string): Promise<unknown[]> {
  const { host, port, database } = settings;
  const client = new pg.Client({ host, port, database, ...administrator });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows.flatMap((row) => Object.values(row));
}

const ids = (settings: RedshiftSettings, table = 'klaviyo_metric'): Promise<unknown[]> =>
  asAdministrator(settings, `SELECT id FROM "${settings.schema}"."${table}" ORDER BY id`);

function store({ stagingEndpoint, stagingAccessKeyId, stagingSecretAccessKey }: RedshiftSettings): S3Client {
  const credentials = { accessKeyId: stagingAccessKeyId ?? '', secretAccessKey: stagingSecretAccessKey ?? '' };
  return new S3Client({ endpoint: stagingEndpoint ?? '', region: 'eu-central-1', forcePathStyle: true, credentials });
}

async function keysOf(settings: RedshiftSettings): Promise<(string | undefined)[]> {
  const { Contents = [] } = await store(settings).send(
    new ListObjectsV2Command({ Bucket: settings.stagingBucket ?? '' }),
  );
  return Contents.map(({ Key }) => Key);
}

describe('the answer', () => {
  test('lost after the commit: the retry finds the ledger row', async () => {
    const batch = await metrics(['a', 'b']);
    await standIn.addFault({ match: '^COMMIT$', does: { kind: 'drop', when: 'after' } });
    expect(await load(staged, batch)).toMatchObject({ code: 'NETWORK_UNREACHABLE', remedy: 'retry' });
    expect(await load(staged, { ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: true });
    expect(await ids(staged)).toEqual(['a', 'b']);
    expect(await keysOf(staged)).toEqual([]);
  });

  test('lost before the commit: nothing is there, and the retry loads', async () => {
    const batch = await metrics(['a']);
    await standIn.addFault({ match: '^COMMIT$', does: { kind: 'drop', when: 'before' } });
    expect(await load(staged, batch)).toMatchObject({ code: 'NETWORK_UNREACHABLE' });
    expect(await ids(staged)).toEqual([]);
    expect(await load(staged, batch)).toMatchObject({ loaded: 1, alreadyLoaded: false });
  });

  test.each(['^COPY', '^LOCK', '^INSERT INTO "klaviyo', '^INSERT INTO .*_wharf_ledger'])(
    'that never comes to %s: an abort frees all at once',
    async (match) => {
      const controller = new AbortController();
      await standIn.addFault({ match, does: { kind: 'hang' } });
      const loading = load(staged, await metrics(['a']), controller.signal);
      const arrived = (): Promise<boolean> =>
        standIn.calls().then((calls) => calls.some(({ label }) => new RegExp(match).test(label)));
      while (!(await arrived()));
      // nobody sees half a batch
      expect(await ids(staged)).toEqual([]);
      controller.abort();
      expect(await loading).toMatchObject({ code: 'CANCELLED' });
      expect(await load(staged, await metrics(['b']))).toMatchObject({ loaded: 1 });
      expect(await keysOf(staged)).toEqual([]);
    },
  );

  test('of an administrator who ends the session is a broken line', async () => {
    const error = { sqlState: '57P01', message: 'terminating connection due to administrator command' };
    await standIn.addFault({ match: '^CREATE TEMP TABLE wharf_winner', does: { kind: 'error', error } });
    expect(await load(inserted, await metrics(['a']))).toMatchObject({ code: 'NETWORK_UNREACHABLE', remedy: 'retry' });
  });
});

describe('Redshift', () => {
  test('refuses a transaction: CONCURRENCY, and nothing is left', async () => {
    const error = { message: '1023', detail: 'Serializable isolation violation on table - 1' };
    await standIn.addFault({ match: '^DELETE FROM "klaviyo', does: { kind: 'error', error } });
    const batch = await metrics(['a']);
    expect(await load(staged, batch)).toMatchObject({ code: 'CONCURRENCY', remedy: 'retry' });
    expect(await load(staged, batch)).toMatchObject({ loaded: 1, alreadyLoaded: false });
  });

  test('is being resized: the sync waits', async () => {
    const error = { message: 'Cannot execute write query because system is in resize mode' };
    await standIn.addFault({ match: '^INSERT', does: { kind: 'error', error } });
    expect(await load(inserted, await metrics(['a']))).toMatchObject({ code: 'MAINTENANCE', remedy: 'wait' });
  });

  test('cannot take a row of a file: file, line, column and reason are told', async () => {
    const loadError = {
      file: 's3://b/p/part-00000.parquet',
      line: 7,
      column: 'name',
      code: 1202,
      reason: 'Extra column(s) found',
    };
    const error = {
      message: "Load into table 'wharf_stage' failed. Check 'sys_load_error_detail' system table for details.",
      loadError,
    };
    await standIn.addFault({ match: '^COPY', does: { kind: 'error', error } });
    expect(await load(staged, await metrics(['a']))).toMatchObject({
      code: 'DATA_INVALID',
      summary: 'Redshift could not take line 7 of part-00000.parquet, column name: Extra column(s) found (1202)',
      externalMessage: expect.stringContaining('Load into table'),
      details: { line: 7, column: 'name', loadErrorCode: 1202 },
    });
    expect(await keysOf(staged)).toEqual([]);
  });

  test('is asked one light statement when nothing is new', async () => {
    expect(await load(staged, stagedBatch(metricTable, []))).toMatchObject({ loaded: 0 });
    const labels = (await standIn.calls()).map(({ label }) => label);
    expect(labels).toEqual([
      expect.stringMatching(/^SET query_group/),
      expect.stringMatching(/^SELECT "rows", "fence"/),
    ]);
  });
});

describe('the staging bucket', () => {
  test('that is busy once is asked again; that stays busy is QUOTA_SHORT', async () => {
    const error = { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
    await standIn.addFault({ match: '^s3 PUT', does: { kind: 'error', error } });
    expect(await load(staged, await metrics(['a']))).toMatchObject({ loaded: 1 });
    await standIn.addFault({ match: '^s3 PUT', times: 50, does: { kind: 'error', error } });
    expect(await load(staged, await metrics(['b']))).toMatchObject({ code: 'QUOTA_SHORT', remedy: 'retry' });
  });

  test('that refuses deletions does not fail a load that is committed', async () => {
    const error = { status: 403, code: 'AccessDenied', message: 'Access Denied' };
    await standIn.addFault({ match: '^s3 DELETE', times: 2, does: { kind: 'error', error } });
    expect(await load(staged, await metrics(['a']))).toMatchObject({ loaded: 1 });
    expect(await keysOf(staged)).toHaveLength(2);
  });

  test('is swept of outdated attempts at the batch, and of nothing else', async () => {
    const batch = await metrics(['a'], { id: 'batch-1', fence: 3 });
    const orphan = 'staging/wharf/batch-1/2/part-00000.parquet';
    const kept = ['staging/wharf/batch-1/notes.txt', 'staging/wharf/batch-2/2/part-00000.parquet'];
    for (const Key of [orphan, ...kept]) {
      await store(staged).send(new PutObjectCommand({ Bucket: staged.stagingBucket ?? '', Key, Body: 'x' }));
    }
    expect(await load(staged, batch)).toMatchObject({ loaded: 1 });
    expect(await keysOf(staged)).toEqual(kept);
  });

  test('is read with the role alone, when there is one', async () => {
    expect(await load({ ...staged, stagingIamRole: copyRole }, await metrics(['a']))).toMatchObject({ loaded: 1 });
    const copies = (await standIn.calls()).filter(({ label }) => label.startsWith('COPY'));
    expect(copies.map(({ label }) => label)).toEqual([expect.stringMatching(/IAM_ROLE '.*' FORMAT/)]);
  });
});

describe('a value', () => {
  const large = async (table: typeof profileTable, row: Record<string, string | number>): Promise<StagedBatch> =>
    stagedBatch(table, [
      await stageFile(folder, 'large.gz', [stagedLine(table, { id: 'r-7', _change_number: 1, ...row }, 'csv')]),
    ]);
  const longText = { title: 'ą'.repeat(32_768) };
  const longString = { event_properties: `{"short":1,"blob":"${'\\"'.repeat(70_000)}"}` };
  const longKey = { event_properties: `{"${'k'.repeat(65_536)}":1}` };

  test.each([
    ['a text of 65,536 bytes', profileTable, longText, 'title', '65536'],
    ['a string in a document', eventTable, longString, 'event_properties', '70000'],
    ['a key in a document', eventTable, longKey, 'event_properties', '65536'],
  ])('too large is named by row and column: %s', async (_, table, row, column, bytes) => {
    for (const settings of [staged, inserted]) {
      expect(await load(settings, await large(table, row))).toMatchObject({
        code: 'DATA_TOO_LARGE',
        summary: expect.stringMatching(
          new RegExp(`^Row r-7: column ${column} has a value of \\d+ bytes; Redshift takes 65535`),
        ),
      });
    }
    const told = (await load(staged, await large(table, row))) as AppError;
    expect(told.summary).toContain(`of ${bytes} bytes`);
    expect(await ids(staged, table.name)).toEqual([]);
  });

  test('of 65,535 bytes fits, and so do strings in JSON whose escapes make them look longer', async () => {
    const row = { title: 'x'.repeat(65_535) };
    for (const settings of [staged, inserted])
      expect(await load(settings, await large(profileTable, row))).toMatchObject({ loaded: 1 });
    const escaped = { event_properties: `{"blob":"${String.raw`\u0041`.repeat(65_535)}"}` };
    expect(await load(staged, await large(eventTable, escaped))).toMatchObject({ loaded: 1 });
  });

  test('a document of 5 MB with short strings passes through the bucket; without one documents end at 64 KB', async () => {
    const document = {
      event_properties: JSON.stringify(
        Array.from({ length: 100_000 }, (_, i) => ({ at: i, note: 'a short string with some words in it' })),
      ),
    };
    expect(await load(staged, await large(eventTable, document))).toMatchObject({ loaded: 1 });
    expect(await load(inserted, await large(eventTable, document))).toMatchObject({
      code: 'DATA_TOO_LARGE',
      advice: expect.stringContaining('Without a staging bucket'),
    });
  });
});

describe('inserts', () => {
  test('come in statements of bounded size', async () => {
    const json = `{"text":"${'\\\\'.repeat(500)}"}`;
    const lines = Array.from({ length: 12_001 }, (_, i) =>
      stagedLine(eventTable, { id: `e${i}`, event_properties: json, _change_number: i }, 'csv'),
    );
    expect(await load(inserted, stagedBatch(eventTable, [await stageFile(folder, 'many.gz', lines)]))).toMatchObject({
      loaded: 12_001,
    });
    const statements = (await standIn.calls()).filter(({ label }) => label.startsWith('INSERT INTO wharf_stage'));
    expect(statements.length).toBeGreaterThan(10);
    expect(Math.max(...statements.map(({ bytesReceived }) => bytesReceived))).toBeLessThan(3_000_000);
  });

  test.each(['on', 'off'])(
    'mean the same where a backslash is an escape and where it is not (%s)',
    async (standard) => {
      await asAdministrator(
        inserted,
        `ALTER ROLE "${inserted.username}" SET standard_conforming_strings = ${standard}`,
      );
      const title = String.raw`\' '' \\ \n ' ; -- \u0041`;
      const line = stagedLine(
        profileTable,
        { id: 'p', title, properties: JSON.stringify({ title }), _change_number: 1 },
        'csv',
      );
      const batch = stagedBatch(profileTable, [await stageFile(folder, 'p.gz', [line])], {
        id: String.raw`id\'x`,
        syncId: '\\',
      });
      expect(await load(inserted, batch)).toMatchObject({ loaded: 1 });
      expect(await load(inserted, batch)).toMatchObject({ alreadyLoaded: true });
      const read = `SELECT title, properties ->> 'title' AS inner FROM "${inserted.schema}".klaviyo_profile`;
      expect(await asAdministrator(inserted, read.replace('inner', 'nested'))).toEqual([title, title]);
    },
  );
});

test('a row staged twice with one change number is DUPLICATE_KEY_IN_BATCH', async () => {
  const line = stagedLine(metricTable, { id: 'm', _change_number: 1 }, 'csv');
  const batch = stagedBatch(metricTable, [await stageFile(folder, 'm.gz', [line, line])]);
  for (const settings of [staged, inserted]) {
    expect(await load(settings, batch)).toMatchObject({ code: 'DUPLICATE_KEY_IN_BATCH', details: { id: 'm' } });
  }
});

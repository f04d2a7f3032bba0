import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toAppError } from '../../kernel/app-error.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch, TableSpec } from '../destination.ts';
import { createDestinations } from '../registry.ts';
import type { FaultInput } from '../stand-in/faults.ts';
import { eventTable, metricTable } from '../tables.ts';
import { crashAt } from '../testing/crash.ts';
import { stagedBatch, stagedLine, stageFile, tombstoneLine, type TestRow } from '../testing/staged-batch.ts';
import { readTable } from './testing/reader.ts';
import { startTestDouble, type TestDouble } from './testing/test-double.ts';

let double: TestDouble;
let folder: string;
let settings: Awaited<ReturnType<TestDouble['createWarehouse']>>;
let log: string[];

beforeAll(async () => {
  double = await startTestDouble();
  folder = await mkdtemp(join(tmpdir(), 'wharf-bigquery-faults-'));
});
afterAll(async () => {
  await double[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  settings = await double.createWarehouse();
  double.faults.clear();
  double.calls.clear();
  log = [];
});

const open = () =>
  createDestinations(double.options).bigquery.open(settings, {
    log: createLogger('trace', { write: (line) => log.push(line) }),
    tempDir: folder,
  });

let files = 0;
async function batchOf(
  table: TableSpec,
  rows: readonly TestRow[],
  parts: { id?: string; fence?: number } = {},
): Promise<StagedBatch> {
  files += 1;
  const lines = rows.map((row) => stagedLine(table, row, 'flat-json-lines'));
  return stagedBatch(table, [await stageFile(folder, `part-${files}.gz`, lines)], parts);
}

const metric = (id: string, number = 1, name = 'x'): TestRow => ({ id, name, _change_number: number });

async function load(batch: StagedBatch, signal = new AbortController().signal): Promise<Receipt | string> {
  await using session = await open();
  return await session.load(batch, signal).catch((error: unknown) => toAppError(error).code);
}

const metricIds = async (): Promise<(string | null | undefined)[]> =>
  (await readTable({ ...settings, url: double.url }, settings, metricTable)).map((row) => row['id']);

const stagesLeft = async (): Promise<string[]> =>
  (await double.engine.tables(settings.projectId, settings.dataset)).filter((name) => name.startsWith('_wharf_stage'));

const loaded = { loaded: 1, applied: { upserted: 1, deleted: 0 }, alreadyLoaded: false };
const error = (status: number, reason: string, message = reason): FaultInput['does'] => ({
  kind: 'error',
  error: { status, reason, message },
});

test.each<[string, FaultInput]>([
  ['the answer to the merge is lost', { match: '^jobs.insert BEGIN', does: { kind: 'drop', when: 'after' } }],
  ['the merge does not arrive', { match: '^jobs.insert BEGIN', does: { kind: 'drop', when: 'before' } }],
  ['the answer to the upload is lost', { match: '^upload.send', does: { kind: 'drop', when: 'after' } }],
  ['the upload does not arrive', { match: '^upload.send', does: { kind: 'drop', when: 'before' } }],
  ['the upload breaks in the middle', { match: '^upload.middle', does: { kind: 'drop', when: 'before' } }],
  [
    'the upload breaks in the middle twice',
    { match: '^upload.middle', times: 2, does: { kind: 'drop', when: 'before' } },
  ],
  ['a look at the job breaks', { match: '^jobs.get', does: { kind: 'drop', when: 'after' } }],
  ['the answer to a table that was made is lost', { match: '^tables.insert', does: { kind: 'drop', when: 'after' } }],
  ['the service is overloaded for a moment', { match: '^tables.get', times: 2, does: error(503, 'backendError') }],
  ['calls come too fast', { match: '^jobs.insert', does: error(403, 'rateLimitExceeded') }],
  ['the token service fails once', { match: '^token', does: error(500, 'internalError') }],
  ['a job fails inside BigQuery', { match: '^statement MERGE', does: error(400, 'backendError') }],
  [
    'another transaction is in the way',
    {
      match: '^statement UPDATE',
      times: 2,
      does: error(
        400,
        'invalidQuery',
        'Transaction is aborted due to concurrent update against table x:y._wharf_lock.',
      ),
    },
  ],
])('%s: the batch is loaded once all the same', async (_, fault) => {
  double.faults.add(fault);
  expect(await load(await batchOf(metricTable, [metric('a')]))).toEqual(loaded);
  expect(await metricIds()).toEqual(['a']);
  expect(await stagesLeft()).toEqual([]);
});

test.each<[string, FaultInput, string]>([
  ['a quota that is used up', { match: '^upload.begin', does: error(403, 'quotaExceeded') }, 'QUOTA_LONG'],
  ['billing that was switched off', { match: '^statement MERGE', does: error(403, 'billingNotEnabled') }, 'BILLING'],
  ['too little capacity', { match: '^statement MERGE', does: error(400, 'resourcesExceeded') }, 'CAPACITY'],
  ['a failing commit', { match: '^statement COMMIT', does: error(400, 'tableUnavailable') }, 'MAINTENANCE'],
  ['an outage that lasts', { match: '^jobs.query', times: 9, does: error(503, 'backendError') }, 'NETWORK_UNREACHABLE'],
])('%s is told, and nothing is applied', async (_, fault, code) => {
  double.faults.add(fault);
  const batch = await batchOf(metricTable, [metric('a')]);
  expect(await load(batch)).toBe(code);
  expect(await metricIds()).toEqual([]);
  expect(await stagesLeft()).toEqual([]);
  double.faults.clear();
  expect(await load(batch)).toEqual(loaded);
});

test.each(['^jobs.query', '^token', '^upload.send', '^statement MERGE', '^statement COMMIT', '^jobs.insert BEGIN'])(
  'a hang at %s ends with the signal, and nothing is applied',
  async (match) => {
    const batch = await batchOf(metricTable, [metric('a')]);
    double.faults.add({ match, does: { kind: 'hang' } });
    const controller = new AbortController();
    const met = double.faults.asked(new RegExp(match));
    const loading = load(batch, controller.signal);
    await met;
    controller.abort();
    expect(await loading).toBe('CANCELLED');
    expect(await metricIds()).toEqual([]);
    expect(await load(batch)).toEqual(loaded);
  },
);

test('two workers with one batch at once: it is there once', async () => {
  const batch = await batchOf(metricTable, [metric('a'), metric('b')]);
  const receipts = await Promise.all([load({ ...batch, fence: 1 }), load({ ...batch, fence: 2 })]);
  expect(receipts.map((receipt) => (typeof receipt === 'string' ? receipt : receipt.loaded))).toContain(2);
  expect(await metricIds()).toEqual(['a', 'b']);
  expect(await stagesLeft()).toEqual([]);
  const ledger = `SELECT COUNT(*) FROM \`${settings.projectId}.${settings.dataset}._wharf_ledger\``;
  expect(await double.administer(settings.projectId, ledger)).toEqual([['1']]);
});

test('a load of another process waits for the one that holds the lock', async () => {
  const batch = await batchOf(metricTable, [metric('a')]);
  const other = await batchOf(metricTable, [metric('a', 2, 'newer'), metric('b')]);
  double.faults.add({ match: '^statement COMMIT', does: { kind: 'hang' } });
  const held = double.faults.asked(/^statement COMMIT/);
  const controller = new AbortController();
  const first = load(batch, controller.signal);
  await held;
  // of the second one's tries some are aborted by BigQuery while the first holds the lock
  const refused = double.faults.asked(/^jobs.insert BEGIN/, 2);
  const second = crashAt({
    kind: 'bigquery',
    options: double.options,
    settings,
    tempDir: folder,
    table: 'klaviyo_metric',
    files: other.files.map(({ name, rows }) => ({ name, rows, path: join(folder, name) })),
    parts: { id: other.id, fence: 1 },
    step: 'none: it runs to its end',
  });
  await refused;
  controller.abort();
  expect(await first).toBe('CANCELLED');
  expect(await second).toBe(false);
  expect(await load(batch)).toMatchObject({ loaded: 1, applied: { upserted: 0 } });
  expect(await metricIds()).toEqual(['a', 'b']);
});

test('a lock row that was deleted comes back', async () => {
  const lock = `\`${settings.projectId}\`.\`${settings.dataset}\`.\`_wharf_lock\``;
  await double.administer(settings.projectId, `DELETE FROM ${lock} WHERE TRUE`);
  expect(await load(await batchOf(metricTable, [metric('a')]))).toEqual(loaded);
  expect(await double.administer(settings.projectId, `SELECT COUNT(*) FROM ${lock}`)).toEqual([['1']]);
});

test('tables that are missing are made', async () => {
  for (const name of ['klaviyo_metric', '_wharf_ledger', '_wharf_lock', '_wharf_tombstone']) {
    await double.administer(
      settings.projectId,
      `DROP TABLE \`${settings.projectId}\`.\`${settings.dataset}\`.\`${name}\``,
    );
  }
  expect(await load(await batchOf(metricTable, [metric('a')]))).toEqual(loaded);
});

test('an empty batch is one statement', async () => {
  expect(await load(stagedBatch(metricTable, []))).toMatchObject({ loaded: 0, alreadyLoaded: false });
  const asked = double.calls.all().map(({ label }) => label.split(' ')[0]);
  expect(asked.filter((label) => label !== 'job')).toEqual(['token', 'jobs.query']);
});

test('staging tables of a crash go after a day, younger ones stay', async () => {
  const { projectId, dataset } = settings;
  for (const table of ['_wharf_stage_old_1_0', '_wharf_stage_new_1_0']) {
    await double.engine.createTable({ projectId, dataset, table }, [{ name: 'id', type: 'STRING' }], null);
  }
  double.engine.age({ projectId, dataset, table: '_wharf_stage_old_1_0' }, Date.now() - 25 * 60 * 60_000);
  await load(await batchOf(metricTable, [metric('a')]));
  expect(await stagesLeft()).toEqual(['_wharf_stage_new_1_0']);
});

test('a row staged twice with one change number is DUPLICATE_KEY_IN_BATCH', async () => {
  expect(await load(await batchOf(metricTable, [metric('a'), metric('a')]))).toBe('DUPLICATE_KEY_IN_BATCH');
  expect(await metricIds()).toEqual([]);
});

test('events of more days than a job may change land in slices, each once, and are updated and deleted', async () => {
  const rows = Array.from({ length: 3500 }, (_, i) => {
    const id = `e${String(i).padStart(4, '0')}`;
    const datetime = i === 7 ? null : new Date(Date.UTC(2012, 0, 1) + i * 86_400_000).toISOString();
    return { id, datetime, metric_id: 'm', _change_number: i + 1 };
  });
  expect(await load(await batchOf(eventTable, rows))).toMatchObject({ loaded: 3500, applied: { upserted: 3500 } });
  const newer = rows.map((row, i) => ({ ...row, metric_id: 'n', _change_number: 10_000 + i }));
  expect(await load(await batchOf(eventTable, newer))).toMatchObject({ applied: { upserted: 3500, deleted: 0 } });
  files += 1;
  const deletions = await stageFile(folder, `part-${files}.gz`, [
    tombstoneLine(eventTable, 'e0003', 20_000, 'flat-json-lines'),
  ]);
  expect(await load(stagedBatch(eventTable, [deletions]))).toMatchObject({ applied: { upserted: 0, deleted: 1 } });
  const events = await readTable({ ...settings, url: double.url }, settings, eventTable);
  expect(events).toHaveLength(3499);
  expect(new Set(events.map((row) => row['metric_id']))).toEqual(new Set(['n']));
});

test('a document with a number beyond doubles lands as text, and the log names its row', async () => {
  const properties = '{"total":1e400,"note":"a very private note"}';
  await load(await batchOf(eventTable, [{ id: 'e', event_properties: properties, _change_number: 1 }]));
  const path = `\`${settings.projectId}.${settings.dataset}.klaviyo_event\``;
  const found = await double.administer(
    settings.projectId,
    `SELECT JSON_TYPE(event_properties), STRING(event_properties) FROM ${path}`,
  );
  expect(found).toEqual([['string', properties]]);
  expect(log.find((line) => line.includes('documents_as_text'))).toMatch(/"id":"e"/);
  expect(log.join('')).not.toContain('very private');
});

test('an error about a row does not quote it', async () => {
  const batch = await batchOf(metricTable, [{ ...metric('a'), created: 'a very private value' }]);
  await using session = await open();
  const thrown = await session.load(batch, new AbortController().signal).catch((caught: unknown) => caught);
  expect(thrown).toMatchObject({ code: 'DATA_INVALID', externalMessage: expect.stringContaining('created') });
  expect(JSON.stringify([thrown, (thrown as Error).message, (thrown as Error).stack])).not.toContain('very private');
});

test('a large file goes up in full after a break in the middle', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => metric(`m${i}`, i, randomBytes(4000).toString('hex')));
  double.faults.add({ match: '^upload.middle', times: 3, does: { kind: 'drop', when: 'before' } });
  expect(await load(await batchOf(metricTable, rows))).toMatchObject({ loaded: 300 });
  const parts = double.calls.all().filter(({ label }) => label === 'upload.send');
  // three that broke, three questions how much has arrived, and the rest
  expect(parts).toHaveLength(7);
});

test('an upload that breaks again and again is told, without the address that lets one go on with it', async () => {
  double.faults.add({ match: '^upload.send', times: 99, does: { kind: 'drop', when: 'before' } });
  await using session = await open();
  const batch = await batchOf(metricTable, [metric('a')]);
  const thrown = await session.load(batch, new AbortController().signal).catch((caught: unknown) => caught);
  expect(thrown).toMatchObject({ code: 'NETWORK_UNREACHABLE', externalMessage: expect.stringContaining('[redacted]') });
  expect(JSON.stringify([thrown, (thrown as Error).stack, log])).not.toMatch(/upload_id=(?!\[redacted\])/);
});

/** What goes wrong at the pool and at the store while a batch is loaded, and that the next attempt completes it. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { Receipt, Session, StagedBatch } from '../destination.ts';
import { sealDestination } from '../seal.ts';
import { CallLog } from '../stand-in/calls.ts';
import { FaultPlan } from '../stand-in/faults.ts';
import { metricTable } from '../tables.ts';
import { stagedBatch, stagedLine, stageFile } from '../testing/staged-batch.ts';
import { startSynapse, type SynapseStandIn } from './double.ts';
import { createSynapse } from './synapse.ts';

const faults = new FaultPlan();
const calls = new CallLog();
const live = new AbortController().signal;

let folder: string;
let standIn: SynapseStandIn;
let settings: Record<string, unknown>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-synapse-'));
  await mkdir(join(folder, 'session'));
  standIn = await startSynapse({ port: 0, folder, faults, calls });
});
beforeEach(async () => {
  faults.clear();
  settings = await standIn.createWarehouse();
});
afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(): Promise<Session> {
  const { endpoints } = standIn.options;
  const destination = createSynapse({ endpoint: endpoints?.synapse, blobEndpoint: endpoints?.synapseBlob });
  const context = { log: createLogger('silent'), tempDir: join(folder, 'session') };
  return sealDestination(destination).open(settings, context);
}

async function metrics(ids: readonly string[], changeNumber = 1): Promise<StagedBatch> {
  const lines = ids.map((id) => stagedLine(metricTable, { id, name: 'x', _change_number: changeNumber }, 'csv'));
  return stagedBatch(metricTable, [await stageFile(folder, `${ulid()}.gz`, lines)]);
}

async function load(batch: StagedBatch, signal = live): Promise<Receipt | AppError> {
  await using session = await open();
  // the session must not end before the load has
  return await session.load(batch, signal).catch(toAppError);
}

/** Ids in the table, and what is left in staging schema and container. */
async function state(): Promise<{ readonly ids: unknown; readonly left: unknown[] }> {
  const connection = await standIn.pool(String(settings['database'])).connect();
  try {
    const read = async (sql: string): Promise<unknown[]> =>
      (await connection.runAndReadAll(sql)).getRowsJson().map(([value]) => value);
    const stages = await read(`SELECT table_name FROM duckdb_tables() WHERE schema_name = 'wharf_stage'`);
    return { ids: await read('SELECT id FROM dbo.klaviyo_metric ORDER BY 1'), left: [...stages, ...(await blobs())] };
  } finally {
    connection.closeSync();
  }
}

async function blobs(): Promise<string[]> {
  const container = standIn.store.client.getContainerClient(String(settings['container']));
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  return names;
}

const error = (number: number, message: string) => ({ kind: 'error' as const, error: { number, message } });

test.each([
  ['a deadlock', '^DELETE FROM \\[dbo\\]', error(1205, 'Transaction was deadlocked.'), 'CONCURRENCY'],
  [
    'a transaction that had failed',
    '^UPDATE',
    error(111_233, '111233;The current transaction has aborted.'),
    'CONCURRENCY',
  ],
  ['a full log', '^INSERT INTO \\[dbo\\]', error(9002, 'The transaction log is full.'), 'CAPACITY'],
  ['a failed node', '^COPY', error(110_802, '110802;An internal DMS error occurred.'), 'MAINTENANCE'],
  ['a busy server', '^LOGIN', error(40_501, 'The service is currently busy.'), 'QUOTA_SHORT'],
  ['a reconfiguration', '^COMMIT', error(40_197, 'The service has encountered an error.'), 'MAINTENANCE'],
  ['a cut before COPY INTO', '^COPY', { kind: 'drop', when: 'before' }, 'NETWORK_UNREACHABLE'],
  [
    'a cut inside the transaction',
    '^INSERT INTO \\[dbo\\]\\.\\[klaviyo',
    { kind: 'drop', when: 'after' },
    'NETWORK_UNREACHABLE',
  ],
  ['a cut before COMMIT', '^COMMIT', { kind: 'drop', when: 'before' }, 'NETWORK_UNREACHABLE'],
] as const)('%s changes nothing, and the next attempt loads the batch', async (_, match, does, code) => {
  const batch = await metrics(['a', 'b']);
  // once more than the driver tries a sign-in again by itself
  faults.add({ match, does, times: match === '^LOGIN' ? 2 : 1 });
  expect(await load(batch)).toMatchObject({ code });
  expect((await state()).ids).toEqual([]);
  expect(await load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: false });
  expect((await state()).ids).toEqual(['a', 'b']);
});

test('a lost answer to COMMIT is found in the ledger at the next attempt', async () => {
  const batch = await metrics(['a', 'b']);
  faults.add({ match: '^COMMIT', does: { kind: 'drop', when: 'after' } });
  expect(await load(batch)).toMatchObject({ code: 'NETWORK_UNREACHABLE' });
  expect(await load({ ...batch, fence: 2 })).toEqual({ loaded: 2, applied: null, alreadyLoaded: true });
  expect((await state()).ids).toEqual(['a', 'b']);
});

test.each([
  ['a busy store is asked again', 'BLOB PUT', { kind: 'error', error: { status: 503, code: 'ServerBusy' } }],
  ['a cut upload is sent again', 'BLOB PUT', { kind: 'drop', when: 'before' }],
  ['a lost answer to an upload is harmless', 'BLOB PUT', { kind: 'drop', when: 'after' }],
] as const)('%s', async (_, match, does) => {
  faults.add({ match, does });
  expect(await load(await metrics(['a']))).toMatchObject({ loaded: 1 });
  expect(await state()).toEqual({ ids: ['a'], left: [] });
});

test('a store that stays busy is told, and nothing is left', async () => {
  faults.add({ match: 'BLOB PUT', times: 20, does: { kind: 'error', error: { status: 503, code: 'ServerBusy' } } });
  expect(await load(await metrics(['a']))).toMatchObject({ code: 'QUOTA_SHORT', remedy: 'retry' });
  faults.clear();
  expect(await state()).toEqual({ ids: [], left: [] });
});

test('an abort reaches a statement that hangs: it is cancelled, rolled back, and tidied up', async () => {
  const controller = new AbortController();
  faults.add({ match: '^INSERT INTO \\[dbo\\]\\.\\[klaviyo', does: { kind: 'hang' } });
  const loading = load(await metrics(['a']), controller.signal);
  await expect.poll(() => calls.all().some(({ label }) => label.includes('_deleted] = 0'))).toBe(true);
  controller.abort();
  expect(await loading).toMatchObject({ code: 'CANCELLED' });
  expect(await state()).toEqual({ ids: [], left: [] });
});

test('a paused pool is waited for', async () => {
  standIn.pool(String(settings['database'])).paused = true;
  expect(await load(await metrics(['a']))).toMatchObject({ code: 'SUSPENDED', remedy: 'wait' });
});

test('a row staged twice with one change number is refused by name', async () => {
  expect(await load(await metrics(['a', 'a']))).toMatchObject({ code: 'DUPLICATE_KEY_IN_BATCH' });
  expect(await state()).toEqual({ ids: [], left: [] });
});

test('two workers with one batch: one loads it, the other finds it loaded', async () => {
  const batch = await metrics(['a', 'b']);
  const receipts = await Promise.all([load(batch), load(batch)]);
  expect(receipts.map((receipt) => (receipt as Receipt).alreadyLoaded).sort()).toEqual([false, true]);
  expect(await state()).toEqual({ ids: ['a', 'b'], left: [] });
});

test('an empty window takes one statement', async () => {
  await using session = await open();
  await session.load(await metrics(['a']), live);
  calls.clear();
  expect(await session.load(stagedBatch(metricTable, []), live)).toMatchObject({ loaded: 0 });
  expect(calls.all().map(({ label }) => label.slice(0, 6))).toEqual(['SELECT']);
});

test('what attempts left that were killed more than a day ago is swept, younger and foreign things stay', async () => {
  const old = ulid(Date.now() - 25 * 60 * 60_000);
  const young = ulid();
  const pool = standIn.pool(String(settings['database']));
  const container = standIn.store.client.getContainerClient(String(settings['container']));
  const put = (name: string) => container.getBlockBlobClient(name).upload('x', 1);
  const names = [`wharf/batch/1/${old}/part-00000.csv.gz`, `wharf/batch/1/${young}/p.csv.gz`, `other/${old}/p.csv.gz`];
  for (const name of names) await put(name);
  for (const name of [`s_${old}`, `s_${young}`, 'customers_own']) {
    await pool.administer(`CREATE TABLE wharf_stage.${name} (id int NULL) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)`);
  }
  await load(await metrics(['a']));
  const { left } = await state();
  expect(left.sort()).toEqual([names[2], names[1], 'customers_own', `s_${young}`].sort());
});

test('scratch files are gone after a load and after a failure', async () => {
  await load(await metrics(['a']));
  faults.add({ match: '^COPY', does: error(110_802, '110802;An internal DMS error occurred.') });
  await load(await metrics(['b']));
  expect(await readdir(join(folder, 'session'))).toEqual([]);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { toAppError, type AppError } from '../../kernel/app-error.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { metricTable } from '../tables.ts';
import { Workbench, live, type Brief } from '../testing/workbench.ts';
import { stagedBatch } from '../testing/staged-batch.ts';
import { openRig } from './testing/snowflake-rig.ts';
import type { Inspector } from './testing/inspector.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('snowflake');
});
afterAll(() => standIn[Symbol.asyncDispose]());

let bench: Workbench;
let inspector: Inspector;
beforeEach(async () => {
  bench = await Workbench.open(async () => {
    const rig = await openRig(standIn);
    inspector = rig.inspector;
    return rig;
  });
});
afterEach(async () => {
  await standIn.clearFaults();
  await bench[Symbol.asyncDispose]();
});

const rows: readonly Brief[] = [
  ['a', 1, 'one'],
  ['b', 2],
];
const loaded: readonly Brief[] = [['a', 1, 'one']];

const drop = (match: string, when: 'before' | 'after', times = 1) =>
  standIn.addFault({ match, times, does: { kind: 'drop', when } });
const refuse = (match: string, error: Record<string, unknown>) =>
  standIn.addFault({ match, does: { kind: 'error', error } });

const failure = (loading: Promise<Receipt>): Promise<AppError> =>
  loading.then(() => Promise.reject(new Error('the load passed')), toAppError);

/** How often the statement was run, however often it was sent. */
async function runs(label: RegExp): Promise<number> {
  return (await standIn.calls()).filter((call) => label.test(call.label)).length;
}

const seen = (label: RegExp): Promise<void> =>
  vi.waitFor(async () => expect(await runs(label)).toBeGreaterThan(0), { timeout: 20_000, interval: 20 });

async function ledgerRows(): Promise<number> {
  const { database, schema } = bench.rig.settings as Record<string, string>;
  const [row] = await inspector.run(
    `SELECT COUNT(*) AS "N" FROM "${database}"."${schema}"."_WHARF_LEDGER" WHERE "BATCH_ID" NOT LIKE 'lock:%'`,
  );
  return Number(row?.['N']);
}

test.each([
  ['COMMIT', '^COMMIT$', 'after'],
  ['COMMIT, before it arrives', '^COMMIT$', 'before'],
  ['the submission of the merge', '^MERGE INTO .*"KLAVIYO_METRIC"', 'after'],
  ['COPY', '^COPY', 'after'],
  ['the insertion into the ledger', '^INSERT', 'after'],
  ['the question whether the merge is done', '^status$', 'before'],
  ['the result', '^result$', 'after'],
  ['PUT', '^PUT', 'after'],
  ['the sign-in', '^login$', 'before'],
] as const)('a connection that breaks at %s is mended, and nothing is done twice', async (_, match, when) => {
  await standIn.clearCalls();
  await drop(match, when);
  expect(await bench.load(await bench.metrics(rows))).toMatchObject({ loaded: 2, alreadyLoaded: false });
  expect(await bench.state()).toEqual(loaded);
  expect(await ledgerRows()).toBe(1);
  expect(await runs(/^MERGE INTO .*"KLAVIYO_METRIC"/)).toBe(1);
});

test('an answer to COMMIT that is lost for good: the next attempt finds the ledger row', async () => {
  const batch = await bench.metrics(rows);
  await standIn.clearCalls();
  await drop('^COMMIT$', 'after', 1000);
  const controller = new AbortController();
  const loading = failure(bench.load(batch, controller.signal));
  await seen(/^COMMIT$/);
  controller.abort();
  expect(await loading).toMatchObject({ code: 'CANCELLED' });
  await standIn.clearFaults();
  expect(await bench.load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: true });
  expect(await bench.state()).toEqual(loaded);
  expect(await ledgerRows()).toBe(1);
});

test.each([
  ['the session is gone', { code: '390111', message: 'Session no longer exists.' }, 'NETWORK_UNREACHABLE'],
  [
    'the trial has ended',
    { code: '390913', message: 'Your free trial has ended and all of your virtual warehouses have been suspended.' },
    'BILLING',
  ],
  ['the statement is cancelled', { code: '000604', sqlState: '57014', message: 'SQL execution canceled' }, 'TIMEOUT'],
  ['the lock is not given', { code: '000625', sqlState: '57014', message: 'waited too long' }, 'CONCURRENCY'],
])('%s in the middle of a transaction: nothing is changed, a retry completes it', async (_, error, code) => {
  const batch = await bench.metrics(rows);
  await refuse('^MERGE INTO .*"_WHARF_TOMBSTONE"', error);
  expect(await failure(bench.load(batch))).toMatchObject({ code });
  expect(await bench.state()).toEqual([]);
  expect(await bench.load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: false });
  expect(await bench.state()).toEqual(loaded);
  expect(await bench.rig.isReleased()).toBe(true);
});

test.each([
  [
    'an expired session token, at a statement',
    '^BEGIN',
    { code: '390112', message: 'Authentication token has expired.' },
  ],
  ['an expired session token, at a poll', '^status$', { code: '390112', message: 'Authentication token has expired.' }],
  ['an overloaded front', '^COMMIT$', { httpStatus: 503 }],
])('%s is no failure', async (_, match, error) => {
  await refuse(match, error);
  expect(await bench.load(await bench.metrics(rows))).toMatchObject({ loaded: 2 });
  expect(await bench.state()).toEqual(loaded);
});

test('storage that refuses the upload fails the batch, and the next attempt tidies up', async () => {
  const batch = await bench.metrics(rows);
  await standIn.addFault({ match: '^upload$', times: 1000, does: { kind: 'error', error: { httpStatus: 403 } } });
  expect(await failure(bench.load(batch))).toMatchObject({
    code: 'NETWORK_UNREACHABLE',
    summary: expect.stringContaining('storage'),
  });
  await standIn.clearFaults();
  expect(await bench.load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2 });
  expect(await bench.rig.isReleased()).toBe(true);
});

test.each(['_WHARF_LEDGER', 'KLAVIYO_METRIC'])('a lock that somebody else has on %s is waited for', async (table) => {
  await bench.load(await bench.metrics([['z', 1, 'old']]));
  const { database, schema } = bench.rig.settings as Record<string, string>;
  await inspector.run('BEGIN');
  await inspector.run(`DELETE FROM "${database}"."${schema}"."${table}" WHERE 1 = 0`);
  await standIn.clearCalls();
  const loading = bench.load(await bench.metrics(rows));
  // with the ledger locked the load stands before the merge, else in it
  await seen(table === 'KLAVIYO_METRIC' ? /^SELECT "ROWS"/ : /^SELECT CURRENT_TRANSACTION/);
  await inspector.run('COMMIT');
  expect(await loading).toMatchObject({ loaded: 2 });
});

test('a load that waits for a lock is cancelled at once, and leaves no transaction', async () => {
  const { database, schema } = bench.rig.settings as Record<string, string>;
  await inspector.run('BEGIN');
  await inspector.run(`DELETE FROM "${database}"."${schema}"."_WHARF_LEDGER" WHERE 1 = 0`);
  await standIn.clearCalls();
  const controller = new AbortController();
  const loading = failure(bench.load(await bench.metrics(rows), controller.signal));
  await seen(/^SELECT CURRENT_TRANSACTION/);
  controller.abort();
  expect(await loading).toMatchObject({ code: 'CANCELLED' });
  expect(await inspector.transactionsOfUser()).toEqual([]);
  await inspector.run('ROLLBACK');
});

/** A load whose merge is never answered: a worker that hangs, with its transaction open. */
async function hangingLoad(batch: StagedBatch) {
  await standIn.clearCalls();
  await standIn.addFault({ match: '^MERGE INTO .*"KLAVIYO_METRIC"', does: { kind: 'hang' } });
  const controller = new AbortController();
  const loading = failure(bench.load(batch, controller.signal));
  await seen(/^MERGE INTO .*"_WHARF_LEDGER"/);
  await seen(/^SELECT "ROWS", "FENCE"/);
  return {
    end: async (): Promise<AppError> => {
      controller.abort();
      return loading;
    },
  };
}

test('a worker with a higher fence takes over from one that hangs', async () => {
  const batch = await bench.metrics(rows);
  const hanging = await hangingLoad(batch);
  expect(await bench.load({ ...batch, fence: 2 })).toMatchObject({ loaded: 2, alreadyLoaded: false });
  expect(await hanging.end()).toMatchObject({ code: 'CANCELLED' });
  expect(await bench.state()).toEqual(loaded);
  expect(await ledgerRows()).toBe(1);
});

test('a worker with a lower fence does not disturb one with a higher', async () => {
  const batch = await bench.metrics(rows);
  const hanging = await hangingLoad({ ...batch, fence: 5 });
  expect(await failure(bench.load({ ...batch, fence: 4 }))).toMatchObject({ code: 'FENCED' });
  await hanging.end();
  expect(await bench.state()).toEqual([]);
});

test('a worker whose transaction was aborted does not go on in another', async () => {
  const batch = await bench.metrics(rows);
  await standIn.clearCalls();
  await drop('^MERGE INTO .*"KLAVIYO_METRIC"', 'before', 1000);
  const loading = failure(bench.load(batch));
  await seen(/^MERGE INTO .*"_WHARF_LEDGER"/);
  const [transaction] = await inspector.transactionsOfUser();
  await inspector.run(`SELECT SYSTEM$ABORT_TRANSACTION(${String(transaction?.['id'])})`);
  await standIn.clearFaults();
  expect(await loading).toMatchObject({ code: 'FENCED' });
  expect(await bench.state()).toEqual([]);
  expect(await ledgerRows()).toBe(0);
});

test('what fails leaves no file in the stage', async () => {
  const batch = await bench.metrics(rows);
  expect(await failure(bench.load({ ...batch, rows: 3 }))).toMatchObject({ code: 'COUNT_MISMATCH' });
  expect(await bench.rig.isReleased()).toBe(true);
});

test('a row staged twice with one change number is DUPLICATE_KEY_IN_BATCH', async () => {
  const batch = await bench.metrics([
    ['a', 1, 'one'],
    ['a', 1, 'one'],
  ]);
  expect(await failure(bench.load(batch))).toMatchObject({ code: 'DUPLICATE_KEY_IN_BATCH' });
  expect(await bench.state()).toEqual([]);
});

test('a compute warehouse that sleeps and may not wake is SUSPENDED', async () => {
  const { warehouse } = bench.rig.settings as Record<string, string>;
  await inspector.run(`ALTER WAREHOUSE "${warehouse}" SET AUTO_RESUME = FALSE`);
  await inspector.run(`ALTER WAREHOUSE "${warehouse}" SUSPEND`);
  expect(await failure(bench.load(await bench.metrics(rows)))).toMatchObject({ code: 'SUSPENDED', remedy: 'wait' });
});

test('an empty window costs one statement', async () => {
  await using session = await bench.open();
  await standIn.clearCalls();
  await session.load(stagedBatch(metricTable, []), live);
  expect((await standIn.calls()).map(({ label }) => label.slice(0, 6))).toEqual(['SELECT']);
});

test('the driver writes nothing into the home folder and the working folder', async () => {
  const home = await mkdtemp(join(tmpdir(), 'wharf-home-'));
  const work = join(home, 'work');
  await mkdir(work);
  const script = `const { Link } = await import(process.argv[1]);
    const { spec } = await import(process.argv[2]);
    const link = await Link.open(spec.settings.parse(JSON.parse(process.argv[3])), process.argv[4], AbortSignal.timeout(30000));
    await link.run('SELECT 1', AbortSignal.timeout(30000));
    await link.close();`;
  const paths = ['./link.ts', './spec.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const endpoint = standIn.options.endpoints?.snowflake ?? '';
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, ...paths, JSON.stringify(bench.rig.settings), endpoint],
    { cwd: work, env: { ...process.env, HOME: home }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let written = '';
  child.stdout.on('data', (chunk) => (written += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, written]).toEqual([0, '']);
  expect(await readdir(home, { recursive: true })).toEqual(['work']);
  await rm(home, { recursive: true, force: true });
});

import { expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { testDatabase } from '../db/testing/test-database.ts';
import { AppError } from '../kernel/app-error.ts';
import { recordEvents } from '../store/event-writes.ts';
import {
  connect,
  eventWrites,
  findSync,
  newAccount,
  startEngine,
  syncOnce,
  until,
  untilHistoryDone,
  untilStatus,
  type Engine,
} from './testing/engine.ts';
import { MemoryWarehouse, type Step } from './testing/memory-warehouse.ts';

const database = testDatabase();

async function accountWithEvents(db: Database, count: number): Promise<number> {
  const accountId = await newAccount(db);
  await recordEvents(db, accountId, eventWrites(count));
  return accountId;
}

async function expectEqual(db: Database, accountId: number, warehouse: MemoryWarehouse): Promise<void> {
  const { rows } = await db.query<{ id: string; changeNumber: number }>(
    `select id::text, change_number as "changeNumber" from event where account_id = $1 order by id::text collate "C"`,
    [accountId],
  );
  expect(warehouse.rows('klaviyo_event').map(({ id, changeNumber }) => ({ id, changeNumber }))).toEqual(rows);
}

const steps: readonly Step[] = ['open', 'load', 'read', 'apply', 'answer'];

test.each(steps)('the warehouse fails once before "%s": retried, rows right, error resolved', async (failing) => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 20 });
  let failures = 1;
  warehouse.on((step) => {
    if (step === failing && failures-- > 0)
      throw new AppError('NETWORK_UNREACHABLE', { externalMessage: 'ECONNRESET' });
  });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await accountWithEvents(database(), 60);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'error');
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  await expectEqual(database(), accountId, warehouse);
  const [error] = (await engine.exports.errors.list(accountId, { size: 10 })).items;
  expect(error).toMatchObject({ code: 'NETWORK_UNREACHABLE', externalMessage: 'ECONNRESET' });
  expect(error?.resolvedAt).toBeInstanceOf(Date);
  const kinds = (await engine.exports.timeline.list(accountId, { size: 10 })).items.map((entry) => entry.kind);
  expect(kinds).toEqual(['run-succeeded', 'recovered', 'sync-requested', 'run-error', 'connected']);
  expect(warehouse.sessions.opened).toBe(warehouse.sessions.closed);
});

/** A worker that dies at a step: its connections are cut and it never comes back to that step. */
async function dieAt(dying: Step, warehouse: MemoryWarehouse): Promise<{ met: Promise<void> }> {
  const met = Promise.withResolvers<void>();
  let once = true;
  warehouse.on((step, _batch, signal) => {
    if (step !== dying || !once) return;
    once = false;
    met.resolve();
    return new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('killed')), { once: true }));
  });
  return { met: met.promise };
}

test.each(['load', 'read', 'apply', 'answer'] as const)(
  'a worker that dies before "%s" is replaced at once, without waiting for its lease',
  async (dying) => {
    const warehouse = new MemoryWarehouse({ rowsPerBatch: 20, parallelLoads: 1 });
    const { met } = await dieAt(dying, warehouse);
    const options = { leaseMs: 3_600_000, beatMs: 3_600_000 };
    await using engine = await startEngine({ db: database(), destination: warehouse.destination, options });
    const accountId = await accountWithEvents(database(), 60);
    await connect(engine, accountId, { objects: ['events'] });
    await met;
    await cutWorkerLocks(database());
    await untilHistoryDone(engine, accountId);
    await expectEqual(database(), accountId, warehouse);
  },
);

async function cutWorkerLocks(db: Database): Promise<void> {
  await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and application_name = 'wharf worker'`);
}

test('a frozen worker loses its lease; what it does when it wakes up changes nothing', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 100, parallelLoads: 1 });
  const frozen = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<void>();
  let once = true;
  warehouse.on(async (step, batch) => {
    if (step !== 'apply' || batch?.table.name !== 'klaviyo_event' || !once) return;
    once = false;
    frozen.resolve();
    await thaw.promise;
  });
  // its beat is so rare that it does not learn of its loss: frozen
  const options = { leaseMs: 300, beatMs: 3_600_000 };
  await using sleeper = await startEngine({ db: database(), destination: warehouse.destination, options });
  const accountId = await accountWithEvents(database(), 60);
  await connect(sleeper, accountId, { objects: ['events'] });
  await frozen.promise;
  await using other = await startEngine({ db: database(), destination: warehouse.destination });
  await untilHistoryDone(other, accountId);
  thaw.resolve();
  await until(
    async () => sleeper.logged.filter((line) => line.includes('export.chunk.let-go')).length,
    (count) => count > 0,
  );
  await expectEqual(database(), accountId, warehouse);
  expect((await findSync(other, accountId, 'events', 'historical')).status).toBe('completed');
});

test('two workers share one run and never load one batch at the same time', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 5, parallelLoads: 2 });
  const inLoad = new Set<string>();
  const clashes: string[] = [];
  warehouse.on((step, batch) => {
    if (!batch) return;
    if (step === 'load' && inLoad.has(batch.id)) clashes.push(batch.id);
    if (step === 'load') inLoad.add(batch.id);
    if (step === 'answer') inLoad.delete(batch.id);
  });
  await using first = await startEngine({ db: database(), destination: warehouse.destination });
  await using second = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await accountWithEvents(database(), 200);
  await connect(first, accountId, { objects: ['events'] });
  await untilHistoryDone(second, accountId);
  await expectEqual(database(), accountId, warehouse);
  expect(clashes).toEqual([]);
  expect(warehouse.mostLoading).toBeLessThanOrEqual(2);
  expect([...warehouse.fences.values()].every((fence) => fence === 1)).toBe(true);
});

test('staged files that are gone are staged again', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 100 });
  let engine: Engine | null = null;
  let once = true;
  warehouse.on(async (step, batch) => {
    if (step !== 'load' || batch?.table.name !== 'klaviyo_event' || !once) return;
    once = false;
    await engine?.stage.remove(batch.files.map((file) => file.name));
  });
  engine = await startEngine({ db: database(), destination: warehouse.destination });
  await using _ = engine;
  const accountId = await accountWithEvents(database(), 60);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'error');
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  await expectEqual(database(), accountId, warehouse);
  expect((await engine.exports.errors.list(accountId, { size: 10 })).items[0]?.code).toBe('LOAD_FILE_MISSING');
});

test('a lost answer and lost files together: the ledger answers for the first staging, and the counts still agree', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 100 });
  let engine: Engine | null = null;
  let once = true;
  warehouse.on(async (step, batch) => {
    if (step !== 'answer' || batch?.table.name !== 'klaviyo_event' || !once) return;
    once = false;
    await engine?.stage.remove(batch.files.map((file) => file.name));
    throw new AppError('TIMEOUT');
  });
  engine = await startEngine({ db: database(), destination: warehouse.destination });
  await using _ = engine;
  const accountId = await accountWithEvents(database(), 60);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'error');
  // ten rows leave the window before the second staging
  await database().query(
    `update event set change_number = change_number + 100000 where account_id = $1 and change_number in (
       select change_number from event where account_id = $1 order by change_number limit 10)`,
    [accountId],
  );
  await database().query('update change_counter set last_number = last_number + 100000 where account_id = $1', [
    accountId,
  ]);
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  await syncOnce(engine, accountId, 'events');
  await expectEqual(database(), accountId, warehouse);
});

test('one failing object never stops the other; Failed waits for a person, and re-enabling goes on where it stopped', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 20 });
  let broken = true;
  warehouse.on((step, batch) => {
    if (step === 'apply' && broken && batch?.table.name === 'klaviyo_event') {
      throw new AppError('PERMISSION_MISSING', { externalMessage: 'no INSERT on klaviyo_event' });
    }
  });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await accountWithEvents(database(), 60);
  await connect(engine, accountId);
  const failed = await untilStatus(engine, accountId, 'events', 'historical', 'failed');
  await untilStatus(engine, accountId, 'profiles', 'historical', 'completed');
  expect(failed.activeErrors).toBe(1);
  await expect(engine.exports.syncs.syncNow(accountId, failed.id, 'ola')).rejects.toMatchObject({ code: 'CONFLICT' });
  broken = false;
  await engine.exports.syncs.reEnable(accountId, failed.id, 'ola');
  await untilStatus(engine, accountId, 'events', 'historical', 'completed');
  await expectEqual(database(), accountId, warehouse);
  expect((await findSync(engine, accountId, 'events', 'historical')).activeErrors).toBe(0);
});

test('PostgreSQL cuts every connection in the middle of a run: all loops recover by themselves', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 10, parallelLoads: 1 });
  let loads = 0;
  warehouse.on(async (step) => {
    if (step !== 'apply' || ++loads % 4 !== 0 || loads > 12) return;
    await database()
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      .catch(() => undefined);
  });
  const options = { slots: 2 };
  await using engine = await startEngine({ db: database(), destination: warehouse.destination, options });
  const accountId = await accountWithEvents(database(), 100);
  await connect(engine, accountId, { objects: ['events'] });
  await until(
    async () => {
      engine.clock.forward(60_000);
      return findSync(engine, accountId, 'events', 'historical').catch(() => null);
    },
    (sync) => sync?.status === 'completed',
  );
  await expectEqual(database(), accountId, warehouse);
});

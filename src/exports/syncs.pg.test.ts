import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { recordEvents } from '../store/event-writes.ts';
import {
  connect,
  eventWrites,
  everything,
  findSync,
  newAccount,
  startEngine,
  syncOnce,
  until,
  untilHistoryDone,
  untilStatus,
} from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const database = testDatabase();

test('one destination per account, also when 20 connect at once', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination, started: false });
  const accountId = await newAccount(database());
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => connect(engine, accountId)));
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject(outcome.status === 'rejected' ? { reason: { code: 'CONFLICT' } } : {});
  }
});

test('50 starts at once make one run', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId, { objects: ['profiles'] });
  await untilHistoryDone(engine, accountId);
  const gate = Promise.withResolvers<void>();
  warehouse.on(() => gate.promise);
  const { id } = await findSync(engine, accountId, 'profiles', 'periodic');
  const starting = Array.from({ length: 50 }, () => engine.exports.syncs.syncNow(accountId, id, 'ola'));
  await Promise.all(starting);
  await untilStatus(engine, accountId, 'profiles', 'periodic', 'in_progress');
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  expect((await engine.exports.runs.list(accountId, { syncId: id, size: 10 })).items).toHaveLength(1);
  gate.resolve();
  await untilStatus(engine, accountId, 'profiles', 'periodic', 'scheduled');
});

test('an empty window greets the warehouse and moves the cursor', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  const greetings = warehouse.greetings;
  await syncOnce(engine, accountId, 'events');
  expect(warehouse.greetings).toBe(greetings + 1);
});

test('pausing lets the batch in hand end and begins no other; resuming goes on where it stopped', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 10, parallelLoads: 1 });
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  warehouse.on(async (step) => {
    if (step !== 'apply') return;
    reached.resolve();
    await gate.promise;
  });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(60));
  await connect(engine, accountId, { objects: ['events'] });
  await reached.promise;
  const { id } = await findSync(engine, accountId, 'events', 'historical');
  expect((await engine.exports.syncs.pause(accountId, id, 'ola')).status).toBe('paused');
  gate.resolve();
  await until(
    async () => database().query('select 1 from chunk where account_id = $1 and owner is not null', [accountId]),
    ({ count }) => count === 0,
  );
  const loaded = warehouse.ledger.size;
  expect(loaded).toBeLessThan(7);
  expect((await findSync(engine, accountId, 'events', 'historical')).status).toBe('paused');
  await engine.exports.syncs.resume(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(60);
  // no batch was loaded twice
  expect([...warehouse.fences.values()]).toEqual(Array.from(warehouse.fences, () => 1));
});

test('a cancelled historical sync keeps what is loaded and can be resumed; a cancelled periodic one loses nothing', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 10, parallelLoads: 1 });
  let hold = true;
  warehouse.on(async (step, batch, signal) => {
    if (step !== 'apply' || !hold || batch?.table.name !== 'klaviyo_event') return;
    await new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')), { once: true }));
  });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(30));
  await connect(engine, accountId, { objects: ['events'] });
  const historical = await untilStatus(engine, accountId, 'events', 'historical', 'in_progress');
  await until(
    async () => warehouse.loading,
    (loading) => loading > 0,
  );
  expect((await engine.exports.syncs.cancel(accountId, historical.id, 'ola')).status).toBe('paused');
  await until(
    async () => warehouse.loading,
    (loading) => loading === 0,
  );
  expect(warehouse.rows('klaviyo_event')).toHaveLength(0);
  hold = false;
  await engine.exports.syncs.resume(accountId, historical.id, 'ola');
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(30);

  hold = true;
  await recordEvents(database(), accountId, eventWrites(5, { prefix: 'late' }));
  const { id } = await findSync(engine, accountId, 'events', 'periodic');
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await until(
    async () => warehouse.loading,
    (loading) => loading > 0,
  );
  const cancelled = await engine.exports.syncs.cancel(accountId, id, 'ola');
  expect(cancelled.status).toBe('scheduled');
  expect(cancelled.nextRunAt!.getTime()).toBeGreaterThan(engine.clock.now().getTime());
  await until(
    async () => warehouse.loading,
    (loading) => loading === 0,
  );
  hold = false;
  await syncOnce(engine, accountId, 'events');
  expect(warehouse.rows('klaviyo_event')).toHaveLength(35);
});

test('a missed hour is caught up once', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId, { objects: ['profiles'] });
  await untilHistoryDone(engine, accountId);
  const { id } = await findSync(engine, accountId, 'profiles', 'periodic');
  engine.clock.forward(5.5 * 3_600_000);
  const after = await until(
    () => findSync(engine, accountId, 'profiles', 'periodic'),
    (sync) => sync.status === 'scheduled' && sync.nextRunAt!.getTime() > engine.clock.now().getTime(),
  );
  expect((await engine.exports.runs.list(accountId, { syncId: id, size: 10 })).items).toHaveLength(1);
  expect(after.nextRunAt!.getTime() - engine.clock.now().getTime()).toBeLessThanOrEqual(3_600_000);
});

test('excluded integrations and unchosen metrics stay out; including them later back-fills exactly them', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 7 });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(30));
  const { rows: metrics } = await database().query<{ id: string; name: string; integration: string }>(
    `select m.id, m.name, m.integration_id as integration from metric m where m.account_id = $1 order by m.name`,
    [accountId],
  );
  const [api, firstShop, secondShop] = metrics;
  await connect(engine, accountId, {
    objects: ['events'],
    excludedIntegrations: [api!.integration],
    metrics: [firstShop!.id],
  });
  await untilHistoryDone(engine, accountId);
  const perMetric = (id: string): number =>
    warehouse.rows('klaviyo_event').filter((row) => row.columns['metric_id'] === id).length;
  expect(metrics.map(({ id }) => perMetric(id))).toEqual([0, 10, 0]);

  await recordEvents(database(), accountId, eventWrites(6, { prefix: 'late' }));
  await syncOnce(engine, accountId, 'events');
  expect(metrics.map(({ id }) => perMetric(id))).toEqual([0, 12, 0]);

  const { version } = (await engine.exports.connections.get(accountId))!;
  const wider = {
    ...everything,
    objects: ['events'] as const,
    excludedIntegrations: [],
    metrics: [firstShop!.id, api!.id],
  };
  await engine.exports.connections.editSelection(accountId, version, wider, 'ola');
  const batchesBefore = new Set(warehouse.ledger.keys());
  await untilHistoryDone(engine, accountId);
  expect(metrics.map(({ id }) => perMetric(id))).toEqual([12, 12, 0]);
  const [backFill] = (await engine.exports.runs.list(accountId, { size: 1 })).items;
  expect(backFill).toMatchObject({ kind: 'historical', status: 'succeeded' });
  const { tables } = await engine.exports.runs.get(accountId, backFill!.id);
  expect(tables.find((table) => table.table === 'klaviyo_event')).toMatchObject({ source: 12, staged: 12, loaded: 12 });
  expect(warehouse.ledger.size).toBeGreaterThan(batchesBefore.size);

  const narrower = { ...wider, metrics: [secondShop!.id] };
  await expect(engine.exports.connections.editSelection(accountId, version, narrower, 'ola')).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await engine.exports.connections.editSelection(accountId, version + 1, narrower, 'ola');
  await untilHistoryDone(engine, accountId);
  await recordEvents(database(), accountId, eventWrites(3, { prefix: 'later' }));
  await syncOnce(engine, accountId, 'events');
  // what left the selection stays in the warehouse, and gets nothing new
  expect(metrics.map(({ id }) => perMetric(id))).toEqual([12, 12, 13]);
});

test('the history limits events and never profiles; a longer history brings the older events', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
  for (const days of [10, 60, 200, 500]) {
    await recordEvents(database(), accountId, eventWrites(1, { prefix: `d${days}-`, newest: daysAgo(days) }));
  }
  await connect(engine, accountId, { history: '90d' });
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(2);
  expect(warehouse.rows('klaviyo_profile')).toHaveLength(1);
  await engine.exports.connections.editSelection(accountId, 1, { ...everything, history: '1y' }, 'ola');
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(3);
});

test('switching off stops everything, switching on goes on; removing deletes credentials and lets another connect', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const { connections, syncs } = engine.exports;
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  await connections.setEnabled(accountId, false, 'ola');
  expect((await syncs.list(accountId)).map((sync) => sync.status)).toEqual(Array.from({ length: 4 }, () => 'disabled'));
  await connections.setEnabled(accountId, true, 'ola');
  expect((await findSync(engine, accountId, 'events', 'historical')).status).toBe('completed');
  await untilStatus(engine, accountId, 'events', 'periodic', 'scheduled');
  await connections.remove(accountId, 'ola');
  expect(await connections.get(accountId)).toBeNull();
  expect(await syncs.list(accountId)).toEqual([]);
  const { rows } = await database().query('select secrets, secrets_set from destination where account_id = $1', [
    accountId,
  ]);
  expect(rows).toEqual([{ secrets: null, secrets_set: [] }]);
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
});

test('secrets are sealed, never answered, never logged, and kept when an edit leaves them empty', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  const connection = await engine.exports.connections.get(accountId);
  expect(connection).toMatchObject({ settings: { place: 'here', password: null }, secretsSet: ['password'] });
  await engine.exports.connections.editSettings(accountId, 1, { place: 'there', password: '' }, 'ola');
  await untilHistoryDone(engine, accountId);
  const dump = await database().query<{ row: string }>('select destination::text as row from destination');
  const timeline = await database().query<{ row: string }>('select timeline_entry::text as row from timeline_entry');
  const everythingSaid = [...dump.rows, ...timeline.rows].map(({ row }) => row).join() + engine.logged.join();
  expect(everythingSaid).toContain('there');
  expect(everythingSaid).not.toContain('secret-of-the-customer');
  const outcomes: string[] = [];
  const steps = engine.exports.connections.test(accountId, 'saved', new AbortController().signal);
  for await (const step of steps) outcomes.push(step.outcome);
  expect(outcomes).toEqual(['passed']);
});

test('wrong credentials fail at once with a named error; entering right ones goes on by itself', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  const settings = { place: 'here', password: 'wrong' };
  const input = { kind: 'memory', name: 'Memory', settings, selection: everything };
  await engine.exports.connections.connect(accountId, input, 'ola');
  await untilStatus(engine, accountId, 'events', 'historical', 'failed');
  const [error] = (await engine.exports.errors.list(accountId, { size: 1, activeOnly: true })).items;
  expect(error).toMatchObject({ code: 'AUTH_INVALID', remedy: 'fix-settings', externalMessage: 'wrong password' });
  await untilStatus(engine, accountId, 'profiles', 'historical', 'failed');
  await engine.exports.connections.editSettings(accountId, 1, { place: 'here', password: 'right' }, 'ola');
  await untilHistoryDone(engine, accountId);
});

test("another account's ids are not found", async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination, started: false });
  const [mine, theirs] = [await newAccount(database()), await newAccount(database())];
  await connect(engine, theirs);
  const [sync] = await engine.exports.syncs.list(theirs);
  const [run] = (await engine.exports.runs.list(theirs, { size: 1 })).items;
  const { syncs, runs, timeline } = engine.exports;
  for (const act of [syncs.get, syncs.pause, syncs.syncNow, syncs.cancel]) {
    await expect(act(mine, sync!.id, 'eve')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  await expect(runs.get(mine, run!.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await timeline.list(mine, { size: 10 })).items).toEqual([]);
});

test('freshness is the age of the oldest change that is not in the warehouse', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  const fresh = async (): Promise<number> =>
    (await findSync(engine, accountId, 'events', 'periodic')).freshnessSeconds!;
  expect(await fresh()).toBe(0);
  const { id } = await findSync(engine, accountId, 'events', 'periodic');
  await engine.exports.syncs.pause(accountId, id, 'ola');
  await recordEvents(database(), accountId, eventWrites(3));
  engine.clock.forward(1_800_000);
  expect(await fresh()).toBeGreaterThan(1_700);
  expect(await fresh()).toBeLessThan(1_900);
  await engine.exports.syncs.resume(accountId, id, 'ola');
  await untilStatus(engine, accountId, 'events', 'periodic', 'scheduled');
  await until(fresh, (seconds) => seconds === 0);
});

/** What people do to syncs at moments that do not suit. */
import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import type { AnyDestination, CheckStep } from '../destinations/destination.ts';
import { recordEvents } from '../store/event-writes.ts';
import { lockDestination } from './connection-row.ts';
import { lockSync, moveSync } from './sync-row.ts';
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

test('asked for while a run is open, one more run follows it and brings what came meanwhile', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId, { objects: ['events'] });
  await untilHistoryDone(engine, accountId);
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  warehouse.on(() => {
    reached.resolve();
    return gate.promise;
  });
  const { id } = await findSync(engine, accountId, 'events', 'periodic');
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await reached.promise;
  await recordEvents(database(), accountId, eventWrites(4));
  for (let i = 0; i < 3; i++) {
    const asked = await engine.exports.syncs.syncNow(accountId, id, 'ola');
    expect(asked).toMatchObject({ status: 'in_progress', nextRunAt: expect.any(Date) });
  }
  gate.resolve();
  await until(
    async () => warehouse.rows('klaviyo_event').length,
    (rows) => rows === 4,
  );
  const ended = await until(
    () => findSync(engine, accountId, 'events', 'periodic'),
    (sync) => sync.status === 'scheduled' && sync.nextRunAt! > engine.clock.now(),
  );
  expect(ended.freshnessSeconds).toBe(0);
  expect((await engine.exports.runs.list(accountId, { syncId: id, size: 10 })).items).toHaveLength(2);
  const { items } = await engine.exports.timeline.list(accountId, { syncId: id, size: 100 });
  expect(items.filter((entry) => entry.kind === 'sync-requested')).toHaveLength(2);
});

test('a historical sync that is running cannot be asked for again, and says so', async () => {
  const warehouse = new MemoryWarehouse();
  const gate = Promise.withResolvers<void>();
  warehouse.on(() => gate.promise);
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'in_progress');
  await expect(engine.exports.syncs.syncNow(accountId, id, 'ola')).rejects.toMatchObject({
    code: 'CONFLICT',
    summary: 'The historical sync is running already.',
  });
  gate.resolve();
  await untilHistoryDone(engine, accountId);
});

test('what was paused by hand is paused again after the connection was off and on', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  const { id } = await findSync(engine, accountId, 'events', 'periodic');
  await engine.exports.syncs.pause(accountId, id, 'ola');
  for (let i = 0; i < 2; i++) {
    await engine.exports.connections.setEnabled(accountId, false, 'ola');
    expect((await engine.exports.syncs.get(accountId, id)).status).toBe('disabled');
    await engine.exports.connections.setEnabled(accountId, true, 'ola');
    expect((await engine.exports.syncs.get(accountId, id)).status).toBe('paused');
    expect((await findSync(engine, accountId, 'profiles', 'periodic')).status).not.toBe('paused');
  }
  await engine.exports.syncs.resume(accountId, id, 'ola');
  await engine.exports.connections.setEnabled(accountId, false, 'ola');
  await engine.exports.connections.setEnabled(accountId, true, 'ola');
  await untilStatus(engine, accountId, 'events', 'periodic', 'scheduled');
});

test('an object chosen while the connection is off waits, and starts when it is switched on', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(3));
  await connect(engine, accountId, { objects: ['profiles'] });
  await untilHistoryDone(engine, accountId);
  const off = await engine.exports.connections.setEnabled(accountId, false, 'ola');
  await engine.exports.connections.editSelection(accountId, off.version, everything, 'ola');
  const statuses = (await engine.exports.syncs.list(accountId)).map((sync) => sync.status);
  expect(statuses).toEqual(Array.from({ length: 4 }, () => 'disabled'));
  await engine.exports.connections.setEnabled(accountId, true, 'ola');
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(3);
});

test('another place has everything sent anew; a new password, a note and a default that is spelt out do not', async () => {
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(8));
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  const { connections, runs } = engine.exports;
  const edit = async (settings: Record<string, string>): Promise<void> => {
    const { version } = (await connections.get(accountId))!;
    await connections.editSettings(accountId, version, settings, 'ola');
  };
  const countRuns = async (): Promise<number> => (await runs.list(accountId, { size: 100 })).items.length;

  await edit({ place: 'here', password: 'another' });
  await edit({ place: ' here ', note: 'of the north', host: 'memory.example' });
  expect(await countRuns()).toBe(2);

  for (const table of Object.values(warehouse.tables)) table.clear();
  const paused = await findSync(engine, accountId, 'profiles', 'periodic');
  await engine.exports.syncs.pause(accountId, paused.id, 'ola');
  await edit({ place: 'there' });
  expect((await engine.exports.syncs.get(accountId, paused.id)).status).toBe('paused');
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(8);
  expect(warehouse.rows('klaviyo_profile').length).toBeGreaterThan(0);
  await recordEvents(database(), accountId, eventWrites(2, { prefix: 'late' }));
  await syncOnce(engine, accountId, 'events');
  expect(warehouse.rows('klaviyo_event')).toHaveLength(10);
});

test('neither a test nor an edit takes a stored secret to another server', async () => {
  const { destination } = new MemoryWarehouse();
  const opened: unknown[] = [];
  const spied: AnyDestination = {
    ...destination,
    open: (settings, context) => {
      opened.push(settings);
      return destination.open(settings, context);
    },
  };
  await using engine = await startEngine({ db: database(), destination: spied, started: false });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  const { connections } = engine.exports;
  const elsewhere = { place: 'here', host: 'thief.example' };
  const refused = { code: 'SETTINGS_INVALID', details: { problems: [{ field: 'password' }] } };

  const test = async (settings: Record<string, string>): Promise<CheckStep[]> => {
    const steps: CheckStep[] = [];
    const { signal } = new AbortController();
    for await (const step of connections.test(accountId, { kind: 'memory', settings }, signal)) steps.push(step);
    return steps;
  };
  expect(await test(elsewhere)).toMatchObject([{ outcome: 'failed', error: refused }]);
  await expect(connections.editSettings(accountId, 1, elsewhere, 'ola')).rejects.toMatchObject(refused);
  expect(opened).toEqual([]);

  await test({ place: 'there' });
  expect(opened).toMatchObject([{ host: 'memory.example', password: 'secret-of-the-customer' }]);
  const edited = await connections.editSettings(accountId, 1, { ...elsewhere, password: 'typed again' }, 'ola');
  expect(edited.settings).toMatchObject(elsewhere);
});

test('another warehouse in the middle of a history gets the whole of it', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 10, parallelLoads: 1 });
  const loaded = Promise.withResolvers<void>();
  let hold = true;
  warehouse.on(async (step, batch, signal) => {
    if (step !== 'apply' || !hold || warehouse.ledger.size < 2 || !batch) return;
    loaded.resolve();
    await new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')), { once: true }));
  });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(60));
  await connect(engine, accountId, { objects: ['events'] });
  await loaded.promise;
  const { version } = (await engine.exports.connections.get(accountId))!;
  await engine.exports.connections.editSettings(accountId, version, { place: 'there' }, 'ola');
  for (const table of Object.values(warehouse.tables)) table.clear();
  hold = false;
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(60);
});

test('a run ends while somebody holds the connection: neither waits for the other in a circle', async () => {
  const { destination } = new MemoryWarehouse();
  await using engine = await startEngine({ db: database(), destination, started: false });
  const accountId = await newAccount(database());
  await connect(engine, accountId);
  const { id } = await findSync(engine, accountId, 'events', 'periodic');
  await database().transaction(async (holder) => {
    await lockDestination(holder, accountId);
    await database().transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '5s'`);
      await moveSync(tx, await lockSync(tx, accountId, id), 'start');
      await moveSync(tx, await lockSync(tx, accountId, id), 'finish', new Date());
    });
  });
  expect((await findSync(engine, accountId, 'events', 'periodic')).status).toBe('scheduled');
});

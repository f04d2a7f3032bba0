import { expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { testDatabase } from '../db/testing/test-database.ts';
import { recordEvents } from '../store/event-writes.ts';
import { claimChunk, renewLeases, takeLoadPlace } from './claim.ts';
import { recordStaged } from './outcome.ts';
import { planRun, unplannedRuns } from './plan.ts';
import { startDueSyncs } from './schedule.ts';
import { connect, eventWrites, newAccount, startEngine } from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';
import { WorkerIdentity } from './worker-identity.ts';

const database = testDatabase();
const hour = 3_600_000;

/** Accounts whose historical runs are planned, in chunks of ten events, with nobody at work. */
async function plannedAccounts(db: Database, count: number): Promise<number[]> {
  await db.query('truncate destination cascade');
  const warehouse = new MemoryWarehouse();
  await using engine = await startEngine({ db, destination: warehouse.destination, started: false });
  const accounts: number[] = [];
  for (let i = 0; i < count; i++) {
    const accountId = await newAccount(db);
    await recordEvents(db, accountId, eventWrites(40));
    await connect(engine, accountId, { objects: ['events'] });
    accounts.push(accountId);
  }
  await startDueSyncs(db, engine.clock.now());
  for (const run of await unplannedRuns(db)) await planRun(db, run, 10, engine.clock.now());
  return accounts;
}

const places = (count: number): ReadonlyMap<string, number> => new Map([['memory', count]]);

test('the chunks of a worker whose connection is gone are free at once; those of a living one are not', async () => {
  await plannedAccounts(database(), 1);
  const first = await WorkerIdentity.take(database());
  const second = await WorkerIdentity.take(database());
  const claimed = await claimChunk(database(), first.key, hour, places(1));
  expect(claimed).toMatchObject({ fence: 1, state: 'pending' });
  expect(await claimChunk(database(), second.key, hour, places(1))).toBeNull();
  await first.release();
  expect(await claimChunk(database(), second.key, hour, places(1))).toMatchObject({ id: claimed?.id, fence: 2 });
  await second.release();
});

test('a lease that ran out frees the chunk though its worker lives; the old fence renews and records nothing', async () => {
  await plannedAccounts(database(), 1);
  const frozen = await WorkerIdentity.take(database());
  const other = await WorkerIdentity.take(database());
  const claimed = await claimChunk(database(), frozen.key, -1, places(1));
  if (!claimed) throw new Error('nothing to claim');
  expect(await claimChunk(database(), other.key, hour, places(1))).toMatchObject({ id: claimed.id, fence: 2 });
  expect(await renewLeases(database(), frozen.key, hour, [claimed])).toEqual(new Set());
  const staged = { files: [], source: 0, staged: 0 };
  await expect(recordStaged(database(), claimed, staged, new Date())).rejects.toMatchObject({ code: 'FENCED' });
  await frozen.release();
  await other.release();
});

test('accounts take turns, whatever the size of their backlog', async () => {
  const accounts = await plannedAccounts(database(), 3);
  const worker = await WorkerIdentity.take(database());
  const served: (number | undefined)[] = [];
  for (let i = 0; i < 6; i++) served.push((await claimChunk(database(), worker.key, hour, places(9)))?.accountId);
  expect(served.slice(0, 3).sort()).toEqual(accounts.sort());
  expect(served.slice(3)).toEqual(served.slice(0, 3));
  await worker.release();
});

test('many claims at once never exceed the places of a destination', async () => {
  await plannedAccounts(database(), 1);
  const worker = await WorkerIdentity.take(database());
  const claims = Array.from({ length: 12 }, () => claimChunk(database(), worker.key, hour, places(2)));
  const taken = (await Promise.all(claims)).filter((chunk) => chunk !== null);
  expect(taken.length).toBeLessThanOrEqual(2);
  expect(new Set(taken.map((chunk) => chunk.id)).size).toBe(taken.length);
  await worker.release();
});

test('no more batches load at once than the destination admits', async () => {
  await plannedAccounts(database(), 1);
  const worker = await WorkerIdentity.take(database());
  const staged = { files: [], source: 0, staged: 0 };
  const chunks = [];
  for (let i = 0; i < 3; i++) {
    const chunk = await claimChunk(database(), worker.key, hour, places(3));
    if (!chunk) throw new Error('nothing to claim');
    await recordStaged(database(), chunk, staged, new Date());
    chunks.push(chunk);
  }
  const granted = await Promise.all(chunks.map((chunk) => takeLoadPlace(database(), chunk, 2)));
  expect(granted.filter(Boolean)).toHaveLength(2);
  await worker.release();
});

import { beforeEach, expect, test } from 'vitest';
import { Database } from '../db/database.ts';
import { testDatabase } from '../db/testing/test-database.ts';
import { JsonText } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { recordEventsInBulk, type BulkOptions } from './bulk.ts';
import { KnownPeople } from './known-people.ts';
import { deleteProfiles, mergeProfiles, upsertProfiles } from './profile-writes.ts';

const database = testDatabase();
let id: number;
let people: KnownPeople;
beforeEach(async () => {
  ({ id } = await createAccount(database(), { name: 'Shop' }));
  people = new KnownPeople();
});

async function record(
  uniqueId: string,
  email: string,
  { db = database(), ...options }: BulkOptions & { db?: Database } = {},
): Promise<void> {
  const event = { metric: { name: 'Seen' }, profile: { email }, datetime: new Date(1.7e12), uniqueId };
  await recordEventsInBulk(db, id, [{ ...event, properties: new JsonText('{}') }], { ...options, people });
}

async function profileId(email: string): Promise<string> {
  const [found] = await upsertProfiles(database(), id, [{ email }], { onExisting: 'update' });
  return found && 'id' in found ? found.id : '';
}

/** E-mail of each event's person. */
async function owners(): Promise<unknown> {
  const { rows } = await database().query<{ line: string }>(
    `select e.unique_id || ' ' || coalesce(p.email, 'nobody') as line
     from event e left join profile p on p.account_id = e.account_id and p.id = e.profile_id
     where e.account_id = $1 order by 1`,
    [id],
  );
  return rows.map(({ line }) => line);
}

test('who was in the batch before is not looked up again', async () => {
  // one connection, whose counts of earlier transactions are handed over before each
  await using single = new Database(database().url, { maxConnections: 1 });
  const lookups = async (uniqueId: string, email: string): Promise<number> => {
    await single.query('select pg_stat_force_next_flush()');
    let count = -1;
    await record(uniqueId, email, {
      db: single,
      async alongside(tx) {
        const { rows } = await tx.query<{ n: number }>(
          `select idx_scan as n from pg_stat_xact_user_tables where relname = 'profile'`,
        );
        count = rows[0]?.n ?? 0;
      },
    });
    return count;
  };
  expect(await lookups('1', 'a@x.co')).toBe(1);
  expect(await lookups('2', 'a@x.co')).toBe(0);
  expect(await lookups('3', 'b@x.co')).toBe(1);
});

test('a person who was deleted between two batches is made anew', async () => {
  await record('1', 'a@x.co');
  await deleteProfiles(database(), id, { email: 'a@x.co' });
  await record('2', 'a@x.co');
  expect(await owners()).toEqual(['2 a@x.co']);
});

test('a person who was merged into another between two batches lives on there', async () => {
  await record('1', 'a@x.co');
  const [target, source] = [await profileId('b@x.co'), await profileId('a@x.co')];
  await mergeProfiles(database(), id, target, [source]);
  await upsertProfiles(database(), id, [{ id: target, email: 'a@x.co' }], { onExisting: 'update' });
  await record('2', 'a@x.co');
  expect(await owners()).toEqual(['1 a@x.co', '2 a@x.co']);
});

test('who was made by a batch that failed is not taken to be there', async () => {
  const failing = record('1', 'a@x.co', { alongside: () => Promise.reject(new Error('no room')) });
  await expect(failing).rejects.toThrow('no room');
  await record('2', 'a@x.co');
  expect(await owners()).toEqual(['2 a@x.co']);
});

test('an address that another person took between two batches leads to them', async () => {
  await record('1', 'a@x.co');
  const first = await profileId('a@x.co');
  await upsertProfiles(database(), id, [{ id: first, email: 'other@x.co' }], { onExisting: 'update' });
  await upsertProfiles(database(), id, [{ externalId: 'x', email: 'a@x.co' }], { onExisting: 'update' });
  await record('2', 'a@x.co');
  expect(await owners()).toEqual(['1 other@x.co', '2 a@x.co']);
});

import { expect, test } from 'vitest';
import { Database, isUniqueViolation } from './database.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();

test('a transaction commits what it did, or nothing', async () => {
  await database().query('create table kept (n integer primary key)');
  await database().transaction((tx) => tx.query('insert into kept values (1)'));
  await expect(
    database().transaction(async (tx) => {
      await tx.query('insert into kept values (2)');
      throw new Error('change of mind');
    }),
  ).rejects.toThrow('change of mind');
  const { rows } = await database().query<{ n: number }>('select n from kept');
  expect(rows).toEqual([{ n: 1 }]);
});

test('the last statement of a transaction goes with its commit: both hold, or neither', async () => {
  await database().query('create table last (n integer primary key)');
  const insert = (n: number) => ({ statement: 'insert into last values ($1)', values: [n] });
  const found = async (): Promise<number[]> =>
    (await database().query<{ n: number }>('select n from last order by n')).rows.map(({ n }) => n);

  await database().transaction((tx) => tx.query('insert into last values (1)'), { last: () => insert(2) });
  expect(await found()).toEqual([1, 2]);
  await expect(
    database().transaction((tx) => tx.query('insert into last values (3)'), { last: () => insert(2) }),
  ).rejects.toThrow('duplicate key');
  expect(await found()).toEqual([1, 2]);
  await database().transaction((tx) => tx.query('insert into last values (4)'), { last: () => null });
  expect(await found()).toEqual([1, 2, 4]);
});

test('a statement of the wrong kind stays as PostgreSQL said it', async () => {
  await database().query('create table once (n integer primary key)');
  await database().query('insert into once values (1)');
  const error = await database()
    .query('insert into once values (1)')
    .catch((reason: unknown) => reason);
  expect(isUniqueViolation(error)).toBe(true);
  expect(isUniqueViolation(error, 'once_pkey')).toBe(true);
  expect(isUniqueViolation(error, 'other')).toBe(false);
});

test('a connection that is cut in a transaction is an outage of the store, and the pool recovers', async () => {
  const cut = database().transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database().query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await tx.query('select 1');
  });
  await expect(cut).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', remedy: 'retry' });
  const { rows } = await database().query<{ n: number }>('select 1 as n');
  expect(rows).toEqual([{ n: 1 }]);
});

test('a database that is not there is an outage of the store', async () => {
  await using nowhere = new Database('postgres://nobody@127.0.0.1:1/none');
  await expect(nowhere.query('select 1')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(nowhere.transaction(async () => 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(nowhere.connect()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a snapshot sees one moment and cannot write', async () => {
  await database().query('create table moment (n integer)');
  const counts = await database().transaction(
    async (tx) => {
      const before = await tx.query('select n from moment');
      await database().query('insert into moment values (1)');
      const after = await tx.query('select n from moment');
      return [before.count, after.count];
    },
    { mode: 'snapshot' },
  );
  expect(counts).toEqual([0, 0]);
  const write = database().transaction((tx) => tx.query('insert into moment values (2)'), { mode: 'snapshot' });
  await expect(write).rejects.toThrow('read-only');
});

test('integers beyond 2^53 are refused rather than rounded', async () => {
  await expect(database().query('select 9007199254740993::bigint as n')).rejects.toThrow('beyond 2^53');
  const { rows } = await database().query<{ n: number }>('select 9007199254740991::bigint as n');
  expect(rows).toEqual([{ n: 9_007_199_254_740_991 }]);
});

test('a flush covers every commit before it, however many wait for it at once', async () => {
  // the test cluster as a whole does without the disk
  await using durable = new Database(`${database().url}?options=-c%20synchronous_commit%3Don`);
  await durable.query('create table flushed (n integer)');
  await durable.transaction(async (tx) => {
    await tx.query('set local synchronous_commit = off');
    await tx.query('insert into flushed select n from generate_series(1, 1000) n');
  });
  const { rows: before } = await durable.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
  await Promise.all(Array.from({ length: 50 }, () => durable.flush()));
  const { rows } = await durable.query<{ covered: boolean }>(
    'select pg_current_wal_flush_lsn() >= $1::pg_lsn as covered',
    [before[0]?.lsn],
  );
  expect(rows[0]?.covered).toBe(true);
});

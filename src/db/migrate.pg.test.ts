import { expect, test } from 'vitest';
import { Database } from './database.ts';
import { migrate, readMigrations } from './migrate.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();

test('a second run applies nothing', async () => {
  expect(await migrate(database())).toEqual([]);
});

test('numbers are consecutive from 0001', async () => {
  const numbers = (await readMigrations()).map((migration) => Number(migration.name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test('an edited migration is refused', async () => {
  await database().query(`update migration set sha256 = 'other' where name = '0001_accounts'`);
  await expect(migrate(database())).rejects.toThrow('0001_accounts was edited');
});

test('events of any admitted year find a partition', async () => {
  const years = [1990, 2011, new Date().getUTCFullYear() + 1];
  for (const year of years) {
    const { rows } = await database().query<{ found: string | null }>(
      `select to_regclass('event_${year}')::text as found`,
    );
    expect(rows[0]?.found).toBe(`event_${year}`);
  }
});

/** A database that stands where the migrations before `name` leave it. */
async function databaseBefore(name: string): Promise<Database> {
  await database().query('create database before template template0');
  const db = new Database(new URL('/before', database().url).href);
  await db.query(
    'create table migration (name text primary key, sha256 text not null, applied_at timestamptz default now())',
  );
  for (const migration of (await readMigrations()).filter((one) => one.name < name)) {
    await db.query(migration.sql);
    await db.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256]);
  }
  return db;
}

test('the changes of people who were there already move to their table, in every account', async () => {
  const db = await databaseBefore('0011');
  await db.query(`insert into account (public_id, name) values ('Aaaaaa', 'A'), ('Bbbbbb', 'B')`);
  await db.query(
    `insert into profile (account_id, id, change_number, created, updated)
     select a.id, 'p' || n, 2000 - n, now(), now() - n * interval '1 minute' from account a, generate_series(1, 1000) n`,
  );
  expect(await migrate(db)).toContain('0011_profile_changes');
  const { rows } = await db.query<{ moved: number; same: number }>(
    `select count(*) as moved, count(p.id) as same from profile_change c
     left join profile p using (account_id, change_number, updated) where p.id is not distinct from c.profile_id`,
  );
  expect(rows).toEqual([{ moved: 2000, same: 2000 }]);
  await db[Symbol.asyncDispose]();
  await database().query('drop database before with (force)');
});

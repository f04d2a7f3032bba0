import { expect, test } from 'vitest';
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

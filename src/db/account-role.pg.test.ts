import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();

interface Owner {
  readonly name: string;
  /** Of a new, empty database of theirs. */
  url(): Promise<string>;
}

/** Somebody who is no superuser, and all they left behind. */
async function withOwner(rights: string, work: (owner: Owner) => Promise<void>): Promise<void> {
  const name = `owner_${randomBytes(4).toString('hex')}`;
  const admin = await database().connect();
  const made: string[] = [];
  try {
    await admin.query(`create role ${name} login password 'none' ${rights}`);
    await work({
      name,
      async url() {
        const url = new URL(database().url);
        url.username = name;
        url.password = 'none';
        url.pathname = `/${name}_${made.length}`;
        made.push(`${name}_${made.length}`);
        await admin.query(`create database ${made.at(-1)} owner ${name} template template0`);
        return url.href;
      },
    });
  } finally {
    for (const one of made) await admin.query(`drop database ${one} with (force)`);
    await admin.query(`drop role if exists ${name}_account`);
    await admin.query(`drop role ${name}`);
    await admin.end();
  }
}

async function seesOneAccount(db: Database): Promise<void> {
  const { rows } = await db.query<{ id: number }>(
    `insert into account (public_id, name) values ('Aaaaaa', 'A'), ('Bbbbbb', 'B') returning id`,
  );
  const id = rows[1]?.id ?? 0;
  expect((await db.within(id, () => db.query('select name from account'))).rows).toEqual([{ name: 'B' }]);
}

test('databases of one cluster that start together agree on the role, and it is walled in each', async () => {
  await withOwner('createrole', async (owner) => {
    const urls = [await owner.url(), await owner.url(), await owner.url()];
    await Promise.all(
      urls.map(async (url) => {
        await using db = new Database(url);
        await migrate(db);
        await seesOneAccount(db);
      }),
    );
  });
});

test('a user who may not make roles is told what to do, and doing it is enough', async () => {
  await withOwner('', async (owner) => {
    await using db = new Database(await owner.url());
    const refused = await migrate(db).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining(`${owner.name}_account`),
      externalMessage: expect.stringContaining('permission denied to create role'),
    });
    const statements = /run: (.*?;.*?)\. Where/.exec((refused as { advice: string }).advice)?.[1] ?? '';
    await database().query(statements);
    await migrate(db);
    await seesOneAccount(db);
  });
});

test('without the role, on request, everything works as the owner', async () => {
  await withOwner('', async (owner) => {
    await using db = new Database(await owner.url(), { rowLevelSecurity: false });
    await migrate(db);
    await db.query(`insert into account (public_id, name) values ('Aaaaaa', 'A'), ('Bbbbbb', 'B')`);
    expect((await db.within(1, () => db.query('select name from account'))).count).toBe(2);
  });
});

test('a role of that name that could do more is not taken', async () => {
  await withOwner('createrole', async (owner) => {
    await database().query(`create role ${owner.name}_account login`);
    await database().query(`grant ${owner.name}_account to ${owner.name}`);
    await using db = new Database(await owner.url());
    await expect(migrate(db)).rejects.toThrow('may log in or pass over row-level security');
  });
});

test('another owner of the cluster does not get in through their own role', async () => {
  await withOwner('createrole', async (owner) => {
    const url = new URL(database().url);
    url.username = owner.name;
    url.password = 'none';
    await using intruder = new Database(await owner.url());
    await migrate(intruder);
    await using here = new Database(url.href);
    await expect(here.within(1, () => here.query('select from profile'))).rejects.toThrow('permission denied');
    await expect(here.query('set role wharf_account')).rejects.toThrow('permission denied to set role');
  });
});

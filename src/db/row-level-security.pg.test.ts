import { expect, test } from 'vitest';
import { Database, eachWithin } from './database.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();
const roleName = `(left(session_user::text, 55) || '_account')`;

async function newAccount(publicId: string): Promise<number> {
  const { rows } = await database().query<{ id: number }>(
    `insert into account (public_id, name) values ($1, $1) returning id`,
    [publicId],
  );
  const id = rows[0]?.id ?? 0;
  await database().query('insert into change_counter (account_id) values ($1)', [id]);
  await database().query(
    `insert into profile (account_id, change_number, created, updated, id, email)
     select $1, n, now(), now(), 'P' || n, n || '@x.co' from generate_series(1, 3) n`,
    [id],
  );
  return id;
}

const accountsSeen = async (db: Database): Promise<number[]> => {
  const { rows } = await db.query<{ id: number }>('select distinct account_id as id from profile order by 1');
  return rows.map(({ id }) => id);
};

test('every table that names an account is closed to other accounts, or closed altogether', async () => {
  const { rows } = await database().query<{ name: string; walled: boolean; reached: boolean }>(
    `select c.relname as name,
            c.relrowsecurity and exists (
              select from pg_policies p
              where p.schemaname = 'public' and p.tablename = c.relname and p.cmd = 'ALL' and p.permissive = 'PERMISSIVE'
                and p.qual like '(NOT (account_id IS DISTINCT FROM ( SELECT COALESCE((current_setting(''wharf.account_id''::text, true))::bigint, (0)::bigint)%') as walled,
            has_any_column_privilege(${roleName}, c.oid, 'select, insert, update') or
              has_table_privilege(${roleName}, c.oid, 'delete, truncate') as reached
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and exists (
       select from information_schema.columns
       where table_schema = 'public' and table_name = c.relname and column_name = 'account_id')
     order by 1`,
  );
  const partitions = rows.filter(({ name }) => /^event_\d{4}$/.test(name));
  const tables = rows.filter((row) => !partitions.includes(row));
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter(({ walled }) => !walled).map(({ name }) => name)).toEqual([]);
  expect(tables.filter(({ reached }) => !reached).map(({ name }) => name)).toEqual([]);
  expect(partitions.filter(({ reached }) => reached)).toEqual([]);
});

test('of tables without an account, the role reads the few it needs and writes none', async () => {
  const { rows } = await database().query<{ name: string; may: string }>(
    `select table_name as name, string_agg(distinct privilege_type, ' ') as may from information_schema.column_privileges
     where grantee = ${roleName} and table_schema = 'public' and table_name not in (
       select table_name from information_schema.columns where table_schema = 'public' and column_name = 'account_id')
     group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { name: 'account', may: 'SELECT UPDATE' },
    { name: 'person', may: 'SELECT' },
    { name: 'retired_key', may: 'SELECT' },
    { name: 'sftp_server', may: 'SELECT' },
    { name: 'ssh_host_key', may: 'SELECT' },
  ]);
});

test('a query that forgets the account sees and changes its own account only', async () => {
  const [mine, theirs] = [await newAccount('Mine01'), await newAccount('Thrs01')];
  const db = database();
  await db.within(mine, async () => {
    expect(await accountsSeen(db)).toEqual([mine]);
    expect((await db.query('select id from account')).rows).toEqual([{ id: mine }]);
    expect((await db.query(`update profile set first_name = 'Eve'`)).count).toBe(3);
    expect((await db.query('delete from profile where account_id = $1', [theirs])).count).toBe(0);
    const planted = `insert into profile (account_id, change_number, created, updated, id) values ($1, 9, now(), now(), 'P9')`;
    await expect(db.query(planted, [theirs])).rejects.toThrow('row-level security');
    await expect(db.query('update profile set account_id = $1', [theirs])).rejects.toThrow('row-level security');
    await expect(db.query('select from event_2020')).rejects.toThrow('permission denied');
    await expect(db.query('truncate profile')).rejects.toThrow('permission denied');
  });
  const { rows } = await db.query('select distinct first_name as name from profile where account_id = $1', [theirs]);
  expect(rows).toEqual([{ name: null }]);
});

test('so does a transaction, to its end and after a failure; the owner sees all again', async () => {
  const [mine, theirs] = [await newAccount('Mine02'), await newAccount('Thrs02')];
  const db = database();
  await db.within(mine, async () => {
    const failed = db.transaction(async (tx) => {
      await tx.query(`update profile set first_name = 'Eve'`);
      await tx.query('insert into change_counter (account_id) values ($1)', [theirs]);
    });
    await expect(failed).rejects.toThrow('row-level security');
    expect(await accountsSeen(db)).toEqual([mine]);
    expect((await db.query('select from profile where first_name is null')).count).toBe(3);
  });
  expect(await accountsSeen(db)).toEqual(expect.arrayContaining([mine, theirs]));
});

test('connections change hands between accounts and never mix them up', async () => {
  const accounts = await Promise.all(Array.from({ length: 6 }, (_, i) => newAccount(`Many0${i}`)));
  const db = database();
  const seen = await Promise.all(
    Array.from({ length: 300 }, async (_, i) => {
      const account = accounts[i % accounts.length] ?? 0;
      const found = await db.within(account, async () =>
        i % 3 === 0
          ? db.transaction(async (tx) => (await tx.query('select distinct account_id as id from profile')).rows)
          : (await db.query('select distinct account_id as id from profile')).rows,
      );
      return { account, found };
    }),
  );
  for (const { account, found } of seen) expect(found).toEqual([{ id: account }]);
});

test('what belongs to no account is done as the owner, in the same transaction', async () => {
  const mine = await newAccount('Mine03');
  const db = database();
  await db.query('create table chore (n integer)');
  const add = (fails: boolean) =>
    db.within(mine, () =>
      db.transaction(async (tx) => {
        await tx.queryAsOwner('insert into chore values (1)');
        await expect(accountsSeen({ query: tx.query } as Database)).resolves.toEqual([mine]);
        if (fails) throw new Error('change of mind');
      }),
    );
  await expect(add(true)).rejects.toThrow('change of mind');
  await add(false);
  expect((await db.query('select from chore')).count).toBe(1);
  await expect(db.within(mine, () => db.query('select from chore'))).rejects.toThrow('permission denied');
});

test('each step of an iterable stays inside, wherever it is read', async () => {
  const mine = await newAccount('Mine04');
  await newAccount('Thrs04');
  const db = database();
  let ended = false;
  async function* rows(): AsyncGenerator<number[]> {
    try {
      for (;;) yield await accountsSeen(db);
    } finally {
      ended = true;
    }
  }
  const items = db.within(mine, rows);
  let steps = 0;
  for await (const step of eachWithin(db, mine, items)) {
    expect(step).toEqual([mine]);
    if (++steps === 3) break;
  }
  expect(ended).toBe(true);
  expect((await accountsSeen(db)).length).toBeGreaterThan(1);
});

test('work within one account cannot enter another', async () => {
  const db = database();
  await expect(db.within(1, async () => db.within(2, async () => 0))).rejects.toThrow('cannot enter');
});

test('a connection that cannot take the role is not used', async () => {
  const mine = await newAccount('Mine05');
  const admin = await database().connect();
  const url = new URL(database().url);
  try {
    await admin.query(
      `create role wallless login password 'none'; grant all on all tables in schema public to wallless`,
    );
    url.username = 'wallless';
    url.password = 'none';
    await using db = new Database(url.href);
    await expect(db.within(mine, () => accountsSeen(db))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  } finally {
    await admin.query('drop owned by wallless; drop role wallless');
    await admin.end();
  }
});

test('look-ups use the same indexes as without the wall', async () => {
  const mine = await newAccount('Mine06');
  const db = database();
  const plan = async (text: string, values: unknown[]): Promise<string> => {
    const { rows } = await db.within(mine, () =>
      db.transaction(async (tx) => {
        await tx.query('set local enable_seqscan = off');
        return tx.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, values);
      }),
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const byMail = await plan('select id from profile where account_id = $1 and email = any($2::text[])', [
    mine,
    ['1@x.co', '2@x.co'],
  ]);
  expect(byMail).toContain('profile_email');
  expect(byMail).toMatch(/Index Cond: .*email = ANY/);
  const byKey = await plan('select key from event_key where account_id = $1 and key = any($2::uuid[])', [
    mine,
    [crypto.randomUUID()],
  ]);
  expect(byKey).toMatch(/Index Cond: .*key = /);
  const events = await plan(
    'select id from event where account_id = $1 and datetime >= $2 order by datetime, id limit 10',
    [mine, new Date(0)],
  );
  expect(events).toMatch(/Index Cond: .*datetime >= /);
});

import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { toJsonText } from '../kernel/json-text.ts';
import { createImportJob, getImportJob } from '../store/profile-import-jobs.ts';
import { connect, findSync, newAccount, startEngine } from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';
import { tidy } from './tidy.ts';

const database = testDatabase();
const day = 86_400_000;

/** `count` ended runs, each with a chunk, a timeline entry and a resolved error; one an hour, the newest at `newest`. */
async function makePast(accountId: number, count: number, newest: Date): Promise<string> {
  await using engine = await startEngine({
    db: database(),
    destination: new MemoryWarehouse().destination,
    started: false,
  });
  await connect(engine, accountId, { objects: ['profiles'] });
  const { id } = await findSync(engine, accountId, 'profiles', 'periodic');
  const past = `select lpad(n::text, 26, '0') as id, $3::timestamptz - ($4::integer - n) * interval '1 hour' as at
                from generate_series(1, $4::integer) as n`;
  const values = [accountId, id, newest, count];
  await database().query(
    `insert into run (account_id, id, sync_id, destination_id, status, number_from, number_to, filter, with_tombstones,
                      created_at, started_at, ended_at)
     select s.account_id, past.id, s.id, s.destination_id, 'succeeded', 0, 0, '{}', true, at, at, at
     from (${past}) as past, sync s where s.account_id = $1 and s.id = $2`,
    values,
  );
  await database().query(
    `insert into chunk (account_id, id, run_id, sync_id, destination_id, position, table_name, content, number_from,
                        number_to, estimated_rows, state, source_rows, staged_rows, loaded_rows)
     select r.account_id, r.id || '-0', r.id, r.sync_id, r.destination_id, 0, 'klaviyo_profile', 'changes', 0, 0, 0,
            'loaded', 0, 0, 0
     from run r where r.account_id = $1 and r.sync_id = $2`,
    [accountId, id],
  );
  await database().query(
    `insert into timeline_entry (account_id, id, destination_id, sync_id, kind, at, actor, details)
     select s.account_id, past.id, s.destination_id, s.id, 'run-succeeded', at, 'system', '{}'
     from (${past}) as past, sync s where s.account_id = $1 and s.id = $2`,
    values,
  );
  await database().query(
    `insert into sync_error (account_id, id, sync_id, run_id, code, remedy, summary, advice, details, first_at, last_at,
                             resolved_at)
     select $1, past.id, $2, past.id, 'TIMEOUT', 'retry', 's', 'a', '{}', at, at, at from (${past}) as past`,
    values,
  );
  return id;
}

async function left(accountId: number, syncId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['run', 'chunk', 'timeline_entry', 'sync_error']) {
    const { rows } = await database().query<{ count: number }>(
      `select count(*) as count from ${table} where account_id = $1 and sync_id = $2`,
      [accountId, syncId],
    );
    counts[table] = rows[0]?.count ?? -1;
  }
  return counts;
}

test('what ended 400 days ago goes, but never the newest hundred of a sync', async () => {
  const now = new Date();
  const [old, recent] = [await newAccount(database()), await newAccount(database())];
  const forgotten = await makePast(old, 130, new Date(now.getTime() - 500 * day));
  const kept = await makePast(recent, 130, new Date(now.getTime() - 300 * day));
  expect(await tidy(database(), now)).toBe(3 * 30);
  const hundred = { run: 100, chunk: 100, timeline_entry: 100, sync_error: 100 };
  expect(await left(old, forgotten)).toEqual(hundred);
  expect(await left(recent, kept)).toEqual({ run: 130, chunk: 130, timeline_entry: 130, sync_error: 130 });
  expect(await tidy(database(), now)).toBe(0);
});

test('runs that have not ended and errors that are active stay, however old', async () => {
  const now = new Date();
  const accountId = await newAccount(database());
  const id = await makePast(accountId, 130, new Date(now.getTime() - 500 * day));
  const first = ['0'.repeat(25) + '1'];
  await database().query(`update run set status = 'failed', ended_at = null where account_id = $1 and id = any($2)`, [
    accountId,
    first,
  ]);
  await database().query('update sync_error set resolved_at = null where account_id = $1 and id = any($2)', [
    accountId,
    first,
  ]);
  await tidy(database(), now);
  expect(await left(accountId, id)).toEqual({ run: 101, chunk: 101, timeline_entry: 100, sync_error: 101 });
});

test('finished profile imports go after a week, those that never ended after a month', async () => {
  const now = new Date();
  const accountId = await newAccount(database());
  const job = (age: number): Promise<string> =>
    database().transaction(async (tx) => {
      const made = { payload: toJsonText([{}]), notes: [], total: 1, now: new Date(now.getTime() - age * day) };
      return (await createImportJob(tx, accountId, made)).id;
    });
  const [finished, fresh, stuck, lost] = [await job(8), await job(6), await job(29), await job(31)];
  await database().query(`update profile_import_job set status = 'complete' where id = any($1)`, [[finished, fresh]]);
  await tidy(database(), now);
  const there = async (id: string): Promise<boolean> => (await getImportJob(database(), accountId, id)) !== null;
  expect([await there(finished), await there(fresh), await there(stuck), await there(lost)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('events of coming years have a place before they come', async () => {
  const far = new Date('2031-06-01T00:00:00Z');
  await tidy(database(), far);
  const { rows } = await database().query<{ name: string | null }>(`select to_regclass('event_2033')::text as name`);
  expect(rows).toEqual([{ name: 'event_2033' }]);
});

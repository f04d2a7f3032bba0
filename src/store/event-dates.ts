/** When people last did something: entered afterwards for events that were recorded in bulk. */
import type { Database, Sql } from '../db/database.ts';
import { withAccountWrite } from './change-numbers.ts';
import { ProfileBook } from './profile-book.ts';

/** Change numbers looked through at once. Most people of a slice are in the slices before it, too. */
const numbersAtOnce = 100_000;
/** People changed in one transaction, so that the account's other writers wait for a moment only. */
const peopleAtOnce = 2500;

/** Change numbers, both ends among them. */
interface Slice {
  readonly from: number;
  readonly to: number;
}

interface LastEvent {
  readonly profileId: string;
  readonly at: Date;
}

/**
 * Makes `last_event_date` true of everyone whose events had come in bulk when it was called. Begins with the newest events: in a
 * file in the order of time that leaves little to do for the others. Can be cut off anywhere and done twice: dates only grow.
 */
export async function enterEventDates(db: Database, accountId: number): Promise<void> {
  const undated = await undatedEvents(db, accountId);
  if (!undated) return;
  for (let { to } = undated; to >= undated.from; to -= numbersAtOnce) {
    const slice = { from: Math.max(undated.from, to - numbersAtOnce + 1), to };
    const late = await lateEvents(db, accountId, slice);
    for (let start = 0; start < late.length; start += peopleAtOnce) {
      await datePeople(db, accountId, late.slice(start, start + peopleAtOnce));
    }
  }
  await settle(db, accountId, undated);
}

/** Accounts in which `enterEventDates` has something to do, or will have once an import is over. */
export async function undatedAccounts(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    'select account_id as id from change_counter where undated_from is not null',
  );
  return rows.map(({ id }) => id);
}

async function undatedEvents(sql: Sql, accountId: number): Promise<Slice | null> {
  const { rows } = await sql.query<Slice>(
    `select undated_from as "from", undated_to as "to" from change_counter
     where account_id = $1 and undated_from is not null`,
    [accountId],
  );
  return rows[0] ?? null;
}

/** The newest event in the slice of each person who is thought to have done nothing since an earlier time. */
async function lateEvents(sql: Sql, accountId: number, { from, to }: Slice): Promise<LastEvent[]> {
  const { rows } = await sql.query<LastEvent>(
    `select newest.profile_id as "profileId", newest.at
     from (select profile_id, max(datetime) as at from event
           where account_id = $1 and change_number between $2 and $3 group by profile_id) as newest
     join profile p on p.account_id = $1 and p.id = newest.profile_id
     where p.last_event_date is null or p.last_event_date < newest.at`,
    [accountId, from, to],
  );
  return rows;
}

async function datePeople(db: Database, accountId: number, events: readonly LastEvent[]): Promise<void> {
  await withAccountWrite(
    db,
    accountId,
    async (tx, numbers) => {
      const writes = events.map(({ profileId }) => ({ id: profileId }));
      const book = await ProfileBook.open(tx, numbers, accountId, writes);
      for (const { profileId, at } of events) {
        // null: deleted since it was looked for
        const profile = book.find({ id: profileId });
        if (profile) book.sawEvent(profile, at.getTime());
      }
      await book.save();
    },
    { awaitDisk: false },
  );
}

/** What has come in bulk meanwhile stays to be done; what another process has settled meanwhile stays settled. */
async function settle(sql: Sql, accountId: number, { from, to }: Slice): Promise<void> {
  await sql.query(
    `update change_counter
     set undated_from = case when undated_to > $3 then $3 + 1 end, undated_to = case when undated_to > $3 then undated_to end
     where account_id = $1 and undated_from = $2`,
    [accountId, from, to],
  );
}

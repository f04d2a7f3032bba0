/** The statements by which `recordEvents` writes. */
import type { Tx } from '../db/database.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import { integerColumn, textColumn, timeColumn, uuidColumn } from './column-arrays.ts';
import { writeEventId, writeEventKey, type EventWrite } from './event.ts';
import { notesText, type Profile } from './profile.ts';

/** An event that may be in the store already, and whose person is known. */
export interface EventRow {
  readonly profile: Profile;
  readonly metricId: string;
  readonly uniqueId: string;
  /** See `eventDigest`. */
  readonly digest: string;
  readonly write: EventWrite;
  /** As they are stored. */
  readonly properties: string;
}

/** Enters keys that are all new: to look each up for a conflict first costs a third more. @throws a unique violation */
export async function enterKeys(tx: Tx, accountId: number, rows: readonly EventRow[]): Promise<void> {
  const text = 'insert into event_key (account_id, key) select $1, n.key from unnest($2::uuid[]) as n(key)';
  await tx.query({ name: 'enter-event-keys', text }, [accountId, keyColumn(rows)]);
}

/** Enters the keys the store does not have yet and returns the rows whose keys those were. */
export async function claimKeys(tx: Tx, accountId: number, rows: readonly EventRow[]): Promise<readonly EventRow[]> {
  const { count } = await tx.query(
    {
      name: 'claim-event-keys',
      text: `insert into event_key (account_id, key) select $1, n.key from unnest($2::uuid[]) as n(key)
             on conflict do nothing`,
    },
    [accountId, keyColumn(rows)],
  );
  return count === rows.length ? rows : claimedRows(tx, accountId, rows);
}

/** Those whose key this transaction has entered. Asked only when some were there: to return all keys each time costs more. */
async function claimedRows(tx: Tx, accountId: number, rows: readonly EventRow[]): Promise<EventRow[]> {
  const { rows: entered } = await tx.query<{ place: number }>(
    `select n.place
     from unnest($2::uuid[]) with ordinality as n(key, place) cross join lateral
       (select xmin from event_key where account_id = $1 and key = n.key limit 1) as k
     where k.xmin = pg_current_xact_id()::xid`,
    [accountId, keyColumn(rows)],
  );
  return entered.flatMap(({ place }) => rows[place - 1] ?? []);
}

const insertStatement = {
  name: 'insert-events',
  text: `insert into event (account_id, received_at, change_number, datetime, id, profile_id, metric_id, unique_id,
           properties, door_notes)
         select $1, $2, n.change_number, n.datetime, n.id, n.profile_id, n.metric_id, n.unique_id, n.properties,
           n.door_notes
         from unnest($3::int8[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
           $10::text[])
           as n(change_number, datetime, id, profile_id, metric_id, unique_id, properties, door_notes)`,
};

/** Adds events; each takes one change number. */
export async function insertEvents(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  rows: readonly EventRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const first = numbers.take(rows.length);
  await tx.query(insertStatement, [
    accountId,
    numbers.now,
    integerColumn(rows.map((_, index) => first + index)),
    timeColumn(rows.map((row) => row.write.datetime.getTime())),
    uuidColumn(rows, (target, pos, row) => writeEventId(target, pos, row.digest, row.write.datetime.getTime())),
    textColumn(rows.map((row) => row.profile.id)),
    textColumn(rows.map((row) => row.metricId)),
    textColumn(rows.map((row) => row.uniqueId)),
    textColumn(rows.map((row) => row.properties)),
    textColumn(rows.map((row) => notesText(row.write.notes))),
  ]);
}

function keyColumn(rows: readonly EventRow[]): Buffer {
  return uuidColumn(rows, (target, pos, row) => writeEventKey(target, pos, row.digest));
}

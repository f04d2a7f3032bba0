/** Profiles that go: merged into another or deleted. Every row that goes leaves a tombstone with a change number. */
import type { Tx } from '../db/database.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import { textColumn } from './column-arrays.ts';

/**
 * Gives the events of `sources` to `target`. An event the target has already (same metric and unique id), or that two
 * sources share, goes with a tombstone `duplicate`; the one recorded first stays.
 */
export async function moveEvents(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  targetId: string,
  sourceIds: readonly string[],
): Promise<void> {
  const { count } = await tx.query(
    `with moving as (
       select datetime, id, event_key_of($2, metric_id, unique_id) as key,
              row_number() over (partition by metric_id, unique_id order by received_at, change_number) as place
       from event where account_id = $1 and profile_id = any($3::text[])
     ), claimed as (
       insert into event_key (account_id, key) select $1, key from moving where place = 1
       on conflict do nothing returning key
     ), kept as (
       select datetime, id, row_number() over (order by datetime, id) as place
       from moving join claimed using (key) where moving.place = 1
     )
     update event e set profile_id = $2, change_number = $4 + kept.place
     from kept where e.account_id = $1 and e.datetime = kept.datetime and e.id = kept.id`,
    [accountId, targetId, textColumn(sourceIds), numbers.last],
  );
  numbers.take(count);
}

/** When the profile's newest event was; null when it has none. */
export async function lastEventMs(tx: Tx, accountId: number, profileId: string): Promise<number | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    'select max(datetime) as at from event where account_id = $1 and profile_id = $2',
    [accountId, profileId],
  );
  return rows[0]?.at?.getTime() ?? null;
}

/** Deletes what events the profiles (still) have, and their keys. */
export async function removeEvents(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profileIds: readonly string[],
  reason: 'deleted' | 'duplicate',
): Promise<void> {
  const { count } = await tx.query(
    `with gone as (
       delete from event where account_id = $1 and profile_id = any($2::text[]) returning id
     )
     insert into tombstone (account_id, change_number, table_name, id, reason, created_at)
     select $1, $3 + row_number() over (order by id), 'event', id::text, $4, $5 from gone`,
    [accountId, textColumn(profileIds), numbers.last, reason, numbers.now],
  );
  numbers.take(count);
}

/** Lets go the keys of all events the profiles have; to be called before the events move or go. */
export async function releaseKeys(tx: Tx, accountId: number, profileIds: readonly string[]): Promise<void> {
  await tx.query(
    `delete from event_key k
     using (select event_key_of(profile_id, metric_id, unique_id) as key
            from event where account_id = $1 and profile_id = any($2::text[])) as gone
     where k.account_id = $1 and k.key = gone.key`,
    [accountId, textColumn(profileIds)],
  );
}

/** Deletes the rows of profiles; `mergedInto` names the survivor when they were merged. */
export async function removeProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profileIds: readonly string[],
  mergedInto: string | null,
): Promise<void> {
  const { count } = await tx.query(
    `with gone as (
       delete from profile where account_id = $1 and id = any($2::text[]) returning id, change_number
     ), forgotten as (
       delete from profile_change c using gone where c.account_id = $1 and c.change_number = gone.change_number
     )
     insert into tombstone (account_id, change_number, table_name, id, reason, merged_into, created_at)
     select $1, $3 + row_number() over (order by id), 'profile', id,
            case when $4::text is null then 'deleted' else 'merged' end, $4, $5
     from gone`,
    [accountId, textColumn(profileIds), numbers.last, mergedInto, numbers.now],
  );
  numbers.take(count);
}

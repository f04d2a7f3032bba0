/** Reads for people who look for one row. */
import type { Sql } from '../db/database.ts';
import { canonicalPhone } from './door.ts';
import { findSurvivors } from './profile-find.ts';

const prefixFrom = 3;
/** So that a short beginning stays one short walk along the index. */
const prefixMatches = 1000;

/**
 * Ids of the profiles that have `text` as e-mail address, phone number, external id or id (merged away or not), or whose
 * address begins with it; newest first. `after` is the last id of the page before.
 */
export async function searchProfiles(
  sql: Sql,
  accountId: number,
  text: string,
  page: { readonly after: string | null; readonly size: number },
): Promise<string[]> {
  const email = text.toLowerCase();
  const survivors = await findSurvivors(sql, accountId, [text]);
  const { rows } = await sql.query<{ id: string }>(
    `with found as (
       select id from profile where account_id = $1 and id = any($2::text[])
       union select id from profile where account_id = $1 and external_id = $3
       union select id from profile where account_id = $1 and phone_number = $4
       union select id from profile where account_id = $1 and email = $5
       union (select id from profile where account_id = $1 and email > $5 and email < $6 order by email limit ${prefixMatches})
     )
     select id from found where $7::text is null or id < $7 order by id desc limit $8`,
    [
      accountId,
      [text, ...survivors.values()],
      text,
      canonicalPhone(text),
      email,
      email.length < prefixFrom ? email : `${email}\u{10FFFF}`,
      page.after,
      page.size,
    ],
  );
  return rows.map(({ id }) => id);
}

/** The profile an id lives on in after merges; the id itself when it was not merged away. */
export async function survivingProfile(sql: Sql, accountId: number, id: string): Promise<string> {
  return (await findSurvivors(sql, accountId, [id])).get(id) ?? id;
}

/** The number of each profile's newest change. */
export async function profileNumbers(
  sql: Sql,
  accountId: number,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ id: string; number: number }>(
    'select id, change_number as number from profile where account_id = $1 and id = any($2::text[])',
    [accountId, ids],
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

export interface EventMark {
  readonly number: number;
  readonly receivedAt: Date;
}

/** The number of each event's newest change, and when it was accepted. */
export async function eventMarks(
  sql: Sql,
  accountId: number,
  events: readonly { readonly id: string; readonly datetime: Date }[],
): Promise<Map<string, EventMark>> {
  // one look-up a row in the partition of its time, whatever the tables' statistics say
  const { rows } = await sql.query<EventMark & { id: string }>(
    `select wanted.id, e.number, e."receivedAt"
     from unnest($2::uuid[], $3::timestamptz[]) as wanted(id, datetime) cross join lateral (
       select change_number as number, received_at as "receivedAt" from event
       where account_id = $1 and datetime = wanted.datetime and id = wanted.id limit 1) as e`,
    [accountId, events.map(({ id }) => id), events.map(({ datetime }) => datetime)],
  );
  return new Map(rows.map(({ id, ...mark }) => [id, mark]));
}

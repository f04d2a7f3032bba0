/**
 * What there is to tell, read from what other parts have committed: timelines, errors, imports. Each occurrence has a key of its own,
 * so finding it twice, or by two processes at once, still makes one alert.
 */
import type { Sql } from '../db/database.ts';
import type { AlertFacts, AlertType } from './types.ts';

export interface Occurrence {
  readonly accountId: number;
  readonly key: string;
  readonly type: AlertType;
  readonly at: Date;
  readonly facts: AlertFacts;
}

/** Nobody wants last week's news; alerts are kept for longer than this, so what was told is not told again. */
const lookBackMs = 3 * 86_400_000;
/** A sync that retries by itself is told of after so long: most trouble is over before. */
const graceMs = 3_600_000;
const atOnce = 100;

const connection = `json_build_object('id', d.id, 'name', d.name, 'kind', d.kind)`;
const sync = `json_build_object('id', s.id, 'object', s.object, 'kind', s.kind)`;
const errorWords = `json_build_object('code', e.code, 'summary', e.summary, 'advice', e.advice,
  'externalMessage', e.external_message)`;

/** An account without an address that is older than the occurrence has nobody to tell. */
const heard = (account: string, at: string): string =>
  `exists (select from alert_address x where x.account_id = ${account} and x.created_at <= ${at})`;
const untold = (account: string, key: string): string =>
  `not exists (select from alert a where a.account_id = ${account} and a.dedupe_key = ${key})`;

const failed = `
  select t.account_id as "accountId", 'failed:' || t.id as key, 'sync.failed' as type, t.at,
         json_build_object('connection', ${connection}, 'sync', ${sync}, 'run', t.run_id, 'error', (
           select ${errorWords} from sync_error e
           where e.account_id = t.account_id and e.sync_id = t.sync_id
           order by (e.code = t.details ->> 'code') desc, e.last_at desc limit 1)) as facts
  from timeline_entry t
  join sync s on s.account_id = t.account_id and s.id = t.sync_id
  join destination d on d.account_id = s.account_id and d.id = s.destination_id
  where t.kind = 'run-failed' and t.at > $1 and ${heard('t.account_id', 't.at')} and ${untold('t.account_id', `'failed:' || t.id`)}
  order by t.at limit ${atOnce}`;

/** The oldest open error names the trouble: all of a sync's errors are resolved together. What was given up was told by then. */
const inTrouble = `
  select s.account_id as "accountId", 'error:' || e.id as key, 'sync.error' as type, newest.at,
         json_build_object('connection', ${connection}, 'sync', ${sync}, 'run', e.run_id, 'since', e.first_at,
                           'error', ${errorWords}) as facts
  from sync_error e
  join sync s on s.account_id = e.account_id and s.id = e.sync_id and s.status = 'error'
  join destination d on d.account_id = s.account_id and d.id = s.destination_id
  cross join lateral (
    select max(any_open.last_at) as at from sync_error any_open
    where any_open.account_id = e.account_id and any_open.sync_id = e.sync_id and any_open.resolved_at is null) as newest
  where e.resolved_at is null and e.first_at <= $1
    and not exists (
      select from sync_error older where older.account_id = e.account_id and older.sync_id = e.sync_id
        and older.resolved_at is null and (older.first_at, older.id) < (e.first_at, e.id))
    and not exists (
      select from timeline_entry t where t.account_id = e.account_id and t.sync_id = e.sync_id and t.kind = 'run-failed'
        and t.at >= e.first_at)
    and ${heard('s.account_id', 'newest.at')} and ${untold('s.account_id', `'error:' || e.id`)}
  order by e.first_at limit ${atOnce}`;

/** The first success after the last alert of a trouble. Trouble nobody was told of ends without a word, too. */
const recovered = `
  select f.account_id as "accountId", 'recovered:' || f.id as key, 'sync.recovered' as type, t.at,
         json_build_object('connection', f.facts -> 'connection', 'sync', f.facts -> 'sync', 'run', t.run_id,
                           'since', f.at) as facts
  from alert f
  cross join lateral (
    select t.at, t.run_id from timeline_entry t
    where t.account_id = f.account_id and t.sync_id = f.facts -> 'sync' ->> 'id'
      and t.kind in ('recovered', 'run-succeeded') and t.at >= f.at
    order by t.at limit 1) as t
  where f.type in ('sync.failed', 'sync.error') and f.at > $1 and ${untold('f.account_id', `'recovered:' || f.id`)}
    and not exists (
      select from alert later where later.account_id = f.account_id and later.type in ('sync.failed', 'sync.error')
        and later.facts -> 'sync' ->> 'id' = f.facts -> 'sync' ->> 'id' and (later.at, later.id) > (f.at, f.id) and later.at <= t.at)
  order by t.at limit ${atOnce}`;

const credentials = `
  select t.account_id as "accountId", 'credentials:' || t.id as key,
         case t.kind when 'credentials-expired' then 'credentials.expired' else 'credentials.expire_soon' end as type, t.at,
         json_build_object('connection', ${connection}, 'expireAt', t.details ->> 'expireAt') as facts
  from timeline_entry t
  join destination d on d.account_id = t.account_id and d.id = t.destination_id
  where t.kind in ('credentials-expire-soon', 'credentials-expired') and t.at > $1
    and ${heard('t.account_id', 't.at')} and ${untold('t.account_id', `'credentials:' || t.id`)}
  order by t.at limit ${atOnce}`;

/** An import that somebody cancelled before a row was skipped is no news to anybody. */
const imports = `
  select i.account_id as "accountId", 'import:' || i.id as key, 'import.' || i.status as type, i.ended_at as at,
         json_build_object('import', json_build_object('id', i.id, 'object', i.object, 'fileName', i.file_name,
           'skippedRows', i.skipped_rows, 'message', i.trouble ->> 'message', 'advice', i.trouble ->> 'advice')) as facts
  from import i
  where (i.status = 'failed' or (i.status = 'incomplete' and i.skipped_rows > 0)) and i.ended_at > $1
    and ${heard('i.account_id', 'i.ended_at')} and ${untold('i.account_id', `'import:' || i.id`)}
  order by i.ended_at limit ${atOnce}`;

/** What is not told yet, at most some hundred. Recoveries follow from alerts: they are found in the next look. */
export async function untoldOccurrences(sql: Sql, now: Date): Promise<Occurrence[]> {
  const since = new Date(now.getTime() - lookBackMs);
  const found: Occurrence[] = [];
  for (const source of [failed, recovered, credentials, imports]) {
    found.push(...(await sql.query<Occurrence>(source, [since])).rows);
  }
  found.push(...(await sql.query<Occurrence>(inTrouble, [new Date(now.getTime() - graceMs)])).rows);
  return found;
}

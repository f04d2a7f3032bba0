import type { Database } from '../../db/database.ts';

/**
 * All that an account knows, one line a profile, event or tombstone, without what is made up by chance: ids and clocks.
 * `dated`: with `last_event_date`, which events in bulk leave for later.
 */
export async function storeContent(database: Database, accountId: number, dated: boolean): Promise<string[]> {
  const { rows } = await database.query<{ line: string }>(
    `select 'profile ' || json_build_array(external_id, email, phone_number, anonymous_id, first_name, location, properties,
        regexp_replace(subscriptions, '"last_updated":"[^"]*"', '', 'g'), door_notes, case when $2 then last_event_date end) as line
       from profile where account_id = $1
     union all
     select 'event ' || json_build_array(i.name, m.name, e.unique_id, e.datetime, e.properties, e.door_notes,
        p.external_id, p.email, p.phone_number, p.anonymous_id,
        exists (select from event_key k where k.account_id = $1
                and k.key = event_key_of(e.profile_id, e.metric_id, e.unique_id)))
       from event e
       join profile p on p.account_id = $1 and p.id = e.profile_id
       join metric m on m.account_id = $1 and m.id = e.metric_id
       join integration i on i.account_id = $1 and i.id = m.integration_id
       where e.account_id = $1
     union all
     select 'tombstone ' || table_name || ' ' || reason from tombstone where account_id = $1
     union all
     select 'keys ' || count(*) from event_key where account_id = $1`,
    [accountId, dated],
  );
  return rows.map(({ line }) => line).sort();
}

import type { Sql } from '../db/database.ts';
import { column, conditionsSql, type Condition, type ConditionField } from './conditions.ts';
import { isAscending, toPage, type ListPage, type PageRequest } from './list-page.ts';
import { instantText } from './profile-reads.ts';

/** An event as it is stored; `properties` is text, exactly as it is kept. */
export interface EventRow {
  readonly id: string;
  readonly datetime: Date;
  readonly profile_id: string;
  readonly metric_id: string;
  readonly properties: string;
}

const columns = 'id, datetime, profile_id, metric_id, properties::text';

/** Filter fields carry the names of the API. */
const conditionFields: Readonly<Record<string, ConditionField>> = {
  metric_id: column('metric_id'),
  profile_id: column('profile_id'),
  // every event has both: a deleted profile's events are deleted with it
  metric: column('metric_id'),
  profile: column('profile_id'),
  datetime: column('datetime', 'timestamptz'),
  timestamp: column('datetime', 'epoch'),
};

/** One page of the account's events by time. `page.from.key` must be a time, `page.from.id` a uuid. */
export async function listEvents(
  sql: Sql,
  accountId: number,
  request: { readonly conditions: readonly Condition[]; readonly page: PageRequest },
): Promise<ListPage<EventRow>> {
  const { page } = request;
  const values: unknown[] = [accountId];
  const where = conditionsSql(request.conditions, conditionFields, values);
  const ascending = isAscending(page);
  let start = '';
  if (page.from) {
    values.push(page.from.key, page.from.id);
    const place = `($${values.length - 1}::timestamptz, $${values.length}::uuid)`;
    start = ` and (datetime, id) ${ascending ? '>' : '<'} ${place}`;
  }
  values.push(page.size + 1);
  const direction = ascending ? 'asc' : 'desc';
  const { rows } = await sql.query<EventRow & { sort_key: string }>(
    `select ${columns}, ${instantText('datetime')} as sort_key
       from event
      where account_id = $1${where}${start}
      order by datetime ${direction}, id ${direction}
      limit $${values.length}`,
    values,
  );
  return toPage(rows, page);
}

/** Null when the account has no such event, and when `id` is not a uuid. */
export async function getEvent(sql: Sql, accountId: number, id: string): Promise<EventRow | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
  const { rows } = await sql.query<EventRow>(
    {
      name: 'event-by-id',
      text: `select ${columns} from event where account_id = $1 and id = $2 and datetime = to_timestamp($3::float8 / 1000)`,
    },
    // an event's id begins with the milliseconds of its time: the key that finds its partition
    [accountId, id, Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)],
  );
  return rows[0] ?? null;
}

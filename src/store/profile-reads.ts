import type { Sql } from '../db/database.ts';
import { column, conditionsSql, type Condition, type ConditionField } from './conditions.ts';
import { isAscending, toPage, type ListPage, type PageRequest } from './list-page.ts';
import { canonicalEmail, canonicalPhone } from './door.ts';
import { findSurvivors } from './profile-find.ts';

/** A profile as it is stored. The JSON columns are text, exactly as they are kept. */
export interface ProfileRow {
  readonly id: string;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly external_id: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly organization: string | null;
  readonly locale: string | null;
  readonly title: string | null;
  readonly image: string | null;
  readonly created: Date;
  readonly updated: Date;
  readonly last_event_date: Date | null;
  readonly location: string | null;
  readonly properties: string;
  readonly subscriptions: string | null;
  readonly predictive_analytics: string | null;
}

const columns = `id, email, phone_number, external_id, first_name, last_name, organization, locale, title, image,
  created, p.updated, last_event_date, location::text, properties::text, subscriptions::text, predictive_analytics::text`;

/** Sort keys and filter fields carry the names of the API. */
export type ProfileSort =
  | 'id'
  | 'email'
  | 'created'
  | 'updated'
  | `${typeof marketing}.${'suppression' | 'list_suppressions'}.timestamp`;

const marketing = 'subscriptions.email.marketing';

const conditionFields: Readonly<Record<string, ConditionField>> = {
  id: column('id'),
  email: column('email'),
  phone_number: column('phone_number'),
  external_id: column('external_id'),
  // the tracking cookie's exchange id is not kept, so nobody has it
  _kx: column('null::text'),
  created: column('created', 'timestamptz'),
  updated: column('c.updated', 'timestamptz'),
  [`${marketing}.suppression.reason`]: suppressed('suppression', 'reason', 'text'),
  [`${marketing}.suppression.timestamp`]: suppressed('suppression', 'timestamp', 'timestamptz'),
  [`${marketing}.list_suppressions.reason`]: suppressed('list_suppressions', 'reason', 'text'),
  [`${marketing}.list_suppressions.timestamp`]: suppressed('list_suppressions', 'timestamp', 'timestamptz'),
  [`${marketing}.list_suppressions.list_id`]: suppressed('list_suppressions', 'list_id', 'text'),
};

/** `instant`: the key is a time, so that its text form has microseconds. */
const sorts: Readonly<Record<ProfileSort, { readonly expression: string; readonly instant: boolean }>> = {
  id: { expression: 'id', instant: false },
  // profiles without an address come first
  email: { expression: `coalesce(email, '')`, instant: false },
  created: { expression: 'created', instant: true },
  updated: { expression: 'c.updated', instant: true },
  [`${marketing}.suppression.timestamp`]: { expression: latest('suppression'), instant: true },
  [`${marketing}.list_suppressions.timestamp`]: { expression: latest('list_suppressions'), instant: true },
};

/** With the table that has the index by `updated`. */
const withChange = 'profile p join profile_change c on c.account_id = p.account_id and c.profile_id = p.id';

/** Identifiers are kept in one form; a condition may write them in another. */
function canonical(condition: Condition): Condition {
  const form = { email: canonicalEmail, phone_number: canonicalPhone }[condition.field];
  return form ? { ...condition, values: condition.values.map((value) => form(String(value)) ?? value) } : condition;
}

/** One page of the account's profiles. `page.from.key` must be a time for the sorts by time. */
export async function listProfiles(
  sql: Sql,
  accountId: number,
  request: { readonly conditions: readonly Condition[]; readonly sort: ProfileSort; readonly page: PageRequest },
): Promise<ListPage<ProfileRow>> {
  const { page } = request;
  const { expression, instant } = sorts[request.sort];
  const values: unknown[] = [accountId];
  const where = conditionsSql(request.conditions.map(canonical), conditionFields, values);
  const isByUpdate = request.sort === 'updated';
  const source = isByUpdate || request.conditions.some(({ field }) => field === 'updated') ? withChange : 'profile p';
  const id = isByUpdate ? 'c.profile_id' : 'id';
  const ascending = isAscending(page);
  let start = '';
  if (page.from) {
    values.push(page.from.key, page.from.id);
    const key = `$${values.length - 1}::${instant ? 'timestamptz' : 'text'}`;
    start = ` and (${expression}, ${id}) ${ascending ? '>' : '<'} (${key}, $${values.length})`;
  }
  values.push(page.size + 1);
  const direction = ascending ? 'asc' : 'desc';
  const { rows } = await sql.query<ProfileRow & { sort_key: string }>(
    `select ${columns}, ${instant ? instantText(expression) : expression} as sort_key
       from ${source}
      where p.account_id = $1${where}${start}
      order by ${expression} ${direction}, ${id} ${direction}
      limit $${values.length}`,
    values,
  );
  return toPage(rows, page);
}

export async function getProfile(sql: Sql, accountId: number, id: string): Promise<ProfileRow | null> {
  const [row] = await getProfiles(sql, accountId, [id]);
  return row ?? null;
}

/** Those of the given profiles that exist, in no particular order. */
export async function getProfiles(sql: Sql, accountId: number, ids: readonly string[]): Promise<ProfileRow[]> {
  const { rows } = await sql.query<ProfileRow>(
    { name: 'profiles-by-id', text: `select ${columns} from profile p where account_id = $1 and id = any($2::text[])` },
    [accountId, ids],
  );
  return rows;
}

/** Those of the ids that name nobody, neither themselves nor through a merge. */
export async function findMissingProfiles(sql: Sql, accountId: number, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    'select id from profile where account_id = $1 and id = any($2::text[])',
    [accountId, ids],
  );
  const known = new Set(rows.map((row) => row.id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  const survivors = await findSurvivors(sql, accountId, unknown);
  return unknown.filter((id) => !survivors.has(id));
}

/** A time as text that sorts and reads back with microseconds. */
export function instantText(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function suppressionItems(list: string): string {
  const path = `subscriptions::json #> '{email,marketing,${list}}'`;
  return `json_array_elements(case json_typeof(${path}) when 'array' then ${path} end) as items(item)`;
}

function suppressed(list: string, member: string, type: 'text' | 'timestamptz'): ConditionField {
  const value = type === 'text' ? `item ->> '${member}'` : `(item ->> '${member}')::timestamptz`;
  return { type, sql: (test) => `exists (select from ${suppressionItems(list)} where ${test(value)})` };
}

function latest(list: string): string {
  const newest = `select max((item ->> 'timestamp')::timestamptz) from ${suppressionItems(list)}`;
  return `coalesce((${newest}), '0001-01-01T00:00:00Z'::timestamptz)`;
}

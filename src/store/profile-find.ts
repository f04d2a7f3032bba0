/** Finds the profiles that writes are about. */
import type { Sql } from '../db/database.ts';
import { textColumn } from './column-arrays.ts';
import { ObjectDraft } from './profile-properties.ts';
import { identifierKinds, type IdentifierKind, type NameKind, type Profile } from './profile.ts';

type KeyKind = 'id' | IdentifierKind;
export type ProfileKeys = { readonly [Kind in KeyKind]?: string | null | undefined };

const keyKinds = ['id', ...identifierKinds] as const;
const columnOf = {
  id: 'id',
  externalId: 'external_id',
  email: 'email',
  phoneNumber: 'phone_number',
  anonymousId: 'anonymous_id',
} as const satisfies Record<KeyKind, string>;

const rowColumns = `id, ctid::text as place, change_number as "changeNumber", last_event_date as "lastEventDate", external_id as "externalId", email,
  phone_number as "phoneNumber", anonymous_id as "anonymousId", first_name as "firstName", last_name as "lastName",
  organization, title, locale, image, location, properties, subscriptions,
  predictive_analytics as "predictiveAnalytics", door_notes as "doorNotes"`;

interface ProfileRow extends Record<IdentifierKind | NameKind, string | null> {
  readonly id: string;
  readonly place: string;
  readonly changeNumber: number;
  readonly lastEventDate: Date | null;
  readonly location: string | null;
  readonly properties: string;
  readonly subscriptions: string | null;
  readonly predictiveAnalytics: string | null;
  readonly doorNotes: string | null;
}

/** Every profile that one of the keys leads to, once. */
export async function findProfiles(sql: Sql, accountId: number, keys: readonly ProfileKeys[]): Promise<Profile[]> {
  const kinds = keyKinds.filter((kind) => keys.some((one) => typeof one[kind] === 'string'));
  if (kinds.length === 0) return [];
  const { rows } = await sql.query<ProfileRow>(findStatement(kinds), [accountId, ...keyColumns(kinds, keys)]);
  return rows.map(toProfile);
}

function keyColumns(kinds: readonly KeyKind[], keys: readonly ProfileKeys[]): Buffer[] {
  const [only] = kinds;
  if (kinds.length === 1 && only) return [textColumn([...new Set(keys.map((one) => one[only] ?? null))])];
  return kinds.map((kind) => textColumn(keys.map((one) => one[kind])));
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

function findStatement(kinds: readonly KeyKind[]): { readonly name: string; readonly text: string } {
  const name = `find-profiles-by-${kinds.join('-')}`;
  const known = statements.get(name);
  if (known) return known;
  const statement = { name, text: kinds.length === 1 ? findByOne(kinds) : findByMany(kinds) };
  statements.set(name, statement);
  return statement;
}

function findByOne([kind]: readonly KeyKind[]): string {
  return `select p.* from unnest($2::text[]) as w(k) cross join lateral
    (select ${rowColumns} from profile where account_id = $1 and ${theOneWith(columnOf[kind ?? 'id'], 'w.k')}) as p`;
}

/**
 * One look-up in the column's own index, whatever the table's statistics say. With `=` every index that begins with the
 * account looks as good to PostgreSQL when it takes the account for a small one, and it may read the whole account for
 * each key. Only the column's own index is in its order, and writes are kept from sorting.
 */
function theOneWith(column: string, key: string): string {
  return `${column} >= ${key} and ${column} <= ${key} order by ${column} limit 1`;
}

/** A key is not asked for when a stronger one has led to the profile that has it: most known people are found at once. */
function findByMany(kinds: readonly KeyKind[]): string {
  const lookups = kinds.map((kind, index) => {
    const known = kinds.slice(0, index).map((_, before) => `f${before}.k${index} is distinct from w.k${index} and `);
    const later = kinds.map((other, place) => `, ${columnOf[other]} as k${place}`);
    return `left join lateral (select ctid as place${later.join('')} from profile
      where account_id = $1 and ${known.join('')}${theOneWith(columnOf[kind], `w.k${index}`)}) as f${index} on true`;
  });
  const keys = kinds.map((_, index) => `k${index}`).join(', ');
  return `with found as (
      select ${kinds.map((_, index) => `f${index}.place as p${index}`).join(', ')}
      from unnest(${kinds.map((_, index) => `$${index + 2}::text[]`).join(', ')}) as w(${keys})
      ${lookups.join('\n      ')}
    ), places as (
      select distinct place from found cross join lateral
        (values ${kinds.map((_, index) => `(p${index})`).join(', ')}) as each(place) where place is not null
    )
    select p.* from places cross join lateral
      (select ${rowColumns} from profile where ctid = places.place and account_id = $1 limit 1) as p`;
}

// Written out, so that all profiles have one shape.
function toProfile(row: ProfileRow): Profile {
  const lastEventMs = row.lastEventDate?.getTime() ?? null;
  return {
    id: row.id,
    stored: true,
    place: row.place,
    changeNumber: row.changeNumber,
    changed: false,
    externalId: row.externalId,
    email: row.email,
    phoneNumber: row.phoneNumber,
    anonymousId: row.anonymousId,
    firstName: row.firstName,
    lastName: row.lastName,
    organization: row.organization,
    title: row.title,
    locale: row.locale,
    image: row.image,
    lastEventMs,
    storedEventMs: lastEventMs,
    location: new ObjectDraft(row.location ?? '{}'),
    properties: new ObjectDraft(row.properties),
    subscriptions: row.subscriptions,
    predictiveAnalytics: row.predictiveAnalytics,
    doorNotes: row.doorNotes,
  };
}

/** For those of the ids that were merged away: the id of the profile they live on in. */
export async function findSurvivors(sql: Sql, accountId: number, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string; survivor: string }>(
    `with recursive trail (id, survivor) as (
       select t.id, t.merged_into from tombstone t
       where t.account_id = $1 and t.table_name = 'profile' and t.id = any($2::text[]) and t.reason = 'merged'
       union
       select trail.id, t.merged_into from trail
       join tombstone t on t.account_id = $1 and t.table_name = 'profile' and t.id = trail.survivor and t.reason = 'merged'
     )
     select trail.id, trail.survivor from trail
     join profile p on p.account_id = $1 and p.id = trail.survivor`,
    [accountId, textColumn(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.survivor]));
}

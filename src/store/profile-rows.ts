/** The statements behind `ProfileBook`. */
import type { Sql, Tx } from '../db/database.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import { integerColumn, textColumn, timeColumn } from './column-arrays.ts';
import { ObjectDraft } from './profile-properties.ts';
import type { IdentifierKind, Profile } from './profile.ts';

export interface ProfileKeys extends Record<IdentifierKind, readonly string[]> {
  readonly id: readonly string[];
}

const readColumns = `id, ctid::text as place, last_event_date as "lastEventDate", external_id as "externalId", email,
  phone_number as "phoneNumber", anonymous_id as "anonymousId", first_name as "firstName", last_name as "lastName",
  organization, title, locale, image, location, properties, subscriptions,
  predictive_analytics as "predictiveAnalytics", door_notes as "doorNotes"`;

interface ProfileRow extends Omit<
  Profile,
  'location' | 'properties' | 'lastEventMs' | 'storedEventMs' | 'stored' | 'changed'
> {
  readonly lastEventDate: Date | null;
  readonly location: string | null;
  readonly properties: string;
}

// One index look-up a key, whatever the table's statistics say: a batch must not start to scan an account that has grown.
const findStatement = {
  name: 'find-profiles',
  text: ['id', 'external_id', 'email', 'phone_number', 'anonymous_id']
    .map(
      (column, index) =>
        `select p.* from unnest($${index + 2}::text[]) as wanted(key) cross join lateral
           (select ${readColumns} from profile where account_id = $1 and ${column} = wanted.key limit 1) as p`,
    )
    .join(' union all '),
};

/** Every profile that has one of the keys, once. */
export async function findProfiles(sql: Sql, accountId: number, keys: ProfileKeys): Promise<Profile[]> {
  const { id, externalId, email, phoneNumber, anonymousId } = keys;
  const columns = [id, externalId, email, phoneNumber, anonymousId].map((values) => textColumn([...new Set(values)]));
  const { rows } = await sql.query<ProfileRow>(findStatement, [accountId, ...columns]);
  const profiles = new Map<string, Profile>();
  for (const { lastEventDate, location, properties, ...row } of rows) {
    const lastEventMs = lastEventDate?.getTime() ?? null;
    const objects = { location: new ObjectDraft(location ?? '{}'), properties: new ObjectDraft(properties) };
    profiles.set(row.id, { ...row, ...objects, lastEventMs, storedEventMs: lastEventMs, changed: false });
  }
  return [...profiles.values()];
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

// Upserts even though the caller knows which rows exist: their look-up by key cannot turn into a scan of the account,
// which UPDATE ... FROM does where statistics lag behind a table that grows.
const saveStatement = {
  name: 'save-profiles',
  text: `insert into profile as p (account_id, updated, id, created, change_number, last_event_date, external_id, email,
           phone_number, anonymous_id, first_name, last_name, organization, title, locale, image, location, properties,
           subscriptions, predictive_analytics, door_notes)
         select $1, $2, n.id, $2, n.change_number, n.last_event_date, n.external_id, n.email, n.phone_number,
           n.anonymous_id, n.first_name, n.last_name, n.organization, n.title, n.locale, n.image, n.location,
           n.properties, n.subscriptions, n.predictive_analytics, n.door_notes
         from unnest($3::text[], $4::int8[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
             $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
             $18::text[], $19::text[], $20::text[])
           as n(id, change_number, last_event_date, external_id, email, phone_number, anonymous_id, first_name,
             last_name, organization, title, locale, image, location, properties, subscriptions, predictive_analytics,
             door_notes)
         on conflict (account_id, id) do update set updated = excluded.updated, change_number = excluded.change_number,
           last_event_date = excluded.last_event_date, external_id = excluded.external_id, email = excluded.email,
           phone_number = excluded.phone_number, anonymous_id = excluded.anonymous_id, first_name = excluded.first_name,
           last_name = excluded.last_name, organization = excluded.organization, title = excluded.title,
           locale = excluded.locale, image = excluded.image, location = excluded.location,
           properties = excluded.properties, subscriptions = excluded.subscriptions,
           predictive_analytics = excluded.predictive_analytics, door_notes = excluded.door_notes`,
};

/** Inserts or replaces whole rows; each takes one change number and is dated now. */
export async function saveProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profiles: readonly Profile[],
): Promise<void> {
  await tx.query(saveStatement, [accountId, numbers.now, ...columnsOf(numbers, profiles)]);
}

// The rows are found again at the place they were read from, which the account's lock keeps still until the transaction
// itself moves them. That saves the look-up, and again no statistics can turn it into a scan.
const touchStatement = {
  name: 'touch-profiles',
  text: `update profile p set updated = $2, change_number = n.change_number, last_event_date = n.last_event_date
         from unnest($3::text[], $4::text[], $5::int8[], $6::timestamptz[])
           as n(id, place, change_number, last_event_date)
         where p.ctid = n.place::tid and p.account_id = $1 and p.id = n.id`,
};

/**
 * For stored profiles of which nothing but the last event's date is new: the bulk of what events do to profiles.
 * Nothing else may have written them in this transaction.
 */
export async function touchProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profiles: readonly Profile[],
): Promise<void> {
  const first = numbers.take(profiles.length);
  const { count } = await tx.query(touchStatement, [
    accountId,
    numbers.now,
    textColumn(profiles.map((p) => p.id)),
    textColumn(profiles.map((p) => p.place)),
    integerColumn(profiles.map((_, index) => first + index)),
    timeColumn(profiles.map((p) => p.lastEventMs)),
  ]);
  if (count !== profiles.length) throw new Error(`${profiles.length - count} profiles moved under the account's lock`);
}

function columnsOf(numbers: ChangeNumbers, profiles: readonly Profile[]): Buffer[] {
  const first = numbers.take(profiles.length);
  const text = (read: (profile: Profile) => string | null): Buffer => textColumn(profiles.map(read));
  return [
    text((p) => p.id),
    integerColumn(profiles.map((_, index) => first + index)),
    timeColumn(profiles.map((p) => p.lastEventMs)),
    text((p) => p.externalId),
    text((p) => p.email),
    text((p) => p.phoneNumber),
    text((p) => p.anonymousId),
    text((p) => p.firstName),
    text((p) => p.lastName),
    text((p) => p.organization),
    text((p) => p.title),
    text((p) => p.locale),
    text((p) => p.image),
    text((p) => (p.location.text === '{}' ? null : p.location.text)),
    text((p) => p.properties.text),
    text((p) => p.subscriptions),
    text((p) => p.predictiveAnalytics),
    text((p) => p.doorNotes),
  ];
}

/** Takes identifiers from whichever stored profiles have them, ahead of an update that gives them to others. */
export async function clearIdentifiers(
  tx: Tx,
  accountId: number,
  identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[],
): Promise<void> {
  const values = (kind: IdentifierKind): string[] =>
    identifiers.filter((identifier) => identifier.kind === kind).map(({ value }) => value);
  await tx.query(
    `update profile set
       external_id = case when external_id = any($2) then null else external_id end,
       email = case when email = any($3) then null else email end,
       phone_number = case when phone_number = any($4) then null else phone_number end,
       anonymous_id = case when anonymous_id = any($5) then null else anonymous_id end
     where account_id = $1
       and (external_id = any($2) or email = any($3) or phone_number = any($4) or anonymous_id = any($5))`,
    [accountId, values('externalId'), values('email'), values('phoneNumber'), values('anonymousId')],
  );
}

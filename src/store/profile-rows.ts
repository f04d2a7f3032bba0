/** The statements by which `ProfileBook` writes. All are sent at once, before the call returns. */
import type { Tx } from '../db/database.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import { integerColumn, textColumn, timeColumn } from './column-arrays.ts';
import type { IdentifierKind, Profile } from './profile.ts';

/** Between two statements of so many rows JavaScript and PostgreSQL work at the same time. */
const rowsAtOnce = 2500;

const columns = [
  ['last_event_date', 'timestamptz'],
  ['external_id', 'text'],
  ['email', 'text'],
  ['phone_number', 'text'],
  ['anonymous_id', 'text'],
  ['first_name', 'text'],
  ['last_name', 'text'],
  ['organization', 'text'],
  ['title', 'text'],
  ['locale', 'text'],
  ['image', 'text'],
  ['location', 'text'],
  ['properties', 'text'],
  ['subscriptions', 'text'],
  ['predictive_analytics', 'text'],
  ['door_notes', 'text'],
] as const;
const names = columns.map(([name]) => name);

/** `unnest($first::..., ...)`; the profile's columns follow those that are given. */
function unnested(first: number, given: readonly string[]): string {
  const types = [...given, ...columns.map(([, type]) => type)];
  return `unnest(${types.map((type, index) => `$${first + index}::${type}[]`).join(', ')})`;
}

const insertStatement = {
  name: 'insert-profiles',
  text: `insert into profile (account_id, created, updated, id, change_number, ${names.join(', ')})
         select $1, $2, $2, n.* from ${unnested(3, ['text', 'int8'])} as n`,
};

// Rows are found again at the place they were read from, which the account's lock keeps still until the transaction itself
// moves them. That saves the look-up. Without a place the id is looked up. That the row is the right one is asked in a way
// that no index serves: with `=`, PostgreSQL may scan the whole account for each row.
const atPlace = `cross join lateral (
    select n.place::tid as place where n.place is not null
    union all
    select ctid from profile where n.place is null and account_id = $1 and id = n.id
    limit 1
  ) as at
  where p.ctid = at.place and p.account_id is not distinct from $1 and p.id is not distinct from n.id`;

const updateStatement = {
  name: 'update-profiles',
  text: `update profile p set updated = $2, change_number = n.change_number,
           ${names.map((name) => `${name} = n.${name}`).join(', ')}
         from ${unnested(3, ['text', 'text', 'int8'])} as n(place, id, change_number, ${names.join(', ')}) ${atPlace}`,
};

const touchStatement = {
  name: 'touch-profiles',
  text: `update profile p set updated = $2, change_number = n.change_number, last_event_date = n.last_event_date
         from unnest($3::text[], $4::text[], $5::int8[], $6::timestamptz[])
           as n(place, id, change_number, last_event_date) ${atPlace}`,
};

const noteStatement = {
  name: 'note-profile-changes',
  text: `insert into profile_change (account_id, updated, change_number, profile_id)
         select $1, $2, n.* from unnest($3::int8[], $4::text[]) as n`,
};

// As above, no statistics can turn the look-up into a scan.
const moveStatement = {
  name: 'move-profile-changes',
  text: `update profile_change c set change_number = n.later, updated = $2
         from unnest($3::int8[], $4::int8[]) as n(earlier, later) cross join lateral
           (select ctid as place from profile_change where account_id = $1 and change_number = n.earlier limit 1) as at
         where c.ctid = at.place`,
};

/** Adds profiles; each takes one change number and is dated now. */
export async function insertProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profiles: readonly Profile[],
): Promise<void> {
  await inParts(profiles, async (part) => {
    const ids = idColumn(part);
    const { later } = takeNumbers(numbers, part);
    await Promise.all([
      tx.query(insertStatement, [accountId, numbers.now, ids, later, ...valueColumns(part)]),
      tx.query(noteStatement, [accountId, numbers.now, later, ids]),
    ]);
  });
}

/** Replaces whole rows; each takes one change number and is dated now. */
export async function updateProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profiles: readonly Profile[],
): Promise<void> {
  await inParts(profiles, async (part) => {
    const { earlier, later } = takeNumbers(numbers, part);
    const own = [placeColumn(part), idColumn(part), later];
    const [updated, moved] = await Promise.all([
      tx.query(updateStatement, [accountId, numbers.now, ...own, ...valueColumns(part)]),
      tx.query(moveStatement, [accountId, numbers.now, earlier, later]),
    ]);
    checkCount(updated.count, part);
    checkCount(moved.count, part);
  });
}

/** For stored profiles of which nothing but the last event's date is new: the bulk of what events do to profiles. */
export async function touchProfiles(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  profiles: readonly Profile[],
): Promise<void> {
  await inParts(profiles, async (part) => {
    const { earlier, later } = takeNumbers(numbers, part);
    const own = [placeColumn(part), idColumn(part), later];
    const times = timeColumn(part.map((p) => p.lastEventMs));
    const [touched, moved] = await Promise.all([
      tx.query(touchStatement, [accountId, numbers.now, ...own, times]),
      tx.query(moveStatement, [accountId, numbers.now, earlier, later]),
    ]);
    checkCount(touched.count, part);
    checkCount(moved.count, part);
  });
}

async function inParts(
  profiles: readonly Profile[],
  write: (part: readonly Profile[]) => Promise<void>,
): Promise<void> {
  const writes: Promise<void>[] = [];
  for (let start = 0; start < profiles.length; start += rowsAtOnce) {
    writes.push(write(profiles.slice(start, start + rowsAtOnce)));
  }
  await Promise.all(writes);
}

function checkCount(count: number, profiles: readonly Profile[]): void {
  if (count !== profiles.length) throw new Error(`${profiles.length - count} profiles moved under the account's lock`);
}

function idColumn(profiles: readonly Profile[]): Buffer {
  return textColumn(profiles.map((p) => p.id));
}

function placeColumn(profiles: readonly Profile[]): Buffer {
  return textColumn(profiles.map((p) => p.place));
}

/** Gives each profile the next change number. */
function takeNumbers(numbers: ChangeNumbers, profiles: readonly Profile[]): { earlier: Buffer; later: Buffer } {
  const first = numbers.take(profiles.length);
  const earlier = integerColumn(profiles.map((p) => p.changeNumber));
  for (const [index, profile] of profiles.entries()) profile.changeNumber = first + index;
  return { earlier, later: integerColumn(profiles.map((p) => p.changeNumber)) };
}

/** In the order of `columns`. A column of nulls alone is not sent: `unnest` fills up the shorter array. */
function valueColumns(profiles: readonly Profile[]): (Buffer | null)[] {
  const text = (read: (profile: Profile) => string | null): Buffer | null => {
    const values = profiles.map(read);
    return values.every((value) => value === null) ? null : textColumn(values);
  };
  return [
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

import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { JsonText } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { recordEventsInBulk } from './bulk.ts';
import { currentNumber } from './change-numbers.ts';
import { enterEventDates } from './event-dates.ts';
import { recordEvents } from './event-writes.ts';
import type { EventWrite } from './event.ts';
import { KnownPeople } from './known-people.ts';
import { deleteProfiles, mergeProfiles } from './profile-writes.ts';

const database = testDatabase();
let id: number;
beforeEach(async () => void ({ id } = await createAccount(database(), { name: 'Shop' })));

function event(email: string, day: string): EventWrite {
  const datetime = new Date(`${day}T12:00:00Z`);
  return { metric: { name: 'Seen' }, profile: { email }, datetime, uniqueId: day, properties: new JsonText('{}') };
}

async function inBulk(...events: readonly EventWrite[]): Promise<void> {
  await recordEventsInBulk(database(), id, events, { people: new KnownPeople() });
}

/** E-mail and last event's day of everyone. */
async function dates(): Promise<string[]> {
  const { rows } = await database().query<{ line: string }>(
    `select email || ' ' || coalesce(to_char(last_event_date, 'YYYY-MM-DD'), 'never') as line
     from profile where account_id = $1 order by email`,
    [id],
  );
  return rows.map(({ line }) => line);
}

async function ids(): Promise<Record<string, string>> {
  const { rows } = await database().query<{ email: string; id: string }>(
    'select email, id from profile where account_id = $1',
    [id],
  );
  return Object.fromEntries(rows.map((row) => [row.email, row.id]));
}

test('dates of known people wait until they are entered; new people have theirs at once', async () => {
  await inBulk(event('a@x.co', '2024-01-01'));
  expect(await dates()).toEqual(['a@x.co 2024-01-01']);
  await inBulk(event('a@x.co', '2024-03-03'), event('b@x.co', '2024-02-02'));
  expect(await dates()).toEqual(['a@x.co 2024-01-01', 'b@x.co 2024-02-02']);
  await enterEventDates(database(), id);
  expect(await dates()).toEqual(['a@x.co 2024-03-03', 'b@x.co 2024-02-02']);
});

test('whose date is true already takes no change number', async () => {
  await recordEvents(database(), id, [event('a@x.co', '2025-05-05'), event('b@x.co', '2023-03-03')]);
  await inBulk(event('a@x.co', '2024-04-04'), event('b@x.co', '2024-04-04'));
  const before = await currentNumber(database(), id);
  await enterEventDates(database(), id);
  expect(await dates()).toEqual(['a@x.co 2025-05-05', 'b@x.co 2024-04-04']);
  expect(await currentNumber(database(), id)).toBe(before + 1);
  await enterEventDates(database(), id);
  expect(await currentNumber(database(), id)).toBe(before + 1);
});

test('events that come in bulk meanwhile are not forgotten', async () => {
  await recordEvents(database(), id, [event('a@x.co', '2020-01-01')]);
  for (let round = 0; round < 20; round++) {
    const day = new Date(Date.UTC(2021, round, 1)).toISOString().slice(0, 10);
    await inBulk(event('a@x.co', day));
    await Promise.all([
      enterEventDates(database(), id),
      enterEventDates(database(), id),
      inBulk(event('a@x.co', `${day.slice(0, 8)}15`)),
    ]);
  }
  await enterEventDates(database(), id);
  expect(await dates()).toEqual(['a@x.co 2022-08-15']);
});

test('more than a slice of numbers, and of people', async () => {
  const everyone = Array.from({ length: 2600 }, (_, n) => event(`p${n}@x.co`, '2024-01-01'));
  await recordEvents(database(), id, everyone);
  await inBulk(...everyone.map(({ profile }) => event(profile.email ?? '', '2024-02-02')));
  // as if other accounts' worth of changes had come since
  await database().query('update change_counter set last_number = last_number + 250000 where account_id = $1', [id]);
  await inBulk(event('p7@x.co', '2024-03-03'));
  await enterEventDates(database(), id);
  const found = await dates();
  expect(found.filter((line) => line.endsWith('2024-02-02'))).toHaveLength(2599);
  expect(found).toContain('p7@x.co 2024-03-03');
});

test('of two people who are merged before, the survivor has the newest date; who is deleted stays away', async () => {
  await recordEvents(database(), id, [event('a@x.co', '2020-01-01'), event('b@x.co', '2020-01-02')]);
  await inBulk(event('a@x.co', '2024-04-04'), event('c@x.co', '2024-04-04'));
  await deleteProfiles(database(), id, { email: 'c@x.co' });
  const { 'a@x.co': source = '', 'b@x.co': target = '' } = await ids();
  await mergeProfiles(database(), id, target, [source]);
  expect(await dates()).toEqual(['b@x.co 2024-04-04']);
  await enterEventDates(database(), id);
  expect(await dates()).toEqual(['b@x.co 2024-04-04']);
});

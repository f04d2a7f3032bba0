import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { JsonText } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { recordEventsInBulk, upsertProfilesInBulk, type BulkOptions, type BulkOutcome } from './bulk.ts';
import { currentNumber } from './change-numbers.ts';
import { enterEventDates } from './event-dates.ts';
import { recordEvents } from './event-writes.ts';
import type { EventWrite } from './event.ts';
import { KnownPeople } from './known-people.ts';
import { upsertProfiles } from './profile-writes.ts';
import type { ProfileWrite } from './profile.ts';
import { Mirror } from './testing/mirror.ts';

const database = testDatabase();

test('what is noted alongside stands or falls with the batch', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  await database().query('create table progress (account_id bigint, done integer)');
  const writes = [{ email: 'a@x.co' }, { email: 'nonsense' }, { email: 'a@x.co' }];
  const seen: BulkOutcome[] = [];
  const outcome = await upsertProfilesInBulk(database(), id, writes, {
    async alongside(tx, soFar) {
      seen.push(soFar);
      await tx.query('insert into progress values ($1, 3)', [id]);
    },
  });
  expect(outcome).toMatchObject({ created: 1, updated: 0, unchanged: 1, problems: [{ index: 1, path: 'email' }] });
  expect(seen).toEqual([outcome]);

  const event = {
    metric: { name: 'Seen' },
    profile: { email: 'b@x.co' },
    datetime: new Date(),
    properties: json('{}'),
  };
  const failing = recordEventsInBulk(database(), id, [event], {
    people: new KnownPeople(),
    async alongside(tx) {
      await tx.query('insert into progress values ($1, 4)', [id]);
      throw new Error('no room');
    },
  });
  await expect(failing).rejects.toThrow('no room');
  const { rows } = await database().query(
    `select (select array_agg(done) from progress where account_id = $1) as done,
       (select count(*) from profile where account_id = $1) as profiles,
       (select count(*) from event where account_id = $1) as events`,
    [id],
  );
  expect(rows).toEqual([{ done: [3], profiles: 1, events: 0 }]);
  expect(await currentNumber(database(), id)).toBe(1);
});

test('no write scans the account, however small its tables were when they were last looked at', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const people = Array.from({ length: 60 }, (_, n): ProfileWrite => ({ externalId: `x${n}`, email: `p${n}@x.co` }));
  await upsertProfilesInBulk(database(), id, people);
  await database().query('analyze profile');
  const scans: unknown[] = [];
  const options: BulkOptions = {
    async alongside(tx) {
      const { rows } = await tx.query(
        `select relname, seq_scan from pg_stat_xact_user_tables where relname in ('profile', 'event_key') and seq_scan > 0`,
      );
      scans.push(...rows);
    },
  };
  for (let n = 0; n < 8; n++) {
    const named = people.map((one) => ({ ...one, firstName: `Name ${n}` }));
    await upsertProfilesInBulk(database(), id, named, options);
    await recordEventsInBulk(
      database(),
      id,
      people.map(({ email }) => ({
        metric: { name: 'Seen' },
        profile: { email },
        datetime: new Date(n * 1e9 + 1e12),
        properties: json('{}'),
      })),
      { ...options, people: new KnownPeople() },
    );
  }
  expect(scans).toEqual([]);
});

test.each(['as the owner', 'within the account'])('%s, a write reads as many people as it is about', async (where) => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const people = Array.from({ length: 3000 }, (_, n): ProfileWrite => ({ email: `many${n}@x.co` }));
  await upsertProfilesInBulk(database(), id, people);
  const some = people.slice(0, 500);
  const fetched: number[] = [];
  const options: BulkOptions = {
    async alongside(tx) {
      const { rows } = await tx.query<{ n: number }>(
        `select idx_tup_fetch as n from pg_stat_xact_user_tables where relname = 'profile'`,
      );
      fetched.push(rows[0]?.n ?? 0);
    },
  };
  const write = async (n: number): Promise<void> => {
    const metric = { name: 'Seen' };
    const about = { datetime: new Date(n * 1e9 + 1e12), properties: json('{}'), metric };
    await recordEventsInBulk(
      database(),
      id,
      some.map(({ email }) => ({ ...about, profile: { email } })),
      { ...options, people: new KnownPeople() },
    );
    await upsertProfilesInBulk(
      database(),
      id,
      some.map((one) => ({ ...one, firstName: `Name ${n}` })),
      options,
    );
  };
  const rounds = Array.from({ length: 8 }, (_, n) => n);
  for (const n of rounds) await (where === 'as the owner' ? write(n) : database().within(id, () => write(n)));
  // the connection's figure may hold what its earlier writes read; each may read some twice, by their address and their place
  expect(Math.max(...fetched)).toBeLessThanOrEqual(2 * some.length * fetched.length);
});

test('a batch without a good row still notes how far it is', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const noted: number[] = [];
  const options = { alongside: async (_tx: unknown, { problems }: BulkOutcome) => void noted.push(problems.length) };
  await upsertProfilesInBulk(database(), id, [{ email: 'nonsense' }], options);
  await upsertProfilesInBulk(database(), id, [], options);
  const event = { metric: { name: '' }, profile: {}, datetime: new Date(), properties: json('{}') };
  await recordEventsInBulk(database(), id, [event, event], { ...options, people: new KnownPeople() });
  expect(noted).toEqual([1, 0, 2]);
});

test('two files and the API write to one account at once', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const mirror = new Mirror(database(), id);
  const profile = (n: number): ProfileWrite => ({ email: `p${n % 300}@x.co`, properties: json(`{"n":${n}}`) });
  const event = (n: number): EventWrite => ({
    metric: { name: `Metric ${n % 3}` },
    profile: { email: `p${(n * 7) % 400}@x.co`, firstName: n % 5 === 0 ? `Name ${n}` : undefined },
    datetime: new Date(1_700_000_000_000 + n * 60_000),
    uniqueId: `u${n % 900}`,
    properties: json('{}'),
  });
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);
  let made = 0;
  const writing = Promise.all([
    (async () => {
      for (let n = 0; n < 12; n++) {
        await upsertProfilesInBulk(database(), id, range(n * 100, 500).map(profile));
      }
    })(),
    (async () => {
      const people = new KnownPeople();
      for (let n = 0; n < 12; n++) {
        const { created } = await recordEventsInBulk(database(), id, range(n * 100, 500).map(event), { people });
        made += created;
        if (n === 6) await enterEventDates(database(), id);
      }
      await enterEventDates(database(), id);
    })(),
    (async () => {
      for (let n = 0; n < 60; n++) {
        const { recorded } = await recordEvents(database(), id, range(n * 17, 20).map(event));
        made += recorded;
        await upsertProfiles(database(), id, range(n * 5, 5).map(profile), { onExisting: 'update' });
      }
    })(),
  ]);
  const done = writing.then(
    () => true,
    () => true,
  );
  do await mirror.follow();
  while (!(await Promise.race([done, false])));
  await writing;
  await mirror.follow();
  const { rows } = await database().query<{ events: number; keys: number; people: number; latest: number }>(
    `select (select count(*) from event where account_id = $1) as events,
       (select count(*) from event_key where account_id = $1) as keys,
       (select count(*) from profile where account_id = $1) as people,
       (select count(*) from profile p where account_id = $1 and last_event_date is distinct from
          (select max(datetime) from event e where e.account_id = p.account_id and e.profile_id = p.id)) as latest`,
    [id],
  );
  expect(rows).toEqual([{ events: made, keys: made, people: 400, latest: 0 }]);
}, 60_000);

function json(text: string): JsonText {
  return new JsonText(text);
}

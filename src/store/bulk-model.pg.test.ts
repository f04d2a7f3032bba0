import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { JsonText, toJsonText } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { recordEventsInBulk, upsertProfilesInBulk, type BulkOutcome } from './bulk.ts';
import { currentNumber } from './change-numbers.ts';
import { enterEventDates } from './event-dates.ts';
import { recordEvents } from './event-writes.ts';
import type { EventWrite } from './event.ts';
import { KnownPeople } from './known-people.ts';
import { deleteProfiles, mergeProfiles, upsertProfiles } from './profile-writes.ts';
import { identifierKinds, type ProfileWrite } from './profile.ts';
import { Mirror } from './testing/mirror.ts';
import { Model, type ModelWrite } from './testing/model.ts';
import { storeContent } from './testing/store-content.ts';

const database = testDatabase();

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: value });

const consent = fc.record({
  channel: fc.constantFrom('email' as const, 'sms' as const),
  kind: fc.constantFrom('marketing' as const, 'transactional' as const),
  status: fc.constantFrom('SUBSCRIBED' as const, 'UNSUBSCRIBED' as const, 'NEVER_SUBSCRIBED' as const),
  at: fc.integer({ min: 1, max: 4 }).map((day) => new Date(`2026-01-0${day}T00:00:00Z`)),
});

/** Some of them bad: no identifier, no such id, an address or a text that cannot be, consent that is not. */
const profileWrite: fc.Arbitrary<ProfileWrite> = fc.record(
  {
    id: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 'nobody'),
    externalId: optional(fc.constantFrom('x1', 'x2', 'x3', '')),
    email: fc.constantFrom(undefined, 'a@x.co', ' B@x.co', 'c@x.co', null, 'not an address'),
    phoneNumber: optional(fc.constantFrom('+48123456781', '+48 123-456-782', null, '123')),
    anonymousId: optional(fc.constantFrom('n1', 'n2')),
    firstName: optional(fc.constantFrom('Ada', 'Bo\0', null)),
    location: optional(fc.constantFrom(json('{"city":"Łódź","zip":null}'), json('{"city":null,"zip":"90-001"}'), null)),
    properties: optional(fc.constantFrom(json('{"k":1.10,"1":[null]}'), json('{"k":null,"z":12345678901234567890}'))),
    patch: optional(fc.constantFrom({ append: json('{"list":[1,2]}') }, { unset: ['k'] })),
    consents: optional(fc.array(consent, { maxLength: 2 })),
  },
  { noNullPrototype: true },
);

const eventWrite: fc.Arbitrary<EventWrite> = fc.record(
  {
    metric: fc.constantFrom(
      { name: 'Seen' },
      { name: 'Bought' },
      { name: 'Bought', integration: 'Shop' },
      { name: '' },
    ),
    profile: profileWrite,
    datetime: fc.constantFrom(...['1999-01-01', '2024-05-05', '2025-06-06', '1980-01-01'].map((day) => new Date(day))),
    uniqueId: fc.constantFrom(undefined, 'u1', 'u2', 'u3'),
    value: optional(fc.constant(json('12.30'))),
    properties: fc.constantFrom(json('{"a":1.0}'), json('{"$value":1,"b":"c"}')),
  },
  { noNullPrototype: true },
);

type Step =
  | { readonly kind: 'profiles'; readonly writes: readonly ProfileWrite[] }
  | { readonly kind: 'events'; readonly writes: readonly EventWrite[]; readonly dates: 'now' | 'later' }
  | { readonly kind: 'merge'; readonly emails: readonly [string, string] }
  | { readonly kind: 'delete'; readonly email: string };

const address = fc.constantFrom('a@x.co', 'b@x.co', 'c@x.co');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('profiles' as const), writes: fc.array(profileWrite, { maxLength: 8 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('events' as const),
      writes: fc.array(eventWrite, { maxLength: 8 }),
      dates: fc.constantFrom('now' as const, 'later' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), emails: fc.tuple(address, address) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), email: address }) },
);

test('batches leave the store as the same writes one by one through the API do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const bulk = await createAccount(database(), { name: 'Files' });
      const single = await createAccount(database(), { name: 'Requests' });
      const mirror = new Mirror(database(), bulk.id);
      const file: BulkFile = { accountId: bulk.id, people: new KnownPeople() };
      const sameContent = async (dated: boolean): Promise<void> => {
        const [inBulk, oneByOne] = [bulk, single].map(({ id }) => storeContent(database(), id, dated));
        expect(await inBulk).toEqual(await oneByOne);
        await mirror.follow();
      };
      for (const one of steps) {
        const [outcome, expected] = await perform(file, single.id, one);
        expect(outcome).toEqual(expected);
        const isDated = one.kind === 'events' && one.dates === 'now';
        if (isDated) await enterEventDates(database(), bulk.id);
        await sameContent(isDated);
      }
      await enterEventDates(database(), bulk.id);
      await sameContent(true);
    }),
    { numRuns: Number(process.env['WHARF_MODEL_RUNS'] ?? 50) },
  );
}, 120_000);

interface BulkFile {
  readonly accountId: number;
  readonly people: KnownPeople;
}

/** The outcomes of the batch and of its writes one by one. */
async function perform(
  { accountId: bulkId, people }: BulkFile,
  singleId: number,
  one: Step,
): Promise<[BulkOutcome | null, BulkOutcome | null]> {
  if (one.kind === 'profiles') {
    const { bulk, single } = await mergedIds(bulkId, singleId, one.writes);
    return [await upsertProfilesInBulk(database(), bulkId, bulk), await profilesOneByOne(singleId, single)];
  }
  if (one.kind === 'events') {
    const inBulk = await recordEventsInBulk(database(), bulkId, one.writes, { people });
    return [inBulk, await eventsOneByOne(singleId, one.writes)];
  }
  for (const id of [bulkId, singleId]) await remove(id, one);
  return [null, null];
}

/** Writes to the id `nobody` are aimed at a profile that was merged away, where there is one: its id leads to the survivor. */
async function mergedIds(
  bulkId: number,
  singleId: number,
  writes: readonly ProfileWrite[],
): Promise<{ bulk: ProfileWrite[]; single: ProfileWrite[] }> {
  const merged = async (accountId: number): Promise<string> => {
    const { rows } = await database().query<{ id: string }>(
      `select id from tombstone where account_id = $1 and reason = 'merged' order by change_number limit 1`,
      [accountId],
    );
    return rows[0]?.id ?? 'nobody';
  };
  const aim = (id: string): ProfileWrite[] => writes.map((write) => (write.id ? { ...write, id } : write));
  return { bulk: aim(await merged(bulkId)), single: aim(await merged(singleId)) };
}

async function profilesOneByOne(accountId: number, writes: readonly ProfileWrite[]): Promise<BulkOutcome> {
  const sum = { created: 0, updated: 0, unchanged: 0, problems: [] as BulkOutcome['problems'][number][] };
  for (const [index, write] of writes.entries()) {
    const before = await currentNumber(database(), accountId);
    const [outcome] = await upsertProfiles(database(), accountId, [write], { onExisting: 'update' });
    const moved = (await currentNumber(database(), accountId)) > before;
    if (!outcome) throw new Error('no outcome');
    if ('problem' in outcome) {
      sum.problems.push({ index, path: outcome.problem.path, message: outcome.problem.message });
    } else if (outcome.created) sum.created++;
    else if (moved) sum.updated++;
    else sum.unchanged++;
  }
  return sum;
}

async function eventsOneByOne(accountId: number, writes: readonly EventWrite[]): Promise<BulkOutcome> {
  const sum = { created: 0, updated: 0, unchanged: 0, problems: [] as BulkOutcome['problems'][number][] };
  for (const [index, write] of writes.entries()) {
    const { recorded, duplicates, problems } = await recordEvents(database(), accountId, [write]);
    sum.created += recorded;
    sum.unchanged += duplicates;
    for (const { path, message } of problems) sum.problems.push({ index, path, message });
  }
  return sum;
}

async function remove(accountId: number, one: Extract<Step, { kind: 'merge' | 'delete' }>): Promise<void> {
  if (one.kind === 'delete') {
    await deleteProfiles(database(), accountId, { email: one.email });
    return;
  }
  const { rows } = await database().query<{ email: string; id: string }>(
    'select email, id from profile where account_id = $1 and email = any($2)',
    [accountId, one.emails],
  );
  const [target, source] = one.emails.map((email) => rows.find((row) => row.email === email)?.id);
  if (target && source && target !== source) await mergeProfiles(database(), accountId, target, [source]);
}

describe('a batch of thousands', () => {
  const write: fc.Arbitrary<ModelWrite> = fc.record(
    {
      externalId: optional(fc.integer({ min: 1, max: 40 }).map((n) => `x${n}`)),
      email: fc.oneof(
        fc.constantFrom(undefined, null),
        fc.integer({ min: 1, max: 40 }).map((n) => `p${n}@x.co`),
      ),
      phoneNumber: optional(fc.integer({ min: 10, max: 40 }).map((n) => `+481234567${n}`)),
      anonymousId: optional(fc.integer({ min: 1, max: 40 }).map((n) => `n${n}`)),
      firstName: optional(fc.constantFrom('Ada', 'Bo', null)),
      values: fc.dictionary(fc.constantFrom('k', '1'), fc.oneof(fc.nat(3), fc.constant(null)), { maxKeys: 2 }),
    },
    { noNullPrototype: true },
  );

  test('is what the model says, with people and identifiers that come again and again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 4500, maxLength: 4500, size: 'max' }), async (writes) => {
        const { id } = await createAccount(database(), { name: 'Shop' });
        const model = new Model();
        const mirror = new Mirror(database(), id);
        for (const batch of [writes.slice(0, 40), writes]) {
          const expected = batch.map((one) => model.apply(one, 'strict'));
          const outcome = await upsertProfilesInBulk(database(), id, batch.map(toWrite));
          const refused = expected.flatMap((one, index) => (typeof one === 'string' ? [index] : []));
          expect(outcome.problems.map(({ index }) => index)).toEqual(refused);
          expect(outcome.created).toBe(expected.filter((one) => typeof one === 'object' && one.created).length);
          expect(await storedPeople(id)).toEqual(modelPeople(model));
          await mirror.follow();
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 120_000);

  test('of events, too', async () => {
    const event = fc.record({
      write,
      uniqueId: fc.integer({ min: 1, max: 30 }).map((n) => `u${n}`),
      second: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4500, maxLength: 4500, size: 'max' }), async (events) => {
        const { id } = await createAccount(database(), { name: 'Shop' });
        const model = new Model();
        const mirror = new Mirror(database(), id);
        const people = new KnownPeople();
        for (const batch of [events.slice(0, 40), events, events]) {
          const recorded = batch.filter((one) => model.record(one.write, one.uniqueId, one.second)).length;
          const outcome = await recordEventsInBulk(database(), id, batch.map(toEvent), { people });
          expect(outcome.created).toBe(recorded);
          await enterEventDates(database(), id);
          expect(await storedPeople(id)).toEqual(modelPeople(model));
          await mirror.follow();
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 120_000);

  const toEvent = (one: { write: ModelWrite; uniqueId: string; second: number }): EventWrite => ({
    metric: { name: 'Seen' },
    profile: toWrite(one.write),
    datetime: new Date(1_700_000_000_000 + one.second * 1000),
    uniqueId: one.uniqueId,
    properties: json('{}'),
  });
});

function toWrite({ values, ...write }: ModelWrite): ProfileWrite {
  return { ...write, properties: toJsonText(values) };
}

function modelPeople(model: Model): string[] {
  return model.people
    .map(({ ids, firstName, properties, events, lastEvent }) =>
      JSON.stringify([
        ...identifierKinds.map((kind) => ids[kind]),
        firstName,
        [...properties].sort(),
        [...events].sort(),
        lastEvent,
      ]),
    )
    .sort();
}

interface StoredPerson {
  readonly ids: (string | null)[];
  readonly first_name: string | null;
  readonly properties: string;
  readonly events: string[];
  readonly last_event: number | null;
}

async function storedPeople(accountId: number): Promise<string[]> {
  const { rows } = await database().query<StoredPerson>(
    `select array[external_id, email, phone_number, anonymous_id] as ids, first_name, properties,
       extract(epoch from last_event_date)::bigint - 1700000000 as last_event,
       array(select unique_id from event e where e.account_id = p.account_id and e.profile_id = p.id) as events
     from profile p where account_id = $1`,
    [accountId],
  );
  return rows
    .map((row) => {
      const properties = Object.entries(JSON.parse(row.properties) as object).sort();
      return JSON.stringify([...row.ids, row.first_name, properties, row.events.sort(), row.last_event]);
    })
    .sort();
}

function json(text: string): JsonText {
  return new JsonText(text);
}

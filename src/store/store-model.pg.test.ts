import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { toJsonText } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { currentNumber } from './change-numbers.ts';
import { recordEvents } from './event-writes.ts';
import { deleteProfiles, mergeProfiles, upsertProfiles } from './profile-writes.ts';
import { identifierKinds, type ProfileWrite } from './profile.ts';
import { Model, type ModelWrite, type Person } from './testing/model.ts';

const database = testDatabase();

const optional = <T>(value: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: value });

const modelWrite: fc.Arbitrary<ModelWrite> = fc.record({
  externalId: optional(fc.constantFrom('x1', 'x2', 'x3')),
  email: optional(fc.constantFrom('a@x.co', 'b@x.co', 'c@x.co', null), 1),
  phoneNumber: optional(fc.constantFrom('+48123456781', '+48123456782', null)),
  anonymousId: optional(fc.constantFrom('n1', 'n2')),
  firstName: optional(fc.constantFrom('Ada', 'Bo', null)),
  values: fc.dictionary(fc.constantFrom('k', '1', '__proto__'), fc.oneof(fc.nat(3), fc.constant(null)), { maxKeys: 2 }),
});

const event = fc.record({
  write: modelWrite,
  metric: fc.constantFrom('Viewed', 'Bought'),
  uniqueId: fc.constantFrom('u1', 'u2', 'u3'),
  second: fc.integer({ min: 1, max: 9 }).map((n) => 1_700_000_000 + n * 40_000_000 - 320_000_000),
});

type Action =
  | { readonly kind: 'upsert'; readonly writes: readonly ModelWrite[] }
  | { readonly kind: 'create'; readonly write: ModelWrite }
  | { readonly kind: 'record'; readonly events: readonly (typeof event extends fc.Arbitrary<infer T> ? T : never)[] }
  | { readonly kind: 'merge'; readonly target: number; readonly source: number }
  | { readonly kind: 'delete'; readonly person: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('upsert' as const),
      writes: fc.array(modelWrite, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), write: modelWrite }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      events: fc.array(event, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), target: fc.nat(9), source: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), person: fc.nat(9) }) },
);

test('profiles and events are what a simple model says, whatever is written, merged and deleted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 8 }), async (actions) => {
      const { id } = await createAccount(database(), { name: 'Shop' });
      const model = new Model();
      for (const one of actions) {
        await perform(id, model, one);
        expect(await storedPeople(id)).toEqual(modelPeople(model));
      }
      expect(await storedTombstones(id)).toEqual([...model.tombstones].sort());
      await checkNumbers(id);
    }),
    { numRuns: Number(process.env['WHARF_MODEL_RUNS'] ?? 150) },
  );
});

async function perform(accountId: number, model: Model, one: Action): Promise<void> {
  if (one.kind === 'upsert') await performUpsert(accountId, model, one.writes);
  else if (one.kind === 'create') await performCreate(accountId, model, one.write);
  else if (one.kind === 'record') await performRecord(accountId, model, one.events);
  else if (one.kind === 'merge') await performMerge(accountId, model, one.target, one.source);
  else await performDelete(accountId, model, one.person);
}

async function performMerge(accountId: number, model: Model, into: number, from: number): Promise<void> {
  const target = model.people[into % model.people.length];
  const source = model.people[from % model.people.length];
  if (!target || !source || source === target || !isKnown(target) || !isKnown(source)) return;
  const [targetId, sourceId] = [await storedId(accountId, target), await storedId(accountId, source)];
  expect(await mergeProfiles(database(), accountId, targetId, [sourceId])).toEqual({ id: targetId });
  const last = await currentNumber(database(), accountId);
  expect(await mergeProfiles(database(), accountId, targetId, [sourceId])).toEqual({ id: targetId });
  expect(await currentNumber(database(), accountId)).toBe(last);
  model.merge(target, source);
}

async function performDelete(accountId: number, model: Model, place: number): Promise<void> {
  const person = model.people[place % model.people.length];
  if (!person || !isKnown(person)) return;
  const id = await storedId(accountId, person);
  expect(await deleteProfiles(database(), accountId, { id })).toBe(1);
  expect(await deleteProfiles(database(), accountId, { id })).toBe(0);
  model.delete(person);
}

async function performUpsert(accountId: number, model: Model, writes: readonly ModelWrite[]): Promise<void> {
  const expected = writes.map((write) => outcomeOf(model.apply(write, 'strict')));
  const given = writes.map(toWrite);
  const outcomes = await upsertProfiles(database(), accountId, given, { onExisting: 'update' });
  expect(outcomes.map((one) => ('problem' in one ? one.problem.code : one.created))).toEqual(expected);
  if (writes.length > 1) return;
  const last = await currentNumber(database(), accountId);
  await upsertProfiles(database(), accountId, given, { onExisting: 'update' });
  expect(await currentNumber(database(), accountId)).toBe(last);
}

async function performCreate(accountId: number, model: Model, write: ModelWrite): Promise<void> {
  const existing = model.find(write);
  const expected = existing ? 'conflict' : outcomeOf(model.apply(write, 'strict'));
  const [outcome] = await upsertProfiles(database(), accountId, [toWrite(write)], { onExisting: 'fail' });
  expect(outcome && ('problem' in outcome ? outcome.problem.code : outcome.created)).toBe(expected);
}

async function performRecord(
  accountId: number,
  model: Model,
  events: Extract<Action, { kind: 'record' }>['events'],
): Promise<void> {
  const recorded = events.filter((one) => model.record(one.write, `${one.metric}/${one.uniqueId}`, one.second)).length;
  const given = events.map((one) => ({
    metric: { name: one.metric },
    profile: toWrite(one.write),
    datetime: new Date(one.second * 1000),
    uniqueId: one.uniqueId,
    properties: toJsonText({}),
  }));
  expect((await recordEvents(database(), accountId, given)).recorded).toBe(recorded);
  if (events.length > 1) return;
  const last = await currentNumber(database(), accountId);
  expect((await recordEvents(database(), accountId, given)).recorded).toBe(0);
  expect(await currentNumber(database(), accountId)).toBe(last);
}

function outcomeOf(applied: ReturnType<Model['apply']>): boolean | string {
  return typeof applied === 'string' ? applied : applied.created;
}

function toWrite({ values, ...write }: ModelWrite): ProfileWrite {
  return { ...write, properties: toJsonText(values) };
}

function isKnown(person: Person): boolean {
  return identifierKinds.some((kind) => person.ids[kind] !== null);
}

async function storedId(accountId: number, person: Person): Promise<string> {
  const { externalId, email, phoneNumber, anonymousId } = person.ids;
  const { rows } = await database().query<{ id: string }>(
    `select id from profile where account_id = $1
       and (external_id = $2 or email = $3 or phone_number = $4 or anonymous_id = $5)`,
    [accountId, externalId, email, phoneNumber, anonymousId],
  );
  expect(rows.length).toBe(1);
  return rows[0]?.id ?? '';
}

/** One comparable text a person, in order. */
function modelPeople(model: Model): string[] {
  return model.people
    .map(({ ids, firstName, properties, events, lastEvent }) =>
      JSON.stringify([
        ids.externalId,
        ids.email,
        ids.phoneNumber,
        ids.anonymousId,
        firstName,
        [...properties],
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
       extract(epoch from last_event_date)::bigint as last_event,
       array(select m.name || '/' || e.unique_id from event e join metric m on m.account_id = e.account_id and m.id = e.metric_id
             where e.account_id = p.account_id and e.profile_id = p.id ) as events
     from profile p where account_id = $1`,
    [accountId],
  );
  return rows
    .map((row) => {
      const properties = [...row.properties.matchAll(/"([^"]+)":(\d+)/g)].map(([, key, value]) => [key, Number(value)]);
      return JSON.stringify([...row.ids, row.first_name, properties, row.events.sort(), row.last_event]);
    })
    .sort();
}

async function storedTombstones(accountId: number): Promise<string[]> {
  const { rows } = await database().query<{ text: string }>(
    `select table_name || ' ' || reason as text from tombstone where account_id = $1`,
    [accountId],
  );
  return rows.map((row) => row.text).sort();
}

/** No number stands on two rows, none is beyond the last, and every event has its key and nothing else has one. */
async function checkNumbers(accountId: number): Promise<void> {
  const { rows } = await database().query<{
    rows: number;
    numbers: number;
    highest: number;
    keys: number;
    matched: number;
  }>(
    `with numbered as (
       select change_number from profile where account_id = $1 union all select change_number from event where account_id = $1
       union all select change_number from metric where account_id = $1
       union all select change_number from tombstone where account_id = $1
     )
     select count(*) as rows, count(distinct change_number) as numbers, coalesce(max(change_number), 0) as highest,
       (select count(*) from event_key where account_id = $1) as keys,
       (select count(*) from event e join event_key k on k.account_id = e.account_id
          and k.key = event_key_of(e.profile_id, e.metric_id, e.unique_id) where e.account_id = $1) as matched
     from numbered`,
    [accountId],
  );
  const [found] = rows;
  expect(found?.numbers).toBe(found?.rows);
  expect(found?.highest).toBeLessThanOrEqual(await currentNumber(database(), accountId));
  expect(found?.matched).toBe(found?.keys);
}

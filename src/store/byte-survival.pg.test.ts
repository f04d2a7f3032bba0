import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { type JsonText, notesBelow, parseJson } from '../kernel/json-text.ts';
import { createAccount } from './accounts.ts';
import { recordEvents } from './event-writes.ts';
import { upsertProfiles } from './profile-writes.ts';

const database = testDatabase();

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));

/** Numbers JavaScript would round: 64-bit integers, long decimals, exponents, negative zero. */
const numberText = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }).map(String),
  fc
    .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 999 }), digits(1, 40))
    .map(([sign, whole, part]) => `${sign}${whole}.${part}`),
  fc.constantFrom('1E400', '1e-7', '-0', '-0.0', '1.10', '0.1e+05'),
);

const stringText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text.replaceAll('\0', ''))),
  fc.constantFrom('"\\u00e9\\/"', '"\\ud83d\\ude00"', '"\\\\u0000"', '"\\t\\n\\"\\\\"', '"{,}"', `"'$1\\b"`),
);

const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    numberText,
    stringText,
    fc.constantFrom('true', 'false', '""', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(tie('value'), { maxLength: 3 })
      .map((items) => `{${items.map((item, i) => `"${9 - i}":${item}`).join(',')}}`),
  ),
}));

/** Keys in odd orders: numbers downwards, `__proto__`, any Unicode. */
const objectText = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('2', '10', '1', '__proto__', 'ż'),
        fc.string({ unit: 'binary' }).map((key) => key.replaceAll('\0', '')),
      ),
      jsonText,
    ),
    {
      selector: ([key]) => key,
      maxLength: 5,
    },
  )
  .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);

test('properties come out byte for byte as they went in', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  let person = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(objectText, { minLength: 1, maxLength: 20 }), async (texts) => {
      const body = `{"data": [${texts.map((text) => `{"properties": ${text}}`).join(',')}]}`;
      const { value, notes } = parseJson(body, { rawKeys: new Set(['properties']) });
      expect(notes).toEqual([]);
      const { data } = value as { data: { properties: JsonText }[] };
      const people = data.map(({ properties }) => ({ externalId: `p${person++}`, properties }));
      await upsertProfiles(database(), id, people, { onExisting: 'fail' });
      const events = data.map(({ properties }, index) => ({
        metric: { name: 'Seen' },
        profile: { externalId: people[index]?.externalId ?? '' },
        datetime: new Date(1_700_000_000_000),
        properties,
      }));
      expect(await recordEvents(database(), id, events)).toEqual({
        recorded: texts.length,
        duplicates: 0,
        problems: [],
      });
      const { rows } = await database().query<{ ofProfile: string; ofEvent: string }>(
        `select p.properties as "ofProfile", e.properties as "ofEvent"
         from unnest($2::text[]) with ordinality as n(external_id, place)
         join profile p on p.account_id = $1 and p.external_id = n.external_id
         join event e on e.account_id = $1 and e.profile_id = p.id order by n.place`,
        [id, people.map((one) => one.externalId)],
      );
      expect(rows.map((row) => row.ofProfile)).toEqual(texts);
      expect(rows.map((row) => row.ofEvent)).toEqual(texts);
    }),
    { numRuns: 60 },
  );
});

test('what the door replaced is written on the row', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const { value, notes } = parseJson('{"properties":{"a":["x\\u0000","\\ud800"]}}', {
    rawKeys: new Set(['properties']),
  });
  const { properties } = value as { properties: JsonText };
  const own = notesBelow(notes, '');
  await recordEvents(database(), id, [
    {
      metric: { name: 'Seen' },
      profile: { email: 'a@x.co', firstName: 'A\0\ud800' },
      datetime: new Date(),
      properties,
      notes: own,
    },
  ]);
  const { rows } = await database().query(
    `select e.properties, e.door_notes as event_notes, p.first_name, p.door_notes as profile_notes
     from event e join profile p on p.account_id = e.account_id and p.id = e.profile_id where e.account_id = $1`,
    [id],
  );
  expect(rows).toEqual([
    {
      properties: '{"a":["x\uFFFD","\uFFFD"]}',
      event_notes:
        '[{"path":"/properties/a/0","change":"nul-replaced"},{"path":"/properties/a/1","change":"surrogate-replaced"}]',
      first_name: 'A\uFFFD\uFFFD',
      profile_notes: '[{"path":"/first_name","change":"nul-replaced"}]',
    },
  ]);
});

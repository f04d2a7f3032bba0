/** Files that come again: mended, the same, with headers that are known, and straight from a warehouse. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, expect, test } from 'vitest';
import { importRig } from '../../src/imports/testing/import-rig.ts';

const rig = importRig();
let account: number;
beforeEach(async () => void (account = await rig().newAccount()));

test('skipped rows are downloaded, mended and uploaded again as they are', async () => {
  const first = await rig().run(
    account,
    'profiles',
    'Email;City;Points\na@x.pl;"Łódź; centre";1\nb_x.pl;"Kra""ków";2\nc@x.pl;\n d@x.pl;"two\nlines";4\na@x.pl;;5\n',
  );
  expect(first).toMatchObject({ status: 'incomplete', rows: { created: 2, skipped: 3 } });
  const skipped = await rig().skipped(account, first.id);
  const mended = skipped.replace('b_x.pl', 'b@x.pl').replace('"c@x.pl;";', 'c@x.pl;').replace('a@x.pl', 'e@x.pl');
  expect(mended).not.toBe(skipped);
  const again = await rig().run(account, 'profiles', mended);
  expect(again).toMatchObject({ status: 'completed', rows: { created: 3, skipped: 0 } });
  expect(await rig().profiles(account)).toEqual([
    { email: 'a@x.pl', location: '{"city":"Łódź; centre"}', properties: '{"Points":1}' },
    { email: 'b@x.pl', location: '{"city":"Kra\\"ków"}', properties: '{"Points":2}' },
    { email: 'c@x.pl', properties: '{}' },
    { email: 'd@x.pl', location: '{"city":"two\\nlines"}', properties: '{"Points":4}' },
    { email: 'e@x.pl', properties: '{"Points":5}' },
  ]);
});

test('the same file again changes nothing, neither rows nor change numbers', async () => {
  const people = 'Email,FirstName,Points,Tags\na@x.pl,Ann,1.50,"[""a""]"\nb@x.pl,Bob,2,\n';
  const events = 'Email,MetricName,Timestamp,UniqueID\na@x.pl,Paid,2024-01-01,1\na@x.pl,Paid,2024-01-01,2\n';
  await rig().run(account, 'profiles', people);
  await rig().run(account, 'events', events);
  const before = await content();
  expect(await rig().run(account, 'profiles', people)).toMatchObject({
    rows: { created: 0, updated: 0, unchanged: 2 },
  });
  expect(await rig().run(account, 'events', events)).toMatchObject({ rows: { created: 0, updated: 0, unchanged: 2 } });
  expect(await content()).toEqual(before);
});

async function content(): Promise<unknown> {
  const { rows: profiles } = await rig().db.query('select * from profile where account_id = $1 order by id', [account]);
  const { rows: events } = await rig().db.query('select * from event where account_id = $1 order by id', [account]);
  return { profiles, events };
}

test('headers that were confirmed once begin at once the next time', async () => {
  const csv = (n: number): string => `Email,id,Size,Size\np${n}@x.pl,${n},L,${n}\n`;
  const first = await rig().run(account, 'profiles', csv(1));
  expect(first).toMatchObject({ status: 'review' });
  const review = await rig().imports.review(account, first.id, new AbortController().signal);
  const columns = review.mapping.columns.map((column, index) =>
    index === 3 ? { ...column, target: 'property', property: 'size___number', type: 'number' as const } : column,
  );
  const mapping = { ...review.mapping, columns };
  await rig().imports.confirm(account, first.id, { mapping, remember: true });
  expect(await rig().work(account, first.id)).toMatchObject({ status: 'completed' });
  expect(await rig().run(account, 'profiles', csv(2))).toMatchObject({ status: 'completed', rows: { created: 1 } });
  expect((await rig().profiles(account)).map(({ properties }) => properties)).toEqual([
    '{"Size":"L","size":{"number":1}}',
    '{"Size":"L","size":{"number":2}}',
  ]);
  // who has confirmed a type is told of cells that do not fit it
  const wrong = await rig().run(account, 'profiles', 'Email,id,Size,Size\np3@x.pl,3,L,large\n');
  expect(wrong).toMatchObject({ status: 'incomplete', rows: { created: 0, skipped: 1 } });
  // another account has confirmed nothing
  expect(await rig().run(await rig().newAccount(), 'profiles', csv(1))).toMatchObject({ status: 'review' });
});

test('the statement for DuckDB in docs/imports.md exports what can be imported', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../docs/imports.md'), 'utf8');
  const statement = /\*\*DuckDB\.\*\*.*?```sql\n(.*?)```/s.exec(docs)?.[1] ?? '';
  const file = join(rig().folder, 'events.csv');
  const duckdb = await (await DuckDBInstance.create()).connect();
  await duckdb.run(`
    create table klaviyo_profile (id text, external_id text, email text);
    create table klaviyo_metric (id text, name text, integration_name text);
    create table klaviyo_event (id text, profile_id text, metric_id text, datetime timestamptz, event_properties json);
    insert into klaviyo_profile values ('P', 'c1', 'a@x.pl');
    insert into klaviyo_metric values ('M', 'Placed Order', 'Shop');
    insert into klaviyo_event values
      ('E', 'P', 'M', '2024-03-01T12:30:00Z',
       '{"Items": ["Mug, \\"large\\""], "Big": 12345678901234567890.10, "$value": 19.90, "$currency_code": "PLN", "$event_id": "o1"}')`);
  await duckdb.run(statement.replace("'events.csv'", `'${file}'`));
  duckdb.closeSync();
  const done = await rig().run(account, 'events', await readFile(file));
  expect(done).toMatchObject({ status: 'completed', rows: { created: 1 } });
  expect(await rig().events(account)).toEqual([
    {
      metric: 'Placed Order',
      integration: 'Shop',
      email: 'a@x.pl',
      datetime: new Date('2024-03-01T12:30:00Z'),
      unique_id: 'o1',
      properties:
        '{"Items":["Mug, \\"large\\""],"Big":12345678901234567890.10,"$value":19.90,"$currency_code":"PLN","$event_id":"o1"}',
    },
  ]);
});

import { gunzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { tables } from '../destinations/tables.ts';
import type { StagedFormat } from '../destinations/destination.ts';
import { readStagedFile } from '../destinations/testing/duckdb-rows.ts';
import { rawCells } from '../destinations/testing/json-cells.ts';
import { jsonTexts, texts } from '../destinations/testing/value-corpus.ts';
import { JsonText } from '../kernel/json-text.ts';
import { recordEvents } from '../store/event-writes.ts';
import { mergeProfiles, upsertProfiles } from '../store/profile-writes.ts';
import type { RowRange } from './rows.ts';
import { LocalStage } from './stage-local.ts';
import { stageRows } from './stage.ts';
import { newAccount } from './testing/engine.ts';

const database = testDatabase();
const { signal } = new AbortController();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function whole(accountId: number, table: RowRange['table'], content: RowRange['content'] = 'rows'): RowRange {
  const filter = { include: { excludedIntegrations: [], metrics: null }, except: null };
  const window = { numberFrom: 0, numberTo: 1_000_000, timeFrom: null, timeTo: null };
  return { accountId, table, content, ...window, filter };
}

/** Path of the staged file. */
async function stage(range: RowRange, format: StagedFormat): Promise<string> {
  const name = crypto.randomUUID();
  const staged = await stageRows(database(), new LocalStage(folder), range, format, name, signal);
  expect([staged.staged, staged.files[0]?.rows]).toEqual([staged.source, staged.source]);
  return join(folder, name);
}

async function lines(range: RowRange, format: StagedFormat): Promise<string[]> {
  const text = gunzipSync(await readFile(await stage(range, format))).toString('utf8');
  return text.split('\n').slice(0, -1);
}

// the door refuses the deeply nested one
const objects = jsonTexts.filter((text) => text.startsWith('{') && text !== '{}' && !text.startsWith('{"deep"'));

test('event properties reach the file byte for byte, in JSON lines and in CSV', async () => {
  const accountId = await newAccount(database());
  const events = objects.map((text, i) => ({
    metric: { name: 'Seen "it"\t\\' },
    profile: { externalId: 'x' },
    datetime: new Date('2024-02-29T23:59:59Z'),
    uniqueId: `u${i}`,
    properties: new JsonText(text),
  }));
  expect((await recordEvents(database(), accountId, events)).problems).toEqual([]);
  // finer than the door lets in, as other sources may have it
  await database().query(`update event set datetime = datetime + interval '0.9 s' where account_id = $1`, [accountId]);
  const { rows: stored } = await database().query<{ id: string; properties: string }>(
    'select id::text, properties::text from event where account_id = $1',
    [accountId],
  );
  const jsonLines = await lines(whole(accountId, 'klaviyo_event'), 'json-lines');
  const csv = (await lines(whole(accountId, 'klaviyo_event'), 'csv')).map((line) => line.split('\t'));
  for (const { id, properties } of stored) {
    const line = jsonLines.find((each) => each.startsWith(`{"id":"${id}"`)) ?? '';
    expect(line).toContain(`"event_properties":\t${properties}\t}`);
    const parsed = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(parsed).sort()).toEqual(columnsOf('klaviyo_event'));
    expect(parsed).toMatchObject({ datetime: '2024-02-29T23:59:59.9+00:00', timestamp: 1709251199, uuid: id });
    const fields = csv.find(([first]) => first === id) ?? [];
    const { profile_id: person, metric_id: metric, _change_number: number } = parsed;
    const time = '2024-02-29 23:59:59.9+00';
    const received = String(parsed['_received_at']).replace('T', ' ').replace('+00:00', '+00');
    expect(fields).toEqual([id, person, metric, time, properties, received, String(number), 'false']);
  }
  const [metric] = await lines(whole(accountId, 'klaviyo_metric'), 'json-lines');
  expect(JSON.parse(metric ?? '')).toMatchObject({ name: 'Seen "it"\t\\', integration_name: 'API' });
  expect(Object.keys(JSON.parse(metric ?? '') as object).sort()).toEqual(columnsOf('klaviyo_metric'));
});

// a collection of traps, and random text
const awkward = [
  'tab\there',
  '\ttab first',
  'line\nfeed',
  'return\r',
  '\x01',
  'a\x01b\x01\x01',
  '\x02',
  '"quoted"',
  "'",
  '\\',
  '\\N',
  '\\.',
  ',;|',
];
const random = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 7 });
const names = [...texts, ...awkward, ...random].map((text) => text?.replaceAll('\0', '').slice(0, 1000) ?? null);

test('texts of people reach the file unchanged, missing ones as null', async () => {
  const accountId = await newAccount(database());
  const writes = names.map((text, i) => ({ externalId: `x${i}`, firstName: text, lastName: null }));
  await upsertProfiles(database(), accountId, writes, { onExisting: 'update' });
  // past the door, which makes some of them null or shorter
  await database().query(
    `update profile p set title = given.title from unnest($2::text[]) with ordinality as given (title, n)
     where p.account_id = $1 and p.external_id = 'x' || n - 1`,
    [accountId, names],
  );
  const { rows: stored } = await database().query<{ first_name: string | null; title: string | null }>(
    'select first_name, title from profile where account_id = $1 order by id',
    [accountId],
  );
  expect(new Set(stored.map((row) => row.title))).toEqual(new Set(names));
  const jsonLines = (await lines(whole(accountId, 'klaviyo_profile'), 'json-lines'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  const csv = await readStagedFile(tables.klaviyo_profile, await stage(whole(accountId, 'klaviyo_profile'), 'csv'));
  for (const rows of [jsonLines, csv]) {
    expect(rows.map(({ first_name, title }) => ({ first_name, title }))).toEqual(stored);
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(columnsOf('klaviyo_profile'));
      expect(row).toMatchObject({ last_name: null, last_event_date: null });
    }
  }
  expect(jsonLines[0]).toMatchObject({ location: null, properties: {}, _deleted: false });
  expect(csv[0]).toMatchObject({ location: null, properties: '{}', subscriptions: null, _deleted: 'false' });
  expect(csv[0]?.['created']).toBe(utc(jsonLines[0]?.['created']));
});

test('a merge leaves a deletion among the changes', async () => {
  const accountId = await newAccount(database());
  const people = ['a', 'b'].map((externalId) => ({ externalId }));
  await upsertProfiles(database(), accountId, people, { onExisting: 'update' });
  const { rows } = await database().query<{ id: string }>(
    'select id from profile where account_id = $1 order by external_id',
    [accountId],
  );
  await mergeProfiles(database(), accountId, rows[0]!.id, [rows[1]!.id]);
  const range = whole(accountId, 'klaviyo_profile', 'changes');
  const jsonLines = (await lines(range, 'json-lines')).map((line) => JSON.parse(line) as Record<string, unknown>);
  const [deletion, ...others] = jsonLines.filter((row) => row['_deleted'] === true);
  expect(Object.keys(deletion ?? {})).toEqual(['id', '_change_number', '_deleted']);
  expect(deletion?.['id']).toBe(rows[1]!.id);
  expect([others.length, jsonLines.length]).toEqual([0, 2]);

  const csv = await readStagedFile(tables.klaviyo_profile, await stage(range, 'csv'));
  expect(csv.map((row) => [row['id'], row['_deleted']]).sort()).toEqual(
    [
      [rows[0]!.id, 'false'],
      [rows[1]!.id, 'true'],
    ].sort(),
  );
  const known = Object.entries(csv.find((row) => row['_deleted'] === 'true') ?? {}).filter(
    ([, value]) => value !== null,
  );
  expect(known.map(([name]) => name)).toEqual(['id', '_change_number', '_deleted']);
});

test('deletions of events are staged with the events, and alone', async () => {
  const accountId = await newAccount(database());
  const id = '018f0000-0000-8000-8000-000000000001';
  await database().query(
    `insert into tombstone (account_id, change_number, table_name, id, reason, created_at)
     values ($1, 1, 'event', $2, 'deleted', now())`,
    [accountId, id],
  );
  for (const content of ['changes', 'tombstones'] as const) {
    const range = whole(accountId, 'klaviyo_event', content);
    const [row] = await readStagedFile(tables.klaviyo_event, await stage(range, 'csv'));
    expect(row).toMatchObject({ id, datetime: null, event_properties: null, _change_number: '1', _deleted: 'true' });
    expect((await lines(range, 'json-lines')).map((line) => JSON.parse(line) as unknown)).toEqual([
      { id, _change_number: 1, _deleted: true },
    ]);
  }
});

test('flat JSON lines hold the same, with JSON and integers as strings', async () => {
  const accountId = await newAccount(database());
  const events = objects.map((text, i) => ({
    metric: { name: 'Seen' },
    profile: { externalId: `x${i}` },
    datetime: new Date('2024-02-29T23:59:59Z'),
    uniqueId: `u${i}`,
    properties: new JsonText(text),
  }));
  await recordEvents(database(), accountId, events);
  const { rows: people } = await database().query<{ id: string }>('select id from profile where account_id = $1', [
    accountId,
  ]);
  await mergeProfiles(database(), accountId, people[0]!.id, [people[1]!.id]);
  for (const table of ['klaviyo_event', 'klaviyo_profile', 'klaviyo_metric'] as const) {
    const range = whole(accountId, table, table === 'klaviyo_profile' ? 'changes' : 'rows');
    const types = new Map(tables[table].columns.map(({ name, type }) => [name, type]));
    const nested = (await lines(range, 'json-lines')).map((line) => rawCells(line.replaceAll('\t', '')));
    const flat = (await lines(range, 'flat-json-lines')).map((line) => JSON.parse(line) as Record<string, unknown>);
    const expected = nested.map((cells) =>
      Object.fromEntries(
        [...cells].map(([name, raw]) => {
          const text = types.get(name) === 'json' || types.get(name) === 'integer';
          return [name, text && raw.trim() !== 'null' ? raw.trim() : (JSON.parse(raw) as unknown)];
        }),
      ),
    );
    expect(flat.length).toBeGreaterThan(0);
    expect(flat).toEqual(expected);
  }
});

test('a stopped staging leaves no file and no query behind', async () => {
  const accountId = await newAccount(database());
  const stop = new AbortController();
  const range = whole(accountId, 'klaviyo_event');
  stop.abort(new Error('stopped'));
  const staging = stageRows(database(), new LocalStage(folder), range, 'csv', 'stopped', stop.signal);
  await expect(staging).rejects.toThrow('stopped');
  expect(await readFile(join(folder, 'stopped')).catch(() => null)).toBeNull();
});

function utc(time: unknown): string {
  const [, whole, micros = ''] = /^(.*?)(?:\.(\d+))?\+00:00$/.exec(String(time)) ?? [];
  return `${whole}.${micros.padEnd(6, '0')}Z`;
}

function columnsOf(table: RowRange['table']): string[] {
  return [...tables[table].columns.map((column) => column.name), '_deleted'].sort();
}

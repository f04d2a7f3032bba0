import { gunzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { tables } from '../destinations/tables.ts';
import type { StagedJson } from '../destinations/destination.ts';
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

async function lines(range: RowRange, json: StagedJson): Promise<string[]> {
  const name = crypto.randomUUID();
  const staged = await stageRows(database(), new LocalStage(folder), range, json, name, signal);
  const text = gunzipSync(await readFile(join(folder, name))).toString('utf8');
  const found = text.split('\n').slice(0, -1);
  expect([staged.source, staged.staged, staged.files[0]?.rows]).toEqual([found.length, found.length, found.length]);
  return found;
}

// the door refuses the deeply nested one
const objects = jsonTexts.filter((text) => text.startsWith('{') && text !== '{}' && !text.startsWith('{"deep"'));

test('event properties reach the file byte for byte, as a value and as text', async () => {
  const accountId = await newAccount(database());
  const events = objects.map((text, i) => ({
    metric: { name: 'Seen "it"\t\\' },
    profile: { externalId: 'x' },
    datetime: new Date('2024-02-29T23:59:59Z'),
    uniqueId: `u${i}`,
    properties: new JsonText(text),
  }));
  expect((await recordEvents(database(), accountId, events)).problems).toEqual([]);
  const { rows: stored } = await database().query<{ id: string; properties: string }>(
    'select id::text, properties::text from event where account_id = $1',
    [accountId],
  );
  const asValue = await lines(whole(accountId, 'klaviyo_event'), 'value');
  const asText = await lines(whole(accountId, 'klaviyo_event'), 'text');
  for (const { id, properties } of stored) {
    const valueLine = asValue.find((line) => line.startsWith(`{"id":"${id}"`));
    expect(valueLine).toContain(`"event_properties":\t${properties}\t}`);
    const parsed = asText.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => line['id'] === id);
    expect(parsed?.['event_properties']).toBe(properties);
    expect(Object.keys(parsed ?? {}).sort()).toEqual(columnsOf('klaviyo_event'));
    expect(parsed).toMatchObject({ datetime: '2024-02-29T23:59:59+00:00', timestamp: 1709251199, uuid: id });
  }
  const [metric] = await lines(whole(accountId, 'klaviyo_metric'), 'value');
  expect(JSON.parse(metric ?? '')).toMatchObject({ name: 'Seen "it"\t\\', integration_name: 'API' });
  expect(Object.keys(JSON.parse(metric ?? '') as object).sort()).toEqual(columnsOf('klaviyo_metric'));
});

test('texts of people reach the file unchanged, missing ones as null', async () => {
  const accountId = await newAccount(database());
  const names = texts.filter((text) => text !== null && text !== '' && text.length < 1000);
  const writes = names.map((text, i) => ({ externalId: `x${i}`, firstName: text, lastName: null }));
  await upsertProfiles(database(), accountId, writes, { onExisting: 'update' });
  const { rows: stored } = await database().query<{ name: string }>(
    'select first_name as name from profile where account_id = $1 order by id',
    [accountId],
  );
  const rows = (await lines(whole(accountId, 'klaviyo_profile'), 'value')).map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  );
  rows.sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  expect(rows.map((row) => row['first_name'])).toEqual(stored.map((row) => row.name));
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(columnsOf('klaviyo_profile'));
    expect(row).toMatchObject({ last_name: null, location: null, last_event_date: null, properties: {} });
  }
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
  const changes = (await lines(whole(accountId, 'klaviyo_profile', 'changes'), 'text')).map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  );
  const deletions = changes.filter((row) => row['_deleted'] === true);
  expect(deletions.map((row) => Object.keys(row))).toEqual([['id', '_change_number', '_deleted']]);
  expect(deletions[0]?.['id']).toBe(rows[1]!.id);
  expect(changes).toHaveLength(2);
});

test('a stopped staging leaves no file and no query behind', async () => {
  const accountId = await newAccount(database());
  const stop = new AbortController();
  const range = whole(accountId, 'klaviyo_event');
  stop.abort(new Error('stopped'));
  const staging = stageRows(database(), new LocalStage(folder), range, 'value', 'stopped', stop.signal);
  await expect(staging).rejects.toThrow('stopped');
  expect(await readFile(join(folder, 'stopped')).catch(() => null)).toBeNull();
});

function columnsOf(table: RowRange['table']): string[] {
  return [...tables[table].columns.map((column) => column.name), '_deleted'].sort();
}

import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import type { EventSummary, ProfileSummary } from '../../contract/lookup.ts';
import { parseJsonText } from '../../kernel/json-text.ts';
import { recordEvents } from '../../store/event-writes.ts';
import type { EventWrite } from '../../store/event.ts';
import { mergeProfiles, upsertProfiles } from '../../store/profile-writes.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import { restServer, type Tenant } from '../testing/rest-server.ts';
import { connectWarehouse, syncsUntil, warehouseFile } from '../testing/shop.ts';

const server = restServer();

const json = (text: string) => parseJsonText(text).json;

async function addProfile(shop: Tenant, write: ProfileWrite): Promise<string> {
  const [made] = await upsertProfiles(server().db, shop.account.id, [write], { onExisting: 'fail' });
  if (!made || !('id' in made)) throw new Error('the profile was refused');
  return made.id;
}

async function addEvents(shop: Tenant, ...writes: Partial<EventWrite>[]): Promise<void> {
  const events = writes.map((write, i) => ({
    metric: { name: 'Placed Order', integration: 'Shopify' },
    profile: { email: 'ola@example.com' },
    datetime: new Date(Date.UTC(2026, 0, 1, 0, 0, i)),
    properties: json('{}'),
    ...write,
  }));
  await recordEvents(server().db, shop.account.id, events);
}

async function search(shop: Tenant, text: string): Promise<readonly (string | null)[]> {
  const query = { search: text, size: 100 };
  const { data } = await shop.client.call(endpoints.listProfiles, { params: shop.params, query });
  return data.map(({ externalId }) => externalId);
}

async function events(shop: Tenant, query: Record<string, string> = {}): Promise<EventSummary[]> {
  return (await shop.client.call(endpoints.listEvents, { params: shop.params, query: { size: 100, ...query } })).data;
}

async function profiles(shop: Tenant): Promise<ProfileSummary[]> {
  return (await shop.client.call(endpoints.listProfiles, { params: shop.params, query: { size: 100 } })).data;
}

test('a profile is found by each identifier and by the beginning of its address, newest first', async () => {
  const shop = await server().newAccount('Search');
  const a = await addProfile(shop, { externalId: 'a', email: 'Ola.Nowak@example.com', phoneNumber: '+48123456789' });
  const b = await addProfile(shop, { externalId: 'b', email: 'ola.kowalska@example.com' });
  await addProfile(shop, { externalId: 'c', email: 'jan@example.com' });
  expect(await search(shop, 'ola.nowak@EXAMPLE.com')).toEqual(['a']);
  expect(await search(shop, ' +48 123 456 789 ')).toEqual(['a']);
  expect(await search(shop, 'a')).toEqual(['a']);
  expect(await search(shop, 'b')).toEqual(['b']);
  expect(await search(shop, b)).toEqual(['b']);
  expect(await search(shop, 'OLA')).toEqual(['b', 'a']);
  expect(await search(shop, '')).toEqual(['c', 'b', 'a']);
  for (const nobody of ['ol', 'nowak', '%', 'ola%', "' or 1=1 --", 'example.com', '\u{10FFFF}']) {
    expect(await search(shop, nobody)).toEqual([]);
  }
  await mergeProfiles(server().db, shop.account.id, b, [a]);
  expect(await search(shop, a)).toEqual(['b']);
  const merged = await shop.client.call(endpoints.getProfile, { params: { ...shop.params, profile: a } });
  expect(merged.id).toBe(b);
});

test('pages lead through all profiles and all events, without a gap or a repeat', async () => {
  const shop = await server().newAccount('Pages');
  const people = Array.from({ length: 5 }, (_, i) => `page-${i}@example.com`);
  // several at the same second: the time alone does not tell them apart
  await addEvents(shop, ...people.map((email) => ({ profile: { email }, datetime: new Date('2026-02-03T04:05:06Z') })));
  const { params, client } = shop;
  for (const query of [{ size: 2 }, { size: 2, search: 'page-' }]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.call(endpoints.listProfiles, { params, query: { ...query, cursor } });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual((await profiles(shop)).map(({ id }) => id));
    expect(seen).toEqual(seen.toSorted().toReversed());
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call(endpoints.listEvents, { params, query: { size: 2, cursor } });
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toHaveLength(5);
  expect(seen).toEqual((await events(shop)).map(({ id }) => id));
});

test('events are narrowed to a metric, a person and a span of time', async () => {
  const shop = await server().newAccount('Narrow');
  await addEvents(
    shop,
    { metric: { name: 'Viewed Product' }, datetime: new Date('2026-01-01T00:00:00Z') },
    { datetime: new Date('2026-01-02T00:00:00Z') },
    { profile: { email: 'jan@example.com' }, datetime: new Date('2026-01-03T00:00:00Z') },
  );
  const times = async (query: Record<string, string>) =>
    (await events(shop, query)).map(({ datetime }) => datetime.slice(8, 10));
  const [newest, , oldest] = await events(shop);
  expect(newest).toMatchObject({ profile: { email: 'jan@example.com' }, metric: { integration: { name: 'Shopify' } } });
  expect(await times({ metric: oldest?.metric.id ?? '' })).toEqual(['01']);
  expect(await times({ profile: oldest?.profile.id ?? '' })).toEqual(['02', '01']);
  expect(await times({ since: '2026-01-02T00:00:00Z' })).toEqual(['03', '02']);
  expect(await times({ until: '2026-01-02T01:00:00+01:00' })).toEqual(['01']);
});

test('digits, key order and escapes of properties come out as they went in', async () => {
  const shop = await server().newAccount('Bytes');
  const properties = json(
    '{"b":9007199254740993,"2":0.10000000000000000001,"1":1e400,"t":"<script>\\u202e","__proto__":[]}',
  );
  const person = await addProfile(shop, { email: 'ola@example.com', properties, location: json('{"zip":"00-001"}') });
  await addEvents(
    shop,
    { properties: json('{"$value":12345678901234567890.10,"$currency_code":"PLN"}') },
    { properties },
  );
  const profile = await shop.client.call(endpoints.getProfile, { params: { ...shop.params, profile: person } });
  expect(profile).toMatchObject({ properties: properties.text, location: '{"zip":"00-001"}', subscriptions: null });
  const [plain, ordered] = await events(shop, { profile: person });
  expect(ordered).toMatchObject({ value: '12345678901234567890.10', currency: 'PLN' });
  expect(plain).toMatchObject({ value: null, currency: null });
  const event = await shop.client.call(endpoints.getEvent, { params: { ...shop.params, event: plain?.id ?? '' } });
  expect(event.properties).toBe(properties.text);
});

test('consents are told in short', async () => {
  const shop = await server().newAccount('Consents');
  const at = new Date('2026-01-02T03:04:05Z');
  const profile = await addProfile(shop, {
    email: 'ola@example.com',
    consents: [{ channel: 'email', kind: 'marketing', status: 'UNSUBSCRIBED', at }],
  });
  const { consents } = await shop.client.call(endpoints.getProfile, { params: { ...shop.params, profile } });
  expect(consents).toContainEqual({
    channel: 'email',
    kind: 'marketing',
    status: 'UNSUBSCRIBED',
    at: at.toISOString(),
    suppressions: ['UNSUBSCRIBE'],
  });
  expect(consents).toContainEqual(
    expect.objectContaining({ channel: 'sms', kind: 'marketing', status: 'NEVER_SUBSCRIBED', at: null }),
  );
});

test('a row waits for the next run and is in the warehouse after it, with the run that carried it', async () => {
  const shop = await server().newAccount('Arrival');
  const { client, params } = shop;
  await addEvents(shop, {});
  expect((await profiles(shop)).map(({ warehouse }) => warehouse)).toEqual([{ state: 'no_warehouse' }]);
  expect((await events(shop)).map(({ warehouse }) => warehouse)).toEqual([{ state: 'no_warehouse' }]);

  await connectWarehouse(server(), shop);
  const { data: runs } = await client.call(endpoints.listRuns, { params, query: {} });
  for (const [object, rows] of [
    ['profiles', await profiles(shop)],
    ['events', await events(shop)],
  ] as const) {
    const run = runs.find((one) => one.object === object && one.kind === 'historical');
    expect(rows[0]?.warehouse).toMatchObject({ state: 'in_warehouse', runId: run?.id });
  }

  // no hourly start comes in between
  await server().db.query(`update sync set next_run_at = now() + interval '1 day' where next_run_at is not null`);
  const { data: syncs } = await client.call(endpoints.listSyncs, { params });
  const periodic = syncs.find((sync) => sync.object === 'events' && sync.kind === 'periodic');
  await addEvents(shop, { uniqueId: 'later', datetime: new Date('2026-05-05T00:00:00Z') });
  const [fresh, old] = await events(shop);
  expect(old?.warehouse.state).toBe('in_warehouse');
  expect(fresh?.warehouse).toEqual({
    state: 'waiting',
    syncId: periodic?.id,
    syncStatus: 'scheduled',
    runId: null,
    nextRunAt: periodic?.nextRunAt,
  });
  // the event has changed its person, too
  expect((await profiles(shop))[0]?.warehouse).toMatchObject({ state: 'waiting', runId: null });

  await client.call(endpoints.pauseSync, { params: { ...params, sync: periodic?.id ?? '' } });
  expect((await events(shop))[0]?.warehouse).toMatchObject({ state: 'waiting', syncStatus: 'paused' });
  await client.call(endpoints.resumeSync, { params: { ...params, sync: periodic?.id ?? '' } });
  await client.call(endpoints.syncNow, { params: { ...params, sync: periodic?.id ?? '' } });
  await syncsUntil(shop, async () => (await events(shop))[0]?.warehouse.state === 'in_warehouse');
  const { warehouse } = (await events(shop))[0] as EventSummary;
  const carrier = 'runId' in warehouse ? warehouse.runId : null;
  const run = await client.call(endpoints.getRun, { params: { ...params, run: carrier ?? '' } });
  expect(run).toMatchObject({ syncId: periodic?.id, status: 'succeeded', rows: 1 });

  await client.call(endpoints.removeConnection, { params });
  expect((await events(shop))[0]?.warehouse).toEqual({ state: 'no_warehouse' });
});

test('what is not shared says why, and what was shared before stays in the warehouse', async () => {
  const shop = await server().newAccount('Choice');
  const { client, params } = shop;
  const recent = new Date(Date.now() - 3_600_000);
  await addEvents(
    shop,
    { uniqueId: 'shared', datetime: recent },
    { uniqueId: 'excluded', metric: { name: 'Clicked', integration: 'Elsewhere' }, datetime: recent },
    { uniqueId: 'unchosen', metric: { name: 'Viewed', integration: 'Shopify' }, datetime: recent },
    { uniqueId: 'old', datetime: new Date('2020-01-01T00:00:00Z') },
  );
  const metrics = (await client.call(endpoints.listMetrics, { params, query: {} })).data;
  const metric = (name: string) => metrics.find((one) => one.name === name);
  const chosen = ['Placed Order', 'Clicked'].map((name) => metric(name)?.id ?? '');
  await client.call(endpoints.connect, {
    params,
    body: {
      kind: 'duckdb',
      settings: { path: warehouseFile(server(), shop) },
      selection: {
        objects: ['events'],
        metrics: chosen,
        excludedIntegrations: [metric('Clicked')?.integration.id ?? ''],
        history: '30d',
      },
    },
  });
  await syncsUntil(shop, (all) => all.some(({ kind, status }) => kind === 'historical' && status === 'completed'));
  const told = async () =>
    Object.fromEntries(
      (await events(shop)).map(({ metric: { name }, datetime, warehouse }) => [
        `${name} ${datetime.slice(0, 4)}`,
        'reason' in warehouse ? warehouse.reason : warehouse.state,
      ]),
    );
  const year = recent.getUTCFullYear();
  expect(await told()).toEqual({
    [`Placed Order ${year}`]: 'in_warehouse',
    [`Clicked ${year}`]: 'integration',
    [`Viewed ${year}`]: 'metric',
    'Placed Order 2020': 'history',
  });
  expect((await profiles(shop))[0]?.warehouse).toEqual({ state: 'not_shared', reason: 'object' });

  const { connection } = await client.call(endpoints.getConnection, { params });
  const selection = { objects: ['events' as const], metrics: [metric('Viewed')?.id ?? ''], history: '30d' as const };
  await client.call(endpoints.editSelection, { params, body: { version: connection?.version ?? 0, selection } });
  await syncsUntil(shop, async () => (await told())[`Viewed ${year}`] === 'in_warehouse');
  expect(await told()).toMatchObject({ [`Placed Order ${year}`]: 'in_warehouse', [`Clicked ${year}`]: 'metric' });
});

test('when everything is sent anew to another place, a row counts only once it is there', async () => {
  const shop = await server().newAccount('Anew');
  const { client, params } = shop;
  await addEvents(shop, {});
  await connectWarehouse(server(), shop);
  const before = (await events(shop))[0]?.warehouse;
  const historical = (await client.call(endpoints.listSyncs, { params })).data.find(
    (sync) => sync.object === 'events' && sync.kind === 'historical',
  );
  const { connection } = await client.call(endpoints.getConnection, { params });
  await client.call(endpoints.disableConnection, { params });
  await client.call(endpoints.editSettings, {
    params,
    body: {
      version: connection?.version ?? 0,
      settings: { name: 'Second', path: warehouseFile(server(), shop).replace('.duckdb', '-2.duckdb') },
    },
  });
  expect((await events(shop))[0]?.warehouse).toMatchObject({ state: 'waiting', syncId: historical?.id });
  await client.call(endpoints.enableConnection, { params });
  await syncsUntil(shop, async () => (await events(shop))[0]?.warehouse.state === 'in_warehouse');
  expect((await events(shop))[0]?.warehouse).not.toEqual(before);
});

test("another account's profiles and events are not there", async () => {
  const theirs = await server().newAccount('Theirs');
  const ours = await server().newAccount('Ours');
  await addEvents(theirs, { profile: { email: 'secret@example.com' } });
  const [event] = await events(theirs);
  const { id: eventId, metric, profile } = event as EventSummary;
  const { client, params } = ours;
  const refused = { status: 404, facts: { code: 'NOT_FOUND' } };
  await expect(client.call(endpoints.getEvent, { params: { ...params, event: eventId } })).rejects.toMatchObject(
    refused,
  );
  await expect(client.call(endpoints.getProfile, { params: { ...params, profile: profile.id } })).rejects.toMatchObject(
    refused,
  );
  for (const nobody of ['x', '00000000-0000-4000-8000-000000000000']) {
    await expect(client.call(endpoints.getEvent, { params: { ...params, event: nobody } })).rejects.toMatchObject(
      refused,
    );
  }
  expect(await events(ours)).toEqual([]);
  expect(await events(ours, { metric: metric.id })).toEqual([]);
  expect(await events(ours, { profile: profile.id })).toEqual([]);
  for (const text of ['secret@example.com', 'sec', profile.id]) {
    const page = await client.call(endpoints.listProfiles, { params, query: { search: text } });
    expect(page.data).toEqual([]);
  }
});

test('what no list could have given is refused with the field it is about', async () => {
  const { client, params } = await server().newAccount('Input');
  const wrong: Record<string, string>[] = [
    { cursor: 'x' },
    { cursor: 'ffffffff-ffff-7fff-8fff-ffffffffffff' },
    { since: 'yesterday' },
    { since: '0000-01-01T00:00:00Z' },
    { until: '2026-02-30T00:00:00Z' },
    { metric: "' or 1=1 --" },
  ];
  for (const query of wrong) {
    await expect(client.call(endpoints.listEvents, { params, query })).rejects.toMatchObject({
      status: 400,
      facts: { code: 'INVALID_INPUT', details: { problems: [{ field: Object.keys(query)[0] }] } },
    });
  }
  await expect(client.call(endpoints.listProfiles, { params, query: { search: 'a\0b' } })).rejects.toMatchObject({
    status: 400,
  });
  expect(await client.call(endpoints.listProfiles, { params, query: { cursor: '~~~' } })).toMatchObject({ data: [] });
});

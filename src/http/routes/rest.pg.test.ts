import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { restServer } from '../testing/rest-server.ts';
import { connectWarehouse, recordOrders, syncsUntil, warehouseFile } from '../testing/shop.ts';

const server = restServer();

test('the operator makes an account and a key, and the key opens that account', async () => {
  const { operator } = server();
  const account = await operator.call(endpoints.createAccount, {
    body: { name: ' Żółw & Sons ', timeZone: 'Europe/Warsaw', currency: 'PLN' },
  });
  expect(account).toMatchObject({ name: 'Żółw & Sons', timeZone: 'Europe/Warsaw', currency: 'PLN', plan: 'advanced' });
  const params = { account: account.id };
  const created = await operator.call(endpoints.createApiKey, { params, body: { name: 'shop' } });
  expect(created.key).toMatch(/^pk_[0-9a-f]{34}$/);
  const { data } = await operator.call(endpoints.listApiKeys, { params });
  expect(data).toMatchObject([{ id: created.id, name: 'shop', hint: created.key.slice(-4), revokedAt: null }]);
  expect(JSON.stringify(data)).not.toContain(created.key);
  const caller = await fetch(new URL('/v1/caller', server().origin), {
    headers: { authorization: `Bearer ${created.key}` },
  });
  expect(await caller.json()).toEqual({ actor: `key:${created.id}`, account, person: null });
});

test('a warehouse is connected, filled, and every row accounted for', async () => {
  const shop = await server().newAccount('Shop');
  const { client, params } = shop;
  await recordOrders(server(), shop, 25);
  const selection = { objects: ['profiles' as const, 'events' as const] };

  const estimate = await client.call(endpoints.estimate, { params, body: { selection } });
  const rows = Object.fromEntries(estimate.data.map((entry) => [entry.table, entry.rows]));
  expect(rows).toMatchObject({ klaviyo_profile: 2, klaviyo_event: 25 });

  await connectWarehouse(server(), shop);
  const { connection } = await client.call(endpoints.getConnection, { params });
  expect(connection).toMatchObject({ kind: 'duckdb', enabled: true, selection: { ...selection, history: 'all' } });

  const runs = await client.call(endpoints.listRuns, { params, query: {} });
  const tables = [];
  for (const { id } of runs.data) {
    const run = await client.call(endpoints.getRun, { params: { ...params, run: id } });
    if (run.kind === 'historical') tables.push(...run.tables);
  }
  const loaded = Object.fromEntries(tables.map((entry) => [entry.table, entry.loaded]));
  expect(loaded).toMatchObject({ klaviyo_profile: 2, klaviyo_event: 25, klaviyo_metric: 1 });
  for (const { source, staged, loaded: count } of tables) expect([staged, count]).toEqual([source, source]);

  const metrics = await fetch(new URL('/metrics', server().origin), {
    headers: { authorization: `Bearer ${server().operatorToken}` },
  });
  expect(await metrics.text()).toContain(
    `wharf_last_run_rows{account="${params.account}",object="profiles",kind="historical"} 2\n`,
  );

  const timeline = await client.call(endpoints.listTimeline, { params, query: { size: 100 } });
  const kinds = timeline.data.map((entry) => entry.kind);
  expect(kinds).toContain('run-succeeded');
  expect(kinds.at(-1)).toBe('connected');
  expect(timeline.data.at(-1)).toMatchObject({ actor: `key:${shop.keyId}` });
});

test('credentials that end soon are shown with the connection and measured for alerts', async () => {
  const shop = await server().newAccount('Ending');
  const { client, params } = shop;
  const settings = { path: warehouseFile(server(), shop) };
  await client.call(endpoints.connect, {
    params,
    body: { kind: 'duckdb', settings, selection: { objects: ['events'] } },
  });
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
  await server().db.query('update destination set credentials_expire_at = $2 where account_id = $1', [
    shop.account.id,
    inTwoDays,
  ]);
  const { connection } = await client.call(endpoints.getConnection, { params });
  expect(connection).toMatchObject({
    credentialsExpireAt: inTwoDays.toISOString(),
    warnings: [{ code: 'CREDENTIALS_EXPIRE_SOON', advice: expect.stringContaining('enter them in the connection') }],
  });
  const metrics = await fetch(new URL('/metrics', server().origin), {
    headers: { authorization: `Bearer ${server().operatorToken}` },
  });
  const gauge = new RegExp(`^wharf_credentials_expire_seconds\\{account="${params.account}"\\} (\\S+)$`, 'm');
  const left = Number(gauge.exec(await metrics.text())?.[1]);
  expect(left).toBeGreaterThan(86_400);
  expect(left).toBeLessThanOrEqual(2 * 86_400);
});

test('a page leads to the next until the last, without a gap or a repeat', async () => {
  const shop = await server().newAccount('Pages');
  await recordOrders(server(), shop, 3);
  await connectWarehouse(server(), shop);
  const whole = await shop.client.call(endpoints.listTimeline, { params: shop.params, query: { size: 100 } });
  expect(whole.data.length).toBeGreaterThan(2);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await shop.client.call(endpoints.listTimeline, { params: shop.params, query: { size: 1, cursor } });
    seen.push(...page.data.map((entry) => entry.id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen.slice(-whole.data.length)).toEqual(whole.data.map((entry) => entry.id));
});

test('a sync is paused, resumed and run on request; what cannot be is a conflict', async () => {
  const shop = await server().newAccount('Actions');
  const { client } = shop;
  await recordOrders(server(), shop, 2);
  await connectWarehouse(server(), shop);
  const { data } = await client.call(endpoints.listSyncs, { params: shop.params });
  const of = (object: string, kind: string) => data.find((sync) => sync.object === object && sync.kind === kind)?.id;
  const periodic = { ...shop.params, sync: of('events', 'periodic') ?? '' };
  const historical = { ...shop.params, sync: of('events', 'historical') ?? '' };

  expect(await client.call(endpoints.pauseSync, { params: periodic })).toMatchObject({ status: 'paused' });
  await expect(client.call(endpoints.syncNow, { params: periodic })).rejects.toMatchObject({ status: 409 });
  expect((await client.call(endpoints.resumeSync, { params: periodic })).status).not.toBe('paused');
  await expect(client.call(endpoints.reEnableSync, { params: historical })).rejects.toMatchObject({
    facts: { code: 'CONFLICT', remedy: 'fix-data' },
  });

  await recordOrders(server(), shop, 3, 100);
  const ofPeriodic = { params: shop.params, query: { sync: periodic.sync } };
  // one request is enough, also when a run is open that does not see what came after it began
  await client.call(endpoints.syncNow, { params: periodic });
  await syncsUntil(shop, async () => {
    const { data: runs } = await client.call(endpoints.listRuns, ofPeriodic);
    return runs.filter((run) => run.status === 'succeeded').some((run) => run.rows > 2);
  });
});

test('one connection an account, edited only by who has seen its present version', async () => {
  const shop = await server().newAccount('Versions');
  const { client, params } = shop;
  await connectWarehouse(server(), shop);
  const body = {
    kind: 'duckdb',
    settings: { path: warehouseFile(server(), shop) },
    selection: { objects: ['events' as const] },
  };
  await expect(client.call(endpoints.connect, { params, body })).rejects.toMatchObject({ status: 409 });
  const { connection } = await client.call(endpoints.getConnection, { params });
  const version = connection?.version ?? -1;
  const edit = { version, selection: { objects: ['events' as const], history: '90d' as const } };
  const edited = await client.call(endpoints.editSelection, { params, body: edit });
  expect(edited.selection).toMatchObject({ objects: ['events'], history: '90d' });
  await expect(client.call(endpoints.editSelection, { params, body: edit })).rejects.toMatchObject({ status: 409 });
  expect(await client.call(endpoints.disableConnection, { params })).toMatchObject({ enabled: false });
  expect(await client.call(endpoints.enableConnection, { params })).toMatchObject({ enabled: true });
  await client.call(endpoints.removeConnection, { params });
  expect(await client.call(endpoints.getConnection, { params })).toEqual({ connection: null });
  await expect(client.call(endpoints.removeConnection, { params })).rejects.toMatchObject({ status: 404 });
});

test("another account's syncs, runs and errors are not there, through any address", async () => {
  const theirs = await server().newAccount('Theirs');
  await recordOrders(server(), theirs, 1);
  await connectWarehouse(server(), theirs);
  const { data: syncs } = await theirs.client.call(endpoints.listSyncs, { params: theirs.params });
  const { data: runs } = await theirs.client.call(endpoints.listRuns, { params: theirs.params, query: {} });
  const ours = await server().newAccount('Ours');
  await connectWarehouse(server(), ours);
  const sync = { ...ours.params, sync: syncs[0]?.id ?? '' };
  const run = { ...ours.params, run: runs[0]?.id ?? '' };
  const calls = [
    ...[endpoints.getSync, endpoints.syncNow, endpoints.pauseSync, endpoints.resumeSync].map(
      (endpoint) => () => ours.client.call(endpoint, { params: sync }),
    ),
    ...[endpoints.reEnableSync, endpoints.cancelSync].map(
      (endpoint) => () => ours.client.call(endpoint, { params: sync }),
    ),
    () => ours.client.call(endpoints.getRun, { params: run }),
    () => ours.client.call(endpoints.getError, { params: { ...ours.params, error: runs[0]?.id ?? '' } }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ status: 404, facts: { code: 'NOT_FOUND' } });
  const filtered = await ours.client
    .call(endpoints.listRuns, { params: ours.params, query: { sync: sync.sync } })
    .catch((error: unknown) => error);
  expect(JSON.stringify(filtered)).not.toContain(run.run);
});

test('the catalogue lists metrics page by page, and integrations', async () => {
  const shop = await server().newAccount('Catalogue');
  await recordOrders(server(), shop, 1);
  const { params, client } = shop;
  const metrics = await client.call(endpoints.listMetrics, { params, query: { size: 1 } });
  expect(metrics).toMatchObject({ data: [{ name: 'Placed Order', integration: { name: 'Shopify' } }], next: null });
  const { data } = await client.call(endpoints.listIntegrations, { params });
  expect(data.map((integration) => integration.name)).toContain('Shopify');
});

test('an account without the advanced plan cannot connect or switch on a warehouse; the operator decides', async () => {
  const { operator } = server();
  const shop = await server().newAccount('Plans');
  const { client, params } = shop;
  const settings = { path: warehouseFile(server(), shop) };
  const connection = { kind: 'duckdb', settings, selection: { objects: ['events' as const] } };
  const refused = { status: 403, facts: { code: 'FORBIDDEN' } };

  await expect(client.call(endpoints.editAccount, { params, body: { plan: 'basic' } })).rejects.toMatchObject(refused);
  expect(await operator.call(endpoints.editAccount, { params, body: { plan: 'basic' } })).toMatchObject({
    id: params.account,
    plan: 'basic',
  });
  await expect(client.call(endpoints.connect, { params, body: connection })).rejects.toMatchObject(refused);
  expect(await client.call(endpoints.getConnection, { params })).toEqual({ connection: null });

  await operator.call(endpoints.editAccount, { params, body: { plan: 'advanced' } });
  await client.call(endpoints.connect, { params, body: connection });
  await operator.call(endpoints.editAccount, { params, body: { plan: 'basic' } });
  await client.call(endpoints.disableConnection, { params });
  await expect(client.call(endpoints.enableConnection, { params })).rejects.toMatchObject(refused);
  await expect(
    operator.call(endpoints.editAccount, { params: { account: 'zzzzzz' }, body: { plan: 'basic' } }),
  ).rejects.toMatchObject({ status: 404 });
});

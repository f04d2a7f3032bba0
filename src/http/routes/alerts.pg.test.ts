import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReceiver, type Received, type Receiver } from '../../alerts/testing/receiver.ts';
import { signature } from '../../alerts/webhook.ts';
import type { AlertDelivery } from '../../contract/alerts.ts';
import { ApiError } from '../../contract/client.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { until } from '../../exports/testing/engine.ts';
import { restServer, type Tenant } from '../testing/rest-server.ts';

const server = restServer();
let receiver: Receiver;
beforeAll(async () => void (receiver = await startReceiver()));
afterAll(() => receiver[Symbol.asyncDispose]());

const topics = ['failed', 'recovered'] as const;

function add(tenant: Tenant, channel: 'email' | 'webhook', address: string) {
  const { client, params } = tenant;
  return client.call(endpoints.addAlertAddress, { params, body: { channel, address, topics: [...topics] } });
}

function untilAnswered({ client, params }: Tenant): Promise<AlertDelivery | undefined> {
  return until(
    async () => (await client.call(endpoints.listAlertDeliveries, { params, query: {} })).data[0],
    (newest) => newest !== undefined && newest.status !== 'pending',
  );
}

test('a webhook: its secret is told once, its URL never again, and a test reaches it signed', async () => {
  const tenant = await server().newAccount('Shop');
  const { client, params } = tenant;
  const { secret, ...address } = await add(tenant, 'webhook', `${receiver.url}/T0KEN-of-a-chat`);
  expect(secret).toMatch(/^whsec_/);
  expect(address).toMatchObject({ channel: 'webhook', name: `${new URL(receiver.url).origin}/…chat`, topics });

  const before = receiver.received.length;
  await client.call(endpoints.testAlertAddress, { params: { ...params, address: address.id } });
  await receiver.untilReceived(before + 1);
  const { headers, body } = receiver.received[before] ?? ({ headers: {}, body: '' } as Received);
  expect(JSON.parse(body)).toMatchObject({ type: 'test', data: { account: { id: params.account, name: 'Shop' } } });
  const [id, seconds] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])];
  expect(headers['webhook-signature']).toBe(signature(secret ?? '', id, seconds, body));
  expect(await untilAnswered(tenant)).toMatchObject({
    id,
    type: 'test',
    status: 'delivered',
    attempts: 1,
    answer: '204',
  });

  const shown = await client.call(endpoints.getAlerts, { params });
  expect(shown).toEqual({ addresses: [address], sendsMail: false, outboundAddresses: ['192.0.2.0/24'] });
  const everywhere = JSON.stringify([shown, server().logged, await audit(tenant)]);
  expect(everywhere).not.toContain('T0KEN');
  expect(everywhere).not.toContain(secret);
  const { rows } = await server().db.query<{ sealed: string }>('select sealed from alert_address');
  expect(JSON.stringify(rows)).not.toContain('T0KEN');
});

async function audit({ params }: Tenant): Promise<unknown[]> {
  const { data } = await server().operator.call(endpoints.listAudit, { params, query: { size: 100 } });
  return data;
}

test('what a person changes holds, and stands in the audit log by the name of the address', async () => {
  const tenant = await server().newAccount('Shop');
  const { client, params } = tenant;
  const { id } = await add(tenant, 'email', 'ola@shop.example');
  const one = { ...params, address: id };
  const body = { topics: ['imports' as const], language: 'pl' as const };
  expect(await client.call(endpoints.editAlertAddress, { params: one, body })).toMatchObject(body);
  await client.call(endpoints.removeAlertAddress, { params: one });
  expect((await client.call(endpoints.getAlerts, { params })).addresses).toEqual([]);
  const gone = await Promise.allSettled([
    client.call(endpoints.removeAlertAddress, { params: one }),
    client.call(endpoints.editAlertAddress, { params: one, body }),
    client.call(endpoints.testAlertAddress, { params: one }),
  ]);
  expect(gone).toMatchObject([404, 404, 404].map((status) => ({ reason: { status } })));
  expect(await audit(tenant)).toMatchObject([
    { action: 'removeAlertAddress' },
    { action: 'editAlertAddress', subject: 'ola@shop.example' },
    { action: 'addAlertAddress', subject: 'ola@shop.example' },
  ]);
});

test.each([
  ['webhook', 'not a URL', /begins with https/],
  ['webhook', 'file:///etc/passwd', /begins with https/],
  ['webhook', 'gopher://shop.example/', /begins with https/],
  ['webhook', 'https://ola:secret@shop.example/', /user name or password/],
  ['webhook', 'https://no-such-host.invalid/hook', /does not resolve/],
  ['email', 'ola', /not an e-mail address/],
  ['email', 'ola@shop.example, all@shop.example', /not an e-mail address/],
  ['email', 'ola@shop.example\r\nBcc: all@shop.example', /not an e-mail address/],
  ['email', 'Ola <ola@shop.example>', /not an e-mail address/],
] as const)('%s %j is refused with the reason', async (channel, address, reason) => {
  const refusal = await add(await server().newAccount('Shop'), channel, address).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiError);
  const { facts, status } = refusal as ApiError;
  expect(status).toBe(400);
  expect(facts.message).toMatch(reason);
  expect(facts.details['problems']).toMatchObject([{ field: 'address' }]);
});

test('without a mail server a test says so', async () => {
  const tenant = await server().newAccount('Shop');
  const { id } = await add(tenant, 'email', 'ola@shop.example');
  await tenant.client.call(endpoints.testAlertAddress, { params: { ...tenant.params, address: id } });
  expect(await untilAnswered(tenant)).toMatchObject({
    status: 'refused',
    answer: expect.stringContaining('no mail server'),
  });
});

test('tests are not for knocking at doors: one every few seconds', async () => {
  const tenant = await server().newAccount('Shop');
  const { id } = await add(tenant, 'webhook', receiver.url);
  const params = { ...tenant.params, address: id };
  const calls = [1, 2, 3].map(() => tenant.client.call(endpoints.testAlertAddress, { params }));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('deliveries come page by page, and an account sees its own addresses only', async () => {
  const tenant = await server().newAccount('Shop');
  const stranger = await server().newAccount('Other');
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await add(tenant, 'email', `p${i}@shop.example`)).id);
  for (const address of ids) {
    await tenant.client.call(endpoints.testAlertAddress, { params: { ...tenant.params, address } });
    const theirs = stranger.client.call(endpoints.testAlertAddress, { params: { ...stranger.params, address } });
    await expect(theirs).rejects.toMatchObject({ status: 404 });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { size: 2, ...(cursor ? { cursor } : {}) };
    const page = await tenant.client.call(endpoints.listAlertDeliveries, { params: tenant.params, query });
    seen.push(...page.data.map(({ addressId }) => addressId));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(ids.toReversed());
  expect(await stranger.client.call(endpoints.getAlerts, { params: stranger.params })).toMatchObject({ addresses: [] });
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { errorBody } from '../../contract/error-body.ts';
import { restServer, type Tenant } from '../testing/rest-server.ts';

const server = restServer();

async function send(tenant: Tenant, method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  return fetch(new URL(path.replace('{account}', tenant.params.account), server().origin), {
    method,
    headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

const connectPath = '/v1/accounts/{account}/connection';
const good = { kind: 'duckdb', settings: { path: '/x.duckdb' }, selection: { objects: ['events'] } };

test.for<[string, unknown, number, string]>([
  ['no object', [], 400, 'INVALID_INPUT'],
  ['null', null, 400, 'INVALID_INPUT'],
  ['an unknown field', { ...good, admin: true }, 400, 'INVALID_INPUT'],
  ['a wrong type', { ...good, kind: 7 }, 400, 'INVALID_INPUT'],
  ['no data object', { ...good, selection: { objects: [] } }, 400, 'INVALID_INPUT'],
  ['an unknown data object', { ...good, selection: { objects: ['orders'] } }, 400, 'INVALID_INPUT'],
  ['an unknown history', { ...good, selection: { objects: ['events'], history: '5y' } }, 400, 'INVALID_INPUT'],
  ['NUL in a name', { ...good, name: 'a\0b' }, 400, 'INVALID_INPUT'],
  ['NUL in a setting', { ...good, settings: { path: '/a\0b.duckdb' } }, 400, 'INVALID_INPUT'],
  ['a lone surrogate in a setting', { ...good, settings: { path: '/a\ud800.duckdb' } }, 400, 'INVALID_INPUT'],
  ['a setting that is an object', { ...good, settings: { path: {} } }, 400, 'INVALID_INPUT'],
  ['an id with NUL', { ...good, selection: { objects: ['events'], metrics: ['a\0'] } }, 400, 'INVALID_INPUT'],
  ['a missing setting', { ...good, settings: {} }, 422, 'SETTINGS_INVALID'],
  ['a relative path', { ...good, settings: { path: 'x.duckdb' } }, 422, 'SETTINGS_INVALID'],
])('connecting with %s is refused and stores nothing', async ([, body, status, code]) => {
  const tenant = await server().newAccount('Shop');
  const reply = await send(tenant, 'POST', connectPath, JSON.stringify(body));
  const { error } = errorBody.parse(await reply.json());
  expect([reply.status, error.code]).toEqual([status, code]);
  expect(error.details['problems']).toEqual(
    expect.arrayContaining([{ field: expect.any(String), message: expect.any(String) }]),
  );
  expect(await tenant.client.call(endpoints.getConnection, { params: tenant.params })).toEqual({ connection: null });
});

test('an unknown kind is refused in plain words', async () => {
  const tenant = await server().newAccount('Shop');
  const reply = await send(tenant, 'POST', connectPath, JSON.stringify({ ...good, kind: '__proto__' }));
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  const script = await send(tenant, 'POST', '/v1/destinations/constructor/setup-script', '{"settings":{}}');
  expect(script.status).toBe(404);
});

test.for([
  'size=0',
  'size=101',
  'size=x',
  'size=1.5',
  'size=1&size=2',
  'cursor=%00',
  `cursor=${'x'.repeat(600)}`,
  'sync=%00',
  'surely=not',
])('a list asked with ?%s is refused in plain words', async (query) => {
  const tenant = await server().newAccount('Shop');
  for (const list of ['runs', 'timeline', 'errors']) {
    const reply = await send(tenant, 'GET', `/v1/accounts/{account}/${list}?${query}`);
    expect([reply.status, errorBody.parse(await reply.json()).error.code]).toEqual([400, 'INVALID_INPUT']);
  }
});

test('ids of impossible shape are ids that do not exist', async () => {
  const tenant = await server().newAccount('Shop');
  for (const id of ['%00', '%2e%2e%2f', "'%20or%201=1", 'x'.repeat(150), '%F0%9F%90%A2']) {
    for (const thing of ['runs', 'errors', 'syncs']) {
      const reply = await send(tenant, 'GET', `/v1/accounts/{account}/${thing}/${id}`);
      expect(reply.status, `${thing}/${id}`).toBe(404);
    }
  }
});

test('a body above the limit, broken JSON and other media types', async () => {
  const tenant = await server().newAccount('Shop');
  const large = await send(tenant, 'POST', connectPath, JSON.stringify({ name: 'x'.repeat(300_000) }));
  expect(large.status).toBe(413);
  expect((await send(tenant, 'POST', connectPath, '{"kind":')).status).toBe(400);
  expect((await send(tenant, 'POST', connectPath, 'a=b', { 'content-type': 'text/plain' })).status).toBe(415);
});

test('a method that an address does not know is 405 and names those it knows', async () => {
  const tenant = await server().newAccount('Shop');
  const reply = await send(tenant, 'DELETE', '/v1/accounts/{account}/runs');
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET']);
  const other = await send(tenant, 'PUT', connectPath, '{}');
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
  expect((await send(tenant, 'GET', '/v1/nothing')).status).toBe(404);
});

test('a test of settings comes step by step, as a list, or as events', async () => {
  const tenant = await server().newAccount('Shop');
  const path = join(server().folder, 'tested.duckdb');
  const body = { kind: 'duckdb', settings: { path } };
  const streamed = [];
  for await (const step of tenant.client.lines(endpoints.testConnection, { params: tenant.params, body })) {
    streamed.push(step);
  }
  const listed = await tenant.client.call(endpoints.testConnection, { params: tenant.params, body });
  expect(listed.data.map((step) => step.id)).toEqual(streamed.map((step) => step.id));
  expect(streamed.filter((step) => step.outcome === 'failed')).toEqual([]);
  expect(streamed.length).toBeGreaterThan(2);
  const accept = { accept: 'text/event-stream' };
  const events = await send(tenant, 'POST', `${connectPath}/test`, JSON.stringify(body), accept);
  expect(events.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect((await events.text()).split('\n\n').filter((event) => event.startsWith('data: {'))).toHaveLength(
    streamed.length,
  );
});

test('a failed step names what to do, and a test of nothing saved is refused before the stream begins', async () => {
  const tenant = await server().newAccount('Shop');
  const body = { kind: 'duckdb', settings: { path: join(server().folder, 'no-such-folder', 'x.duckdb') } };
  const { data } = await tenant.client.call(endpoints.testConnection, { params: tenant.params, body });
  const failed = data.filter((step) => step.outcome === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  for (const step of failed) expect(step.error?.advice).toBeTruthy();
  const saved = tenant.client.lines(endpoints.testConnection, { params: tenant.params, body: { saved: true } });
  await expect(saved.next()).rejects.toMatchObject({ status: 404 });
});

test('health, readiness and the document are open to anyone', async () => {
  const get = (path: string) => fetch(new URL(path, server().origin));
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ok' });
  expect(await (await get('/v1/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
});

test('/metrics shows requests by route pattern', async () => {
  const tenant = await server().newAccount('Shop');
  await tenant.client.call(endpoints.getAccount, { params: tenant.params });
  const reply = await fetch(new URL('/metrics', server().origin), {
    headers: { authorization: `Bearer ${server().operatorToken}` },
  });
  const text = await reply.text();
  expect(text).toMatch(
    /wharf_http_request_seconds_count\{method="GET",route="\/v1\/accounts\/:account",status="200"\} \d/,
  );
  expect(text).not.toContain(tenant.params.account);
});

import { expect, test } from 'vitest';
import { fillPath, type Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { errorBody } from '../../contract/error-body.ts';
import { migrate } from '../../db/migrate.ts';
import { createApiKey, revokeApiKey } from '../../store/api-keys.ts';
import { restServer } from '../testing/rest-server.ts';

const server = restServer();

const table = Object.entries(endpoints) as [string, Endpoint][];
const guarded = table.filter(([, endpoint]) => endpoint.access !== 'public');
const inAccount = table.filter(([, endpoint]) => endpoint.access === 'account');

/** Sends what would be a well-formed request but for its key; bodies are junk, since nobody may look at them first. */
async function ask(endpoint: Endpoint, account: string, authorization: string | null): Promise<Response> {
  const ids = {
    kind: 'duckdb',
    sync: 'x',
    run: 'x',
    error: 'x',
    key: 'x',
    event: '01940000-0000-7000-8000-000000000000',
  };
  const path = fillPath(endpoint.path, { account, ...ids });
  return fetch(new URL(path, server().origin), {
    method: endpoint.method,
    headers: { ...(authorization === null ? {} : { authorization }), 'content-type': 'application/json' },
    ...(endpoint.method === 'GET' ? {} : { body: '{"junk": true}' }),
  });
}

async function told(reply: Response): Promise<object> {
  const { requestId: _requestId, ...rest } = errorBody.parse(await reply.json()).error;
  return { status: reply.status, ...rest };
}

test.for(guarded)('%s: without a valid key nothing is told', async ([, endpoint]) => {
  const { account, key, keyId } = await server().newAccount('Shop');
  await revokeApiKey(server().db, account.id, keyId);
  const wrong = [
    `Bearer pk_${'0'.repeat(34)}`,
    `Bearer ${key}`,
    `Bearer ${server().operatorToken.slice(0, -1)}`,
    `Basic ${btoa(`operator:${server().operatorToken}`)}`,
    'Bearer',
    `Klaviyo-API-Key ${key}`,
  ];
  for (const authorization of [null, ...wrong]) {
    const reply = await ask(endpoint, account.publicId, authorization);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="wharf"');
    expect(await told(reply)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', details: {} });
  }
});

test.for(inAccount)('%s: another account is answered like none at all', async ([, endpoint]) => {
  const theirs = await server().newAccount('Theirs, secret name');
  const { key } = await server().newAccount('Ours');
  const foreign = await told(await ask(endpoint, theirs.params.account, `Bearer ${key}`));
  expect(foreign).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  for (const nobody of ['zzzzzz', 'no such', 'a\0b', "' or 1=1 --", '../x', 'é'.repeat(100)]) {
    expect(await told(await ask(endpoint, nobody, `Bearer ${key}`))).toEqual(foreign);
  }
});

test.for(table.filter(([, endpoint]) => endpoint.access === 'operator'))(
  "%s: an account's key is not enough",
  async ([, endpoint]) => {
    const { key, account } = await server().newAccount('Shop');
    expect(await told(await ask(endpoint, account.publicId, `Bearer ${key}`))).toMatchObject({ status: 403 });
  },
);

test("what is read for an account is read as the role that sees nobody else's, whatever the endpoint", async () => {
  const { account, key } = await server().newAccount('Shop');
  const { db } = server();
  const role = `(left(session_user::text, 55) || '_account')`;
  await db.query(`do $$ begin execute format('revoke all on all tables in schema public from %I', ${role}); end $$`);
  const unharmed: string[] = [];
  try {
    for (const [name, endpoint] of inAccount) {
      if (endpoint.method !== 'GET' || endpoint.endless) continue;
      const reply = await ask(endpoint, account.publicId, `Bearer ${key}`);
      await reply.body?.cancel();
      if (reply.status !== 500) unharmed.push(`${name} ${reply.status}`);
    }
  } finally {
    await migrate(db);
  }
  expect(unharmed).toEqual([]);
});

test('a key is not enough for /metrics either, the operator token is', async () => {
  const { key } = await server().newAccount('Shop');
  const get = (token: string) =>
    fetch(new URL('/metrics', server().origin), { headers: { authorization: `Bearer ${token}` } });
  expect((await get(key)).status).toBe(403);
  expect((await get('nobody')).status).toBe(401);
  expect((await get(server().operatorToken)).status).toBe(200);
});

test("an account's key lists and finds its own account only, the operator finds all", async () => {
  const ours = await server().newAccount('Ours');
  const theirs = await server().newAccount('Theirs');
  expect((await ours.client.call(endpoints.listAccounts, {})).data.map((account) => account.id)).toEqual([
    ours.params.account,
  ]);
  const all = (await server().operator.call(endpoints.listAccounts, {})).data.map((account) => account.id);
  expect(all).toEqual(expect.arrayContaining([ours.params.account, theirs.params.account]));
});

test("another account's key cannot be revoked through one's own account", async () => {
  const ours = await server().newAccount('Ours');
  const theirs = await server().newAccount('Theirs');
  const revoke = ours.client.call(endpoints.revokeApiKey, { params: { ...ours.params, key: theirs.keyId } });
  await expect(revoke).rejects.toMatchObject({ status: 404 });
  expect(await theirs.client.call(endpoints.getAccount, { params: theirs.params })).toMatchObject({ name: 'Theirs' });
});

test('a revoked key is refused at once', async () => {
  const { client, params, account } = await server().newAccount('Shop');
  const { id, key } = await createApiKey(server().db, account.id, 'second');
  const get = () => fetch(new URL('/v1/caller', server().origin), { headers: { authorization: `Bearer ${key}` } });
  expect((await get()).status).toBe(200);
  await client.call(endpoints.revokeApiKey, { params: { ...params, key: id } });
  expect((await get()).status).toBe(401);
});

test('no key or token ever reaches the log', async () => {
  const { key, client } = await server().newAccount('Shop');
  await client.call(endpoints.caller, {});
  const lines = server().logged.join('');
  expect(lines).toContain('/v1/caller');
  for (const secret of [key, server().operatorToken]) expect(lines).not.toContain(secret);
});

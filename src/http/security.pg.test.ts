/** People in browsers and other accounts' ids: what the server must refuse, asked over HTTP. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fillPath, type Endpoint } from '../contract/endpoint.ts';
import { endpoints } from '../contract/endpoints.ts';
import { errorBody } from '../contract/error-body.ts';
import { addError } from '../exports/errors.ts';
import { AppError } from '../kernel/app-error.ts';
import { createLogger } from '../kernel/logger.ts';
import { createSignIn } from '../people/sign-in.ts';
import { createApp } from './app.ts';
import { signInRoutes } from './sign-in.ts';
import { restServer, type Tenant } from './testing/rest-server.ts';
import { connectWarehouse, recordOrders } from './testing/shop.ts';

const server = restServer();
const password = 'correct horse battery';
/** Well formed, and of nothing. */
const nobodys = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const ola = { email: 'ola@shop.example', password };

interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(new URL(path, server().origin), { method, headers, redirect: 'manual', ...(body && { body }) });
}

const json = (): Record<string, string> => ({ origin: server().origin, 'content-type': 'application/json' });

function cookieOf(reply: Response): string {
  const given = reply.headers.getSetCookie().map((one) => one.split(';')[0]);
  return given.join('; ');
}

/** The cookie of a session that has just begun. */
async function signIn(headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const reply = await send('POST', '/auth/sign-in/email', {
    body: JSON.stringify(ola),
    headers: { ...json(), ...headers },
  });
  expect(reply.status).toBe(200);
  return cookieOf(reply);
}

const statusWith = async (cookie: string): Promise<number> =>
  (await send('GET', '/v1/caller', { headers: { cookie } })).status;

let account: string;
beforeAll(async () => {
  const { operatorToken: token } = server();
  const person = { ...ola, name: 'Ola', accountName: 'Shop', timeZone: 'UTC' };
  const reply = await send('POST', '/v1/set-up', { body: JSON.stringify({ ...person, token }), headers: json() });
  expect(reply.status).toBe(204);
  const { data } = await server().operator.call(endpoints.listAccounts, {});
  account = data.find(({ name }) => name === 'Shop')?.id ?? '';
});

// no test meets the limit that another has used up
beforeEach(() => server().db.query('delete from sign_in_rate'));

describe('a page of another site', () => {
  const change = '{"name":"Taken over","timeZone":"UTC"}';

  test.each<[string, Record<string, string>]>([
    ['from its own origin', { origin: 'https://evil.example' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['without an origin', {}],
    ['of the same site but another host', { 'sec-fetch-site': 'same-site' }],
    ['that a browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('%s can neither change anything nor sign somebody in', async (_, headers) => {
    const cookie = await signIn();
    const sent = { ...('sec-fetch-site' in headers ? json() : { 'content-type': 'application/json' }), ...headers };
    const path = `/v1/accounts/${account}/settings`;
    expect((await send('PATCH', path, { body: change, headers: { ...sent, cookie } })).status).toBe(403);
    expect((await send('POST', '/auth/sign-out', { body: '{}', headers: { ...sent, cookie } })).status).toBe(403);
    expect((await send('POST', '/auth/sign-in/email', { body: JSON.stringify(ola), headers: sent })).status).toBe(403);
    expect(await statusWith(cookie)).toBe(200);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'cannot use a form of type %s, not even from our own origin',
    async (type) => {
      const headers = { ...json(), 'content-type': type, cookie: await signIn() };
      const path = `/v1/accounts/${account}/invitations`;
      expect((await send('POST', path, { body: '{"email":"eve@evil.example"}', headers })).status).toBe(415);
      expect((await send('POST', '/auth/sign-in/email', { body: JSON.stringify(ola), headers })).status).toBe(415);
    },
  );

  test('is told by no answer that it may read it', async () => {
    const headers = { origin: 'https://evil.example', cookie: await signIn() };
    for (const method of ['GET', 'OPTIONS']) {
      const reply = await send(method, '/v1/caller', { headers });
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
      expect(reply.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });
});

describe('a session', () => {
  test('has a value that nobody chose beforehand', async () => {
    const planted = 'wharf.session_token=chosen-by-somebody-else.c2lnbmF0dXJl';
    expect(await statusWith(planted)).toBe(401);
    const first = await signIn({ cookie: planted });
    const second = await signIn({ cookie: first });
    expect(new Set([planted, first, second]).size).toBe(3);
    expect(await statusWith(planted)).toBe(401);
  });

  test('ends when its person signs out, and its cookie opens nothing afterwards', async () => {
    const cookie = await signIn();
    expect(await statusWith(cookie)).toBe(200);
    const out = await send('POST', '/auth/sign-out', { body: '{}', headers: { ...json(), cookie } });
    expect(out.headers.getSetCookie()[0]).toMatch(/^wharf\.session_token=;.*Max-Age=0/);
    expect(await statusWith(cookie)).toBe(401);
  });

  test('cannot be made longer or given to another by changing the cookie', async () => {
    const cookie = await signIn();
    const [name = '', value = ''] = cookie.split('=');
    const [token = '', signature = ''] = decodeURIComponent(value).split('.');
    for (const forged of [token, `${token}.`, `${token}x.${signature}`, `${token}.${signature.toLowerCase()}`]) {
      expect(await statusWith(`${name}=${encodeURIComponent(forged)}`)).toBe(401);
    }
  });

  test('is in no answer but its own cookie, which scripts and plain http cannot have', async () => {
    const secure = createSignIn({
      databaseUrl: server().db.url,
      secret: randomBytes(32).toString('hex'),
      secure: true,
    });
    const publicUrl = 'https://wharf.example';
    const app = await createApp({
      log: createLogger('silent'),
      rest: async () => undefined,
      signIn: signInRoutes(secure, publicUrl),
    });
    const headers = { origin: publicUrl, host: 'wharf.example' };
    const reply = await app.inject({ method: 'POST', url: '/auth/sign-in/email', headers, payload: ola });
    await app.close();
    await secure.stop();
    expect(reply.statusCode).toBe(200);
    const cookies = [reply.headers['set-cookie']].flat();
    expect(cookies).toHaveLength(1);
    const [pair = '', ...attributes] = String(cookies[0]).split('; ');
    expect(pair).toMatch(/^__Secure-wharf\.session_token=/);
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']));
    expect(attributes.join()).not.toMatch(/domain/i);
    expect(reply.body).not.toContain(decodeURIComponent(pair.split('=')[1] ?? '').split('.')[0]);
  });
});

describe('who guesses passwords', () => {
  test('is slowed down, and hears the same of people who are not there', async () => {
    const guess = async (email: string): Promise<[number, string]> => {
      const body = JSON.stringify({ email, password: 'a wrong password' });
      const reply = await send('POST', '/auth/sign-in/email', { body, headers: json() });
      return [reply.status, await reply.text()];
    };
    const known = await guess(ola.email);
    expect(known[0]).toBe(401);
    expect(await guess('nobody@shop.example')).toEqual(known);
    for (let tries = 2; tries < 8; tries++) await guess(ola.email);
    expect((await guess(ola.email))[0]).toBe(429);
    expect((await guess('nobody@shop.example'))[0]).toBe(429);
  });
});

describe("ids of another account's things", () => {
  let ours: Tenant;
  let theirs: Tenant;
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    ours = await server().newAccount('Ours');
    theirs = await server().newAccount('Theirs');
    ids = await thingsOf(theirs);
  });
  afterAll(async () => {
    const { client, params } = theirs;
    expect((await client.call(endpoints.listApiKeys, { params })).data[0]?.revokedAt).toBeNull();
    expect((await client.call(endpoints.listInvitations, { params })).data).toHaveLength(1);
    expect(
      (await client.call(endpoints.getImport, { params: { ...params, import: ids['import'] ?? '' } })).status,
    ).toBe('review');
  });

  const named = (Object.entries(endpoints) as [string, Endpoint][]).filter(
    ([, { access, path }]) => access === 'account' && path.replace('{account}', '').includes('{'),
  );
  const bodies: Readonly<Record<string, object>> = {
    changeRole: { role: 'analyst' },
    confirmImport: { mapping: { columns: [], metric: null, integration: null } },
    editAlertAddress: { topics: ['failed'], language: 'en' },
  };

  test.each(named)('%s answers as for an id that nobody has', async (name, { method, path, body }) => {
    const [, wanted = ''] = /\{(?!account)(\w+)\}/.exec(path) ?? [];
    const theirId = ids[wanted] ?? '';
    expect(theirId, `an id for {${wanted}}`).not.toBe('');
    expect(bodies[name] !== undefined, 'a body that would be taken').toBe(body !== null);
    const ask = async (id: string): Promise<object> => {
      const reply = await send(method, fillPath(path, { [wanted]: id, account: ours.params.account }), {
        headers: { authorization: `Bearer ${ours.key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(bodies[name]) } : {}),
      });
      const { requestId: _, ...told } = errorBody.parse(JSON.parse((await reply.text()).replaceAll(id, 'id'))).error;
      return { status: reply.status, ...told };
    };
    expect(await ask(theirId)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await ask(theirId)).toEqual(await ask(nobodys));
  });

  test('lists that take an id of a sync are empty for one of another account', async () => {
    const { client, params } = ours;
    const query = { sync: ids['sync'] ?? '' };
    expect((await client.call(endpoints.listRuns, { params, query })).data).toEqual([]);
    expect((await client.call(endpoints.listTimeline, { params, query })).data).toEqual([]);
    expect((await client.call(endpoints.listErrors, { params, query })).data).toEqual([]);
  });

  /** One of everything that has an id, by the name of its path parameter. */
  async function thingsOf(tenant: Tenant): Promise<Record<string, string>> {
    const { client, params } = tenant;
    await recordOrders(server(), tenant, 3);
    await connectWarehouse(server(), tenant);
    const { data: syncs } = await client.call(endpoints.listSyncs, { params });
    const { data: runs } = await client.call(endpoints.listRuns, { params, query: {} });
    const body = Readable.from(['Email,Size,Size\na@x.pl,L,1\n']);
    const query = { object: 'profiles', fileName: 'people.csv' } as const;
    const file = await client.call(endpoints.uploadImport, { params, query, body });
    const invited = { email: 'guest@theirs.example', role: 'analyst' } as const;
    const invitation = await client.call(endpoints.invite, { params, body: invited });
    const guest = { email: 'new@theirs.example', role: 'analyst' } as const;
    const { token } = await client.call(endpoints.invite, { params, body: guest });
    await client.call(endpoints.acceptAsNew, { body: { token, name: 'New', password } });
    const { data: members } = await client.call(endpoints.listMembers, { params });
    const address = await client.call(endpoints.addAlertAddress, {
      params,
      body: { channel: 'webhook', address: `${server().origin}/hook`, topics: ['failed'] },
    });
    const { data: profiles } = await client.call(endpoints.listProfiles, { params, query: {} });
    const { data: events } = await client.call(endpoints.listEvents, { params, query: {} });
    return {
      person: members[0]?.id ?? '',
      address: address.id,
      profile: profiles[0]?.id ?? '',
      event: events[0]?.id ?? '',
      sync: syncs[0]?.id ?? '',
      run: runs[0]?.id ?? '',
      error: await anErrorOf(tenant, syncs[0]?.id ?? ''),
      key: tenant.keyId,
      import: file.id,
      invitation: invitation.id,
    };
  }

  async function anErrorOf({ account, client, params }: Tenant, syncId: string): Promise<string> {
    const { data: runs } = await client.call(endpoints.listRuns, { params, query: { sync: syncId } });
    const place = { accountId: account.id, syncId, runId: runs[0]?.id ?? '' };
    await server().db.transaction((tx) => addError(tx, place, new AppError('CAPACITY'), new Date()));
    const { data: errors } = await client.call(endpoints.listErrors, { params, query: {} });
    return errors[0]?.id ?? '';
  }
});

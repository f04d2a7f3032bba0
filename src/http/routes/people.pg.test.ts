import { beforeAll, expect, test } from 'vitest';
import { fillPath, type Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { allows, role as roles, type Role } from '../../contract/roles.ts';
import { restServer } from '../testing/rest-server.ts';

const server = restServer();
const password = 'correct horse battery';
const table = Object.entries(endpoints) as [string, Endpoint][];
const inAccount = table.filter(([, endpoint]) => endpoint.access === 'account');

interface Browser {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** A browser on our own page, with the cookies it was given. */
function browser(): Browser {
  let cookie = '';
  return {
    async send(method, path, body, headers = {}) {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const origin = server().origin;
      const reply = await fetch(new URL(path, origin), {
        method,
        ...content,
        headers: { origin, ...type, ...(cookie === '' ? {} : { cookie }), ...headers },
      });
      const given = reply.headers.getSetCookie().map((one) => one.split(';')[0]);
      if (given.length > 0) cookie = given.join('; ');
      return reply;
    },
  };
}

const people = {} as Record<Role, Browser>;
let account: string;

/** Invites, accepts and signs in. */
async function join(role: Role): Promise<Browser> {
  const email = `${role}@shop.example`;
  const invited = await people.owner.send('POST', `/v1/accounts/${account}/invitations`, { email, role });
  const { token } = (await invited.json()) as { token: string };
  const guest = browser();
  const read = await guest.send('POST', '/v1/invitation', { token });
  expect(await read.json()).toMatchObject({ email, role, known: false });
  expect((await guest.send('POST', '/v1/invitation/new-person', { token, name: role, password })).status).toBe(204);
  expect((await guest.send('POST', '/auth/sign-in/email', { email, password })).status).toBe(200);
  return guest;
}

beforeAll(async () => {
  const token = server().operatorToken;
  const owner = browser();
  expect(await (await owner.send('GET', '/v1/set-up')).json()).toEqual({ needed: true });
  const first = { name: 'Ola', email: 'ola@shop.example', password, accountName: 'Sklep', timeZone: 'Europe/Warsaw' };
  expect((await owner.send('POST', '/v1/set-up', { ...first, token: 'not-the-token' })).status).toBe(403);
  expect((await owner.send('POST', '/v1/set-up', { ...first, token })).status).toBe(204);
  expect((await owner.send('POST', '/v1/set-up', { ...first, token })).status).toBe(409);
  expect((await owner.send('POST', '/auth/sign-in/email', first)).status).toBe(200);
  const { data } = (await (await owner.send('GET', '/v1/accounts')).json()) as { data: { id: string }[] };
  expect(data).toMatchObject([{ name: 'Sklep', role: 'owner', timeZone: 'Europe/Warsaw' }]);
  account = data[0]?.id ?? '';
  people.owner = owner;
  for (const role of ['admin', 'manager', 'analyst'] as const) people[role] = await join(role);
});

const cells = roles.options.flatMap((role) => inAccount.map(([name, endpoint]) => ({ role, name, endpoint })));

test.each(cells)('$role may $name or may not, as the table of roles says', async ({ role, endpoint }) => {
  const ids = { sync: 'x', run: 'x', error: 'x', key: 'x', person: 'x', invitation: 'x', import: 'x', profile: 'x' };
  const path = fillPath(endpoint.path, { account, ...ids });
  const body = endpoint.method === 'GET' || !endpoint.body ? undefined : { junk: true };
  const stop = new AbortController();
  const reply = await people[role].send(endpoint.method, path, body);
  stop.abort();
  await reply.body?.cancel();
  expect(reply.status === 403).toBe(!allows(role, endpoint.needs ?? 'people'));
  expect(reply.status).toBeLessThan(500);
});

test('a page of another site can use no cookie to change anything', async () => {
  const foreign = { origin: 'https://evil.example' };
  const path = `/v1/accounts/${account}/settings`;
  const change = { name: 'Taken over', timeZone: 'UTC' };
  expect((await people.owner.send('PATCH', path, change, foreign)).status).toBe(403);
  expect((await people.owner.send('PATCH', path, change, { origin: 'null' })).status).toBe(403);
  expect(
    (await browser().send('POST', '/auth/sign-in/email', { email: 'ola@shop.example', password }, foreign)).status,
  ).toBe(403);
  expect((await people.owner.send('PATCH', path, { name: 'Sklep', timeZone: 'UTC' })).status).toBe(200);
});

test('people enter their own accounts only', async () => {
  const other = await server().newAccount('Other');
  const reply = await people.owner.send('GET', `/v1/accounts/${other.account.publicId}`);
  expect(reply.status).toBe(404);
  expect((await people.owner.send('POST', '/v1/accounts', { name: 'Mine' })).status).toBe(403);
});

test('what people change stands in the audit log with their names, newest first', async () => {
  await people.manager.send('POST', `/v1/accounts/${account}/syncs/none/pause`);
  await people.admin.send('PATCH', `/v1/accounts/${account}/settings`, { name: 'Sklep nowy', timeZone: 'UTC' });
  const reply = await people.admin.send('GET', `/v1/accounts/${account}/audit?size=2`);
  const { data, next } = (await reply.json()) as { data: object[]; next: string };
  expect(data[0]).toMatchObject({ actorName: 'admin', action: 'editAccountSettings', subject: 'Sklep nowy' });
  expect(JSON.stringify(data)).not.toContain('pauseSync');
  const older = await people.admin.send('GET', `/v1/accounts/${account}/audit?cursor=${next}`);
  expect(JSON.stringify(await older.json())).toContain('invite');
});

test('whoever is taken out is out at once', async () => {
  const guest = browser();
  const invited = await people.owner.send('POST', `/v1/accounts/${account}/invitations`, {
    email: 'g@shop.example',
    role: 'analyst',
  });
  const { token } = (await invited.json()) as { token: string };
  await guest.send('POST', '/v1/invitation/new-person', { token, name: 'G', password });
  await guest.send('POST', '/auth/sign-in/email', { email: 'g@shop.example', password });
  const { person } = (await (await guest.send('GET', '/v1/caller')).json()) as { person: { id: string } };
  expect((await guest.send('GET', `/v1/accounts/${account}`)).status).toBe(200);
  expect((await people.admin.send('DELETE', `/v1/accounts/${account}/members/${person.id}`)).status).toBe(204);
  expect((await guest.send('GET', `/v1/accounts/${account}`)).status).toBe(404);
});

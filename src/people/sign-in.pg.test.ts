import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

const database = testDatabase();
const origin = 'http://127.0.0.1:8480';
const password = 'correct horse battery';
let signIn: SignIn;
beforeAll(async () => {
  signIn = createSignIn({
    databaseUrl: database().url,
    secret: 's'.repeat(40),
    secure: false,
  });
  await signIn.start();
  await signIn.createPerson({ name: 'Ada', email: 'Ada@Shop.example', password });
});
afterAll(() => signIn.stop());

let address = 0;
/** From an address of its own, unless one is given. */
function post(path: string, body: object, headers: Record<string, string> = {}, from?: string): Promise<Response> {
  const request = new Request(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: JSON.stringify(body),
  });
  address += 1;
  return signIn.handle(request, from ?? `198.51.100.${address}`);
}

function cookieOf(reply: Response): string {
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

test('the right password opens a session in a cookie that scripts cannot read; signing out ends it', async () => {
  const reply = await post('/auth/sign-in/email', { email: 'ada@shop.example', password });
  expect(reply.status).toBe(200);
  expect(reply.headers.getSetCookie()[0]).toMatch(/^wharf\.session_token=.*HttpOnly; SameSite=Lax/);
  const headers = new Headers({ cookie: cookieOf(reply) });
  expect(await signIn.whoIs(headers)).toMatchObject({ name: 'Ada', email: 'ada@shop.example' });
  expect((await post('/auth/sign-out', {}, { cookie: cookieOf(reply) })).status).toBe(200);
  expect(await signIn.whoIs(headers)).toBeNull();
});

test('a wrong password and an unknown person are answered alike', async () => {
  const wrong = await post('/auth/sign-in/email', { email: 'ada@shop.example', password: 'wrong password' });
  const unknown = await post('/auth/sign-in/email', { email: 'bob@shop.example', password: 'wrong password' });
  expect([unknown.status, await unknown.text()]).toEqual([wrong.status, await wrong.text()]);
  expect(wrong.status).toBe(401);
});

test('guessing is slowed down, for one address at a time', async () => {
  const statuses = [];
  for (let i = 0; i < 12; i++) {
    const reply = await post(
      '/auth/sign-in/email',
      { email: 'ada@shop.example', password: `guess ${i} guess` },
      {},
      '203.0.113.9',
    );
    statuses.push(reply.status);
  }
  expect(statuses.slice(0, 8)).toEqual(Array<number>(8).fill(401));
  expect(new Set(statuses.slice(8))).toEqual(new Set([429]));
  expect((await post('/auth/sign-in/email', { email: 'ada@shop.example', password })).status).toBe(200);
});

test('a sign-in link lets its person in once', async () => {
  const token = await signIn.createLink('Ada@shop.example');
  const reply = await post('/auth/one-time-token/verify', { token });
  expect(reply.status).toBe(200);
  expect(await signIn.whoIs(new Headers({ cookie: cookieOf(reply) }))).toMatchObject({ email: 'ada@shop.example' });
  const again = await post('/auth/one-time-token/verify', { token });
  expect([again.status, again.headers.getSetCookie()]).toEqual([400, []]);
  await expect(signIn.createLink('nobody@shop.example')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a sign-in link ends after an hour, and the database does not hold it', async () => {
  const token = await signIn.createLink('ada@shop.example');
  const { rows } = await database().query<{ kept: string }>(
    'select identifier || value as kept from person_verification',
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ kept }) => kept.includes(token))).toEqual([]);
  await database().query("update person_verification set expires_at = now() - interval '1 second'");
  expect((await post('/auth/one-time-token/verify', { token })).status).toBe(400);
});

test('nobody signs up, and the client cannot choose its address', async () => {
  expect((await post('/auth/sign-up/email', { name: 'Eve', email: 'eve@shop.example', password })).status).toBe(404);
  const statuses = [];
  for (let i = 0; i < 10; i++) {
    const lie = { 'x-wharf-client-address': `192.0.2.${i}`, 'x-forwarded-for': `192.0.2.${i}` };
    statuses.push(
      (
        await post(
          '/auth/sign-in/email',
          { email: 'ada@shop.example', password: 'wrong password' },
          lie,
          '203.0.113.10',
        )
      ).status,
    );
  }
  expect(statuses).toContain(429);
});

test('an address is taken once, and passwords have a length', async () => {
  const person = { name: 'Ada', email: ' ada@shop.example ', password };
  await expect(signIn.createPerson(person)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(signIn.createPerson({ ...person, email: 'c@shop.example', password: 'short' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  await expect(signIn.createPerson({ ...person, email: 'no address' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

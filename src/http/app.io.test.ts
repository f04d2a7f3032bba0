import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { AppError } from '../kernel/app-error.ts';
import { createLogger } from '../kernel/logger.ts';
import { createApp } from './app.ts';
import { serve } from './serve.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function appWith(rest: FastifyPluginAsync<object>): Promise<{ app: FastifyInstance; lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  app = await createApp({ log, rest });
  return { app, lines };
}

test('an error that is not ours tells nothing of itself, but is in the log under the request id', async () => {
  const running = await appWith(async (instance) => {
    instance.get('/boom', () => {
      throw new Error('relation "secret_table" does not exist');
    });
  });
  const reply = await running.app.inject({ url: '/boom', headers: { 'x-request-id': 'my-request-1' } });
  expect(reply.statusCode).toBe(500);
  expect(reply.body).not.toContain('secret_table');
  expect(reply.json()).toMatchObject({ error: { code: 'UNKNOWN', requestId: 'my-request-1' } });
  expect(running.lines.join('')).toContain('secret_table');
});

test('the external message of the database driver stays inside, that of a warehouse goes out redacted', async () => {
  const running = await appWith(async (instance) => {
    instance.get('/store', () => {
      throw new AppError('STORE_UNAVAILABLE', { externalMessage: 'connect ECONNREFUSED 10.0.0.7:5432' });
    });
    instance.get('/warehouse', () => {
      throw new AppError('AUTH_INVALID', { externalMessage: 'refused https://u:hunter2@host/ for user u' });
    });
  });
  const store = await running.app.inject('/store');
  expect(store.statusCode).toBe(503);
  expect(store.body).not.toContain('10.0.0.7');
  const warehouse = await running.app.inject('/warehouse');
  expect(warehouse.statusCode).toBe(422);
  expect(warehouse.json().error.externalMessage).toBe('refused https://u:[redacted]@host/ for user u');
});

test('every reply carries the security headers and a request id, errors of the framework included', async () => {
  const running = await appWith(async (instance) => {
    instance.get('/fine', () => ({ fine: true }));
  });
  for (const url of ['/fine', '/nowhere', '/%zz']) {
    const reply = await running.app.inject(url);
    expect(reply.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  }
  expect((await running.app.inject('/fine')).headers['x-request-id']).toMatch(/^[0-9A-Z]{26}$/);
});

test.for([
  ['a hostile request id is replaced', { 'x-request-id': 'a\tb <script>' }],
  ['an endless request id is replaced', { 'x-request-id': 'a'.repeat(65) }],
])('%s', async ([, headers]) => {
  const running = await appWith(async (instance) => {
    instance.get('/fine', () => ({}));
  });
  const reply = await running.app.inject({ url: '/fine', headers: headers as Record<string, string> });
  expect(reply.headers['x-request-id']).toMatch(/^[0-9A-Z]{26}$/);
});

test('broken, oversized and strangely typed bodies are named and never reach a handler', async () => {
  let reached = 0;
  const running = await appWith(async (instance) => {
    instance.post('/in', { bodyLimit: 100 }, () => {
      reached += 1;
      return {};
    });
  });
  const json = { 'content-type': 'application/json' };
  const post = (payload: string, headers: Record<string, string>) =>
    running.app.inject({ method: 'POST', url: '/in', payload, headers });
  const replies = [
    await post('{"a":', json),
    await post('', json),
    await post('{"__proto__": {"admin": true}}', json),
    await post(JSON.stringify('x'.repeat(200)), json),
    await post('<xml/>', { 'content-type': 'text/xml' }),
  ];
  expect(replies.map((reply) => [reply.statusCode, reply.json().error.code])).toEqual([
    [400, 'INVALID_INPUT'],
    [400, 'INVALID_INPUT'],
    [400, 'INVALID_INPUT'],
    [413, 'TOO_LARGE'],
    [415, 'INVALID_INPUT'],
  ]);
  expect(reached).toBe(0);
});

test('a log line names the route pattern and never the address, the query or a header', async () => {
  const running = await appWith(async (instance) => {
    instance.get('/people/:email', () => ({}));
  });
  await running.app.inject({
    url: '/people/ann@example.com?company_id=XyZ123',
    headers: { authorization: 'Bearer pk_0123456789abcdef' },
  });
  const written = running.lines.join('');
  expect(written).toContain('"route":"/people/:email"');
  for (const secret of ['ann@example.com', 'XyZ123', 'pk_0123456789abcdef']) expect(written).not.toContain(secret);
});

test('a taken port is a sentence, not a stack', async () => {
  const first = await appWith(async () => undefined);
  const listening = await serve(first.app, { host: '127.0.0.1', port: 0 });
  const second = await createApp({ log: createLogger('silent'), rest: async () => undefined });
  const port = Number(new URL(listening.url).port);
  await expect(serve(second, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'CONFLICT',
    summary: `Another program already listens on 127.0.0.1:${port}.`,
  });
  await second.close();
});

test('stopping ends requests in hand, and does not wait for clients that only stay connected', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const running = await appWith(async (instance) => {
    instance.get('/slow', async () => {
      arrived.resolve();
      await answer.promise;
      return { done: true };
    });
  });
  const listening = await serve(running.app, { host: '127.0.0.1', port: 0 });
  const silent = connect({ host: '127.0.0.1', port: Number(new URL(listening.url).port) });
  await once(silent, 'connect');
  const slow = fetch(new URL('/slow', listening.url));
  await arrived.promise;
  const stopped = listening[Symbol.asyncDispose]();
  await once(silent, 'close');
  answer.resolve();
  expect(await (await slow).json()).toEqual({ done: true });
  await stopped;
});

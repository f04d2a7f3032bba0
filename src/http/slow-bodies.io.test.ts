import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { createApp } from './app.ts';
import { serve, type Listening } from './serve.ts';
import { leastBytes, windowMs } from './slow-bodies.ts';

let app: FastifyInstance;
let listening: Listening;
let client: Socket;
const lines: string[] = [];

// only the looks are made by hand; everything else takes its real time
beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval'] }));
afterEach(async () => {
  client.destroy();
  vi.useRealTimers();
  await listening[Symbol.asyncDispose]();
});

/** A server that hands bodies of files on as streams, and a connection to it on which a request has begun. */
async function begin(routes: FastifyPluginAsync<object>, headers: readonly string[]): Promise<void> {
  lines.length = 0;
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  const rest: FastifyPluginAsync<object> = async (instance) => {
    instance.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
    await instance.register(routes);
  };
  app = await createApp({ log, rest });
  listening = await serve(app, { host: '127.0.0.1', port: 0 });
  client = connect({ host: '127.0.0.1', port: Number(new URL(listening.url).port) });
  client.on('error', () => undefined);
  const arrived = once(app.server, 'request');
  client.write(['POST /in HTTP/1.1', 'host: x', ...headers, '', ''].join('\r\n'));
  await arrived;
}

const look = (times = 1): void => void vi.advanceTimersByTime(times * windowMs);

const csv = (length: number): string[] => ['content-type: text/csv', `content-length: ${length}`];

/** Reads all, and tells of each part. */
function counting(onBytes: (total: number) => void): FastifyPluginAsync<object> {
  return async (instance) => {
    instance.post('/in', async ({ body }) => {
      let total = 0;
      for await (const part of body as Readable) onBytes((total += (part as Buffer).length));
      return { total };
    });
  };
}

test.for([
  ['a length', ['content-length: 100000'], 'x'],
  ['chunks', ['transfer-encoding: chunked'], '1\r\nx\r\n'],
] as const)('a body of JSON that drips, with %s, is ended', async ([, headers, drop]) => {
  await begin(
    async (instance) => void instance.post('/in', () => ({})),
    ['content-type: application/json', ...headers],
  );
  const reply = text(client);
  client.write(drop);
  look();
  client.write(drop);
  look();
  expect(await reply).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(lines.join('')).toContain('http.request.too-slow');
  expect(lines.join('')).not.toContain('"level":"error"');
});

test('a file that drips is ended, and whoever reads it is told', async () => {
  const failed = Promise.withResolvers<string>();
  await begin(async (instance) => {
    instance.post('/in', async ({ body }) =>
      text(body as Readable).catch((error: Error) => failed.resolve(error.message)),
    );
  }, csv(100_000));
  const reply = text(client);
  look(2);
  expect(await reply).toMatch(/^HTTP\/1\.1 408 /);
  expect(await failed.promise).toBe('aborted');
});

test('a slow upload that lives is taken whole, however long it takes', async () => {
  const [part, times] = ['x'.repeat(leastBytes), 20];
  let total = 0;
  await begin(
    counting((now) => (total = now)),
    csv(part.length * times),
  );
  const answer = once(client, 'data');
  for (let i = 1; i <= times; i++) {
    client.write(part);
    await expect.poll(() => total, { interval: 1 }).toBe(part.length * i);
    look();
  }
  expect(String(await answer)).toMatch(new RegExp(`^HTTP/1.1 200 OK.*{"total":${part.length * times}}$`, 's'));
});

test('who waits for us to read is not slow', async () => {
  const reading = Promise.withResolvers<void>();
  let isFull = (): boolean => false;
  const bytes = 5_000_000;
  await begin(async (instance) => {
    instance.post('/in', async ({ body, raw }) => {
      isFull = () => raw.readableLength >= raw.readableHighWaterMark;
      await reading.promise;
      return { total: (await text(body as Readable)).length };
    });
  }, csv(bytes));
  const answer = once(client, 'data');
  client.write('x'.repeat(bytes));
  await expect.poll(() => isFull()).toBe(true);
  look(5);
  reading.resolve();
  expect(String(await answer)).toContain(`{"total":${bytes}}`);
});

test('who was answered before the body came is not kept company either', async () => {
  await begin(async (instance) => {
    instance.post('/in', { onRequest: async (_request, reply) => reply.code(401).send({}) }, () => ({}));
  }, csv(100_000));
  const reply = text(client);
  await once(client, 'readable');
  look();
  client.write('x');
  look();
  const words = await reply;
  expect(words).toMatch(/^HTTP\/1\.1 401 /);
  expect(words).not.toContain('408');
});

test('a body that has come is forgotten: its connection may idle and its answer may take its time', async () => {
  const answer = Promise.withResolvers<object>();
  const reached = Promise.withResolvers<void>();
  await begin(
    async (instance) => {
      instance.post('/in', () => {
        reached.resolve();
        return answer.promise;
      });
    },
    ['content-type: application/json', 'content-length: 2'],
  );
  const replied = once(client, 'data');
  client.write('{}');
  await reached.promise;
  look(5);
  answer.resolve({ done: true });
  expect(String(await replied)).toContain('{"done":true}');
  look(5);
  expect(lines.join('')).not.toContain('too-slow');
});

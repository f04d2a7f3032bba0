import { once } from 'node:events';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../contract/endpoint.ts';
import { AppError } from '../../kernel/app-error.ts';
import { replyError } from '../error-reply.ts';
import { sendLines } from './stream.ts';

const numbers = endpoint({
  method: 'GET',
  path: '/numbers',
  tag: 'service',
  access: 'public',
  summary: 'Numbers.',
  lines: z.object({ n: z.number() }),
  endless: true,
});

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function serveLines(lines: (signal: AbortSignal) => AsyncIterable<unknown>): Promise<FastifyInstance> {
  app = Fastify();
  app.setErrorHandler((error, request, reply) => replyError(request, reply, error));
  app.get('/numbers', (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return sendLines(numbers, lines(gone.signal), { request, reply, signal: gone.signal });
  });
  return app;
}

test('a failure in the middle becomes the last line, and its inner words stay inside', async () => {
  const running = await serveLines(async function* () {
    yield { n: 1, secret: 'not in the contract' };
    throw new Error('relation "secret" does not exist');
  });
  const reply = await running.inject('/numbers');
  const lines = reply.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([{ n: 1 }, { error: { code: 'UNKNOWN' } }]);
  expect(reply.body).not.toContain('secret');
});

test('a refusal before the first line has its own status', async () => {
  // oxlint-disable-next-line require-yield -- it is refused before there is anything to yield
  const running = await serveLines(async function* () {
    throw new AppError('CONFLICT');
  });
  expect((await running.inject('/numbers')).statusCode).toBe(409);
});

test('when the client goes away the work ends', async () => {
  const ended = Promise.withResolvers<string>();
  const running = await serveLines(async function* (signal) {
    try {
      yield { n: 1 };
      await once(signal, 'abort');
    } finally {
      ended.resolve('ended');
    }
  });
  const origin = await running.listen({ host: '127.0.0.1', port: 0 });
  const client = new AbortController();
  const reply = await fetch(`${origin}/numbers`, { signal: client.signal });
  await reply.body?.getReader().read();
  client.abort();
  expect(await ended.promise).toBe('ended');
});

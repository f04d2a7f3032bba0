import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { lookup as systemLookup, type Lookup } from './reachable.ts';
import { startReceiver, type Receiver } from './testing/receiver.ts';
import { newSecret, post, signature, type Outcome, type PostOptions } from './webhook.ts';

const secret = newSecret();
const now = new Date('2026-03-02T10:00:00.900Z');
const own: PostOptions = { privateAddresses: true, lookup: systemLookup, webhookTimeoutMs: 10_000 };

function send(url: string, options: Partial<PostOptions> = {}, body = '{"żółw":1}'): Promise<Outcome> {
  return post({ url, secret }, { id: 'alert-1', now, body }, { ...own, ...options });
}

async function answered(receiver: Receiver, status: number, body = '', headers = {}): Promise<Outcome> {
  receiver.answer((response) => void response.writeHead(status, headers).end(body));
  return send(receiver.url);
}

test('the signature is that of the example in the specification', () => {
  const body = '{"test": 2432232314}';
  expect(signature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('the receiver can check what it gets with the secret alone', async () => {
  await using receiver = await startReceiver();
  expect(await send(receiver.url)).toEqual({ delivered: true, final: true, answer: '204' });
  const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = receiver.received;
  expect({ path, body }).toEqual({ path: '/hook', body: '{"żółw":1}' });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': 'alert-1',
    'webhook-timestamp': '1772445600',
  });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  expect(key).toHaveLength(24);
  const expected = createHmac('sha256', key).update(`alert-1.1772445600.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test('answers: only 2xx is a success, 410 and redirects are final, the rest may be tried again', async () => {
  await using receiver = await startReceiver();
  expect(await answered(receiver, 200, 'thanks')).toMatchObject({ delivered: true, answer: '200 thanks' });
  expect(await answered(receiver, 410, 'gone')).toEqual({ delivered: false, final: true, answer: '410 gone' });
  for (const status of [400, 404, 429, 500, 503]) {
    expect(await answered(receiver, status)).toEqual({ delivered: false, final: false, answer: String(status) });
  }
  const before = receiver.received.length;
  expect(await answered(receiver, 302, '', { location: '/elsewhere' })).toMatchObject({
    delivered: false,
    final: true,
  });
  expect(receiver.received.slice(before).map(({ path }) => path)).toEqual(['/hook']);
});

test('of an endless answer the beginning is kept, as text', async () => {
  await using receiver = await startReceiver();
  receiver.answer((response) => {
    response.writeHead(500);
    const more = (): void =>
      void (response.write('a\0'.repeat(400)) ? setImmediate(more) : response.once('drain', more));
    more();
  });
  const { answer } = await send(receiver.url);
  expect(answer).toHaveLength('500 '.length + 500);
  expect(answer).not.toContain('\0');
});

test('who does not answer is not waited for', async () => {
  await using receiver = await startReceiver();
  receiver.answer(() => undefined);
  const silent = await send(receiver.url, { webhookTimeoutMs: 100 });
  expect(silent).toEqual({ delivered: false, final: false, answer: 'No answer within 0.1 seconds.' });
  receiver.answer((response) => void response.writeHead(200).write('…'));
  expect(await send(receiver.url, { webhookTimeoutMs: 100 })).toMatchObject({ delivered: false, final: false });
});

test('nobody there', async () => {
  const receiver = await startReceiver();
  await receiver[Symbol.asyncDispose]();
  expect(await send(receiver.url)).toEqual({ delivered: false, final: false, answer: 'The connection was refused.' });
});

test('nothing is sent into a private network', async () => {
  await using receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.1']) {
    const outcome = await send(`http://${host}:${port}/hook`, { privateAddresses: false });
    expect(outcome).toMatchObject({
      delivered: false,
      final: true,
      answer: expect.stringContaining('public internet'),
    });
  }
  expect(receiver.received).toEqual([]);
});

test('a connection goes to the address that was checked, whatever the name leads to afterwards', async () => {
  await using receiver = await startReceiver();
  let asked = 0;
  const rebinding: Lookup = async () => {
    asked += 1;
    return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
  };
  const { port } = new URL(receiver.url);
  expect(await send(`http://rebinding.example:${port}/hook`, { lookup: rebinding })).toMatchObject({ delivered: true });
  expect(asked).toBe(1);
  expect(receiver.received[0]?.headers.host).toBe(`rebinding.example:${port}`);
});

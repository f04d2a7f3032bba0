/** Rate limits: headers, refusals, and the official client waiting them out. */
import { AccountsApi, ApiKeySession, RetryWithExponentialBackoff } from 'klaviyo-api';
import { expect, test } from 'vitest';
import { klaviyoServer } from '../../src/http/testing/klaviyo-server.ts';
import { RawKlaviyo } from '../../src/http/testing/raw-klaviyo.ts';
import type { Clock } from '../../src/kernel/clock.ts';

/** Moves on by half a second whenever it is read: once per limited request. */
class HalfSecondClock implements Clock {
  #ms = Date.UTC(2026, 0, 1, 12);
  now(): Date {
    const now = new Date(this.#ms);
    this.#ms += 500;
    return now;
  }
  /** To the beginning of the next minute. */
  skipMinute(): void {
    this.#ms = (Math.floor(this.#ms / 60_000) + 1) * 60_000;
  }
  sleep(): Promise<void> {
    throw new Error('nothing here waits');
  }
}

const clock = new HalfSecondClock();
const server = klaviyoServer({ scale: 1, clock });

function allowance(headers: Headers): (string | null)[] {
  return ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((name) => headers.get(name));
}

test('one request a second and fifteen a minute, per account and operation', async () => {
  clock.skipMinute();
  const [mine, theirs] = [await server().newAccount('Mine'), await server().newAccount('Theirs')];
  const api = new RawKlaviyo(server().origin, mine.key);
  const first = await api.get('/api/accounts');
  expect([first.status, ...allowance(first.headers)]).toEqual([200, '15', '14', '60', null]);
  const second = await api.get('/api/accounts');
  expect([second.status, ...allowance(second.headers)]).toEqual([429, null, null, null, '1']);
  expect(second.json?.errors?.[0]).toMatchObject({ status: 429, code: 'throttled', source: { pointer: '/data/' } });

  for (let i = 0; i < 14; i++) {
    expect((await api.get('/api/accounts')).status).toBe(200);
    // the other half of the second, spent on another operation
    expect((await api.get('/api/metrics')).status).toBe(200);
  }
  const spent = await api.get('/api/accounts');
  expect([spent.status, spent.headers.get('retry-after')]).toEqual([429, '45']);
  expect((await new RawKlaviyo(server().origin, theirs.key).get('/api/accounts')).status).toBe(200);
});

test('a costly include has a lower limit', async () => {
  clock.skipMinute();
  const api = new RawKlaviyo(server().origin, (await server().newAccount('Costly')).key);
  expect((await api.get('/api/profiles')).headers.get('ratelimit-limit')).toBe('750');
  const costly = await api.get('/api/profiles?additional-fields[profile]=predictive_analytics');
  expect(costly.headers.get('ratelimit-limit')).toBe('150');
});

test('the official client waits and tries again', async () => {
  clock.skipMinute();
  const { account, key } = await server().newAccount('Patient');
  const accounts = new AccountsApi(new ApiKeySession(key, new RetryWithExponentialBackoff({ numRetries: 3 })));
  accounts.basePath = server().origin;
  const before = throttled();
  await accounts.getAccounts();
  const { body } = await accounts.getAccounts();
  expect(body.data[0]?.id).toBe(account.publicId);
  expect(throttled() - before).toBe(1);
});

function throttled(): number {
  return server().logged.filter((line) => line.includes('"status":429')).length;
}

import { expect, test } from 'vitest';
import { klaviyoServer } from '../testing/klaviyo-server.ts';
import { RawKlaviyo } from '../testing/raw-klaviyo.ts';

const server = klaviyoServer({ publicUrl: 'https://wharf.example.com' });

test('behind a proxy links lead to the public address, whatever the request says its host is', async () => {
  const { key } = await server().newAccount('Shop');
  const api = new RawKlaviyo(server().origin, key);
  for (const email of ['a@example.com', 'b@example.com']) {
    await api.post('/api/profiles', { data: { type: 'profile', attributes: { email } } });
  }
  const page = await api.get('/api/profiles?page[size]=1', { 'x-forwarded-host': 'evil.example.com' });
  expect(page.status).toBe(200);
  const { self, next } = page.json?.links ?? {};
  for (const link of [self, next]) expect(new URL(link ?? '').origin).toBe('https://wharf.example.com');
  expect(page.text).not.toContain(new URL(server().origin).host);
  expect(page.text).not.toContain('evil');
  const follow = new URL(next ?? '');
  expect((await api.get(follow.pathname + follow.search)).json?.data).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { klaviyoServer } from '../testing/klaviyo-server.ts';
import { RawKlaviyo } from '../testing/raw-klaviyo.ts';

const server = klaviyoServer();

test('requests are served as the role that sees one account, reads and writes alike', async () => {
  const { key } = await server().newAccount('Shop');
  const api = new RawKlaviyo(server().origin, key);
  const profile = { data: { type: 'profile', attributes: { email: 'a@example.com' } } };
  expect((await api.post('/api/profiles', profile)).status).toBe(201);
  await server().db.query(
    `do $$ begin
       execute format('revoke all on profile from %I', left(session_user::text, 55) || '_account');
     end $$`,
  );
  expect((await api.get('/api/profiles')).status).toBe(500);
  expect((await api.post('/api/profiles', profile)).status).toBe(500);
});

import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { restServer } from '../testing/rest-server.ts';
import { connectWarehouse } from '../testing/shop.ts';

const server = restServer();
const password = 'correct horse battery';

/** A member who is signed in: sends a POST to an address of the account. */
async function member(publicId: string, role: 'owner' | 'admin') {
  const { origin } = server();
  const email = `${role}@plan.example`;
  const send = (path: string, body: unknown) =>
    fetch(new URL(path, origin), {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const invited = await fetch(new URL(`/v1/accounts/${publicId}/invitations`, origin), {
    method: 'POST',
    headers: { authorization: `Bearer ${server().operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email, role }),
  });
  const { token } = (await invited.json()) as { token: string };
  expect((await send('/v1/invitation/new-person', { token, name: role, password })).status).toBe(204);
  const cookie = (await send('/auth/sign-in/email', { email, password })).headers.getSetCookie()[0]?.split(';')[0];
  return async (action: string): Promise<Response> => {
    const path = `/v1/accounts/${publicId}/advanced-plan/${action}`;
    return fetch(new URL(path, origin), { method: 'POST', headers: { origin, cookie: cookie ?? '' } });
  };
}

test('owners switch the advanced data platform on and off; admins and keys do not; the audit log says which', async () => {
  const shop = await server().newAccount('Plan');
  const { client, params } = shop;
  const owner = await member(params.account, 'owner');
  const admin = await member(params.account, 'admin');

  expect((await admin('disable')).status).toBe(403);
  await expect(client.call(endpoints.disableAdvancedPlan, { params })).rejects.toMatchObject({ status: 403 });
  expect(await (await owner('disable')).json()).toMatchObject({ id: params.account, plan: 'basic', role: 'owner' });
  expect((await admin('enable')).status).toBe(403);
  await expect(connectWarehouse(server(), shop)).rejects.toMatchObject({ facts: { code: 'FORBIDDEN' } });
  expect(await (await owner('enable')).json()).toMatchObject({ plan: 'advanced' });

  await connectWarehouse(server(), shop);
  const refused = await owner('disable');
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ error: { advice: expect.stringContaining('Remove the integration') } });
  await client.call(endpoints.removeConnection, { params });
  expect((await owner('disable')).status).toBe(200);

  const { data } = await server().operator.call(endpoints.listAudit, { params, query: {} });
  const switches = data.filter(({ action }) => action.endsWith('AdvancedPlan'));
  expect(switches.map(({ action, actorName }) => `${actorName} ${action}`)).toEqual([
    'owner disableAdvancedPlan',
    'owner enableAdvancedPlan',
    'owner disableAdvancedPlan',
  ]);
});

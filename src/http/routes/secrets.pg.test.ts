import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { restServer } from '../testing/rest-server.ts';

const server = restServer();

test('the operator rotates the secret key, an account cannot', async () => {
  const { client } = await server().newAccount('Shop');
  await expect(client.call(endpoints.rotateSecretKey, {})).rejects.toMatchObject({ status: 403 });
  const first = await server().operator.call(endpoints.rotateSecretKey, {});
  expect(first).toEqual({ resealed: 0, retired: [expect.stringMatching(/^[0-9a-f]{8}$/)] });
  const second = await server().operator.call(endpoints.rotateSecretKey, {});
  expect(second.retired).not.toEqual(first.retired);
});

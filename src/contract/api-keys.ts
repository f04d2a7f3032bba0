import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { accountParams, id, instant, listOf, name } from './values.ts';

export const apiKey = z
  .object({
    id,
    name: z.string(),
    hint: z.string().describe('Enough of the key to recognise it.'),
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;

export const createdApiKey = z.object({
  id,
  name: z.string(),
  hint: z.string(),
  key: z.string().describe('The key itself. Shown this once; Wharf keeps only its hash.'),
});

export const apiKeyEndpoints = {
  listApiKeys: endpoint({
    method: 'GET',
    path: '/v1/accounts/{account}/api-keys',
    tag: 'keys',
    access: 'account',
    summary: "The account's API keys, revoked ones included.",
    params: accountParams,
    reply: listOf(apiKey),
  }),
  createApiKey: endpoint({
    method: 'POST',
    path: '/v1/accounts/{account}/api-keys',
    tag: 'keys',
    access: 'account',
    summary: 'Create an API key. It opens both this API and the Klaviyo-compatible one.',
    status: 201,
    params: accountParams,
    body: z.strictObject({ name }),
    reply: createdApiKey,
  }),
  revokeApiKey: endpoint({
    method: 'DELETE',
    path: '/v1/accounts/{account}/api-keys/{key}',
    tag: 'keys',
    access: 'account',
    summary: 'Revoke an API key at once and for ever.',
    status: 204,
    params: accountParams.extend({ key: id }),
  }),
};

import type { apiKeyEndpoints } from '../../contract/api-keys.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../../store/api-keys.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function apiKeyRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof apiKeyEndpoints> {
  return {
    listApiKeys: async ({ caller }) => {
      const keys = await listApiKeys(db, caller.accountId);
      return {
        data: keys.map((key) => ({
          ...key,
          createdAt: iso(key.createdAt),
          lastUsedAt: iso(key.lastUsedAt),
          revokedAt: iso(key.revokedAt),
        })),
      };
    },

    createApiKey: async ({ caller, body }) => ({
      ...(await createApiKey(db, caller.accountId, body.name)),
      name: body.name,
    }),

    revokeApiKey: async ({ caller, params }) => {
      await revokeApiKey(db, caller.accountId, params.key);
    },
  };
}

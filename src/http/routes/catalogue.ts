import type { catalogueEndpoints } from '../../contract/catalogue.ts';
import { listIntegrations, listMetrics } from '../../store/metrics.ts';
import type { Handlers, RestDeps } from './route.ts';

export function catalogueRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof catalogueEndpoints> {
  return {
    listMetrics: async ({ caller, query: { cursor, size } }) => {
      const metrics = await listMetrics(db, caller.accountId, { ...(cursor ? { after: cursor } : {}), size: size + 1 });
      const page = metrics.slice(0, size);
      return { data: page, next: metrics.length > size ? (page.at(-1)?.id ?? null) : null };
    },

    listIntegrations: async ({ caller }) => ({ data: await listIntegrations(db, caller.accountId) }),
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { openApiDocument } from '../../contract/openapi.ts';
import type { serviceEndpoints } from '../../contract/service.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { Handlers, RestDeps } from './route.ts';

/** Longer than this, and a load balancer had better ask another process. */
const readyWithinMs = 3000;

export function serviceRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof serviceEndpoints> {
  const document = openApiDocument();
  return {
    live: async () => ({ status: 'ok' }),

    ready: async () => {
      const tooLong = new AbortController();
      const late = wait(readyWithinMs, 'late' as const, { signal: tooLong.signal }).catch(() => 'late' as const);
      const answer = db.query('select 1').catch((cause: unknown) => new AppError('STORE_UNAVAILABLE', { cause }));
      const first = await Promise.race([answer, late]);
      tooLong.abort();
      if (first === 'late') throw new AppError('STORE_UNAVAILABLE');
      if (first instanceof AppError) throw first;
      return { status: 'ok' };
    },

    openApi: async () => document,
  };
}

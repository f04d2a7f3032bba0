import type { historyEndpoints, Run as RunReply, SyncError as ErrorReply } from '../../contract/history.ts';
import type { Run, SyncError } from '../../exports/types.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function historyRoutes({ exports }: Pick<RestDeps, 'exports'>): Handlers<typeof historyEndpoints> {
  const { runs, timeline, errors } = exports;
  return {
    listRuns: async ({ caller, query: { sync, cursor, size } }) => {
      const page = await runs.list(caller.accountId, { syncId: sync, cursor, size });
      return { data: page.items.map(runReply), next: page.nextCursor };
    },

    getRun: async ({ caller, params }) => {
      const run = await runs.get(caller.accountId, params.run);
      return { ...runReply(run), tables: [...run.tables] };
    },

    listTimeline: async ({ caller, query: { sync, cursor, size } }) => {
      const page = await timeline.list(caller.accountId, { syncId: sync, cursor, size });
      return { data: page.items.map((entry) => ({ ...entry, at: iso(entry.at) })), next: page.nextCursor };
    },

    listErrors: async ({ caller, query: { sync, active, cursor, size } }) => {
      const page = await errors.list(caller.accountId, { syncId: sync, activeOnly: active === 'true', cursor, size });
      return { data: page.items.map(errorReply), next: page.nextCursor };
    },

    getError: async ({ caller, params }) => errorReply(await errors.get(caller.accountId, params.error)),
  };
}

function runReply(run: Run): RunReply {
  return { ...run, createdAt: iso(run.createdAt), startedAt: iso(run.startedAt), endedAt: iso(run.endedAt) };
}

function errorReply(error: SyncError): ErrorReply {
  const { firstAt, lastAt, resolvedAt, ...rest } = error;
  return { ...rest, firstAt: iso(firstAt), lastAt: iso(lastAt), resolvedAt: iso(resolvedAt) };
}

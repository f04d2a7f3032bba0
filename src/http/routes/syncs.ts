import type {
  Run as RunReply,
  Sync as SyncReply,
  SyncError as ErrorReply,
  syncEndpoints,
} from '../../contract/syncs.ts';
import type { Run, Sync, SyncError } from '../../exports/types.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';
import { watchSyncs } from './watch-syncs.ts';

type Deps = Pick<RestDeps, 'exports' | 'clock'>;

export function syncRoutes({ exports, clock }: Deps): Handlers<typeof syncEndpoints> {
  const { syncs, runs, timeline, errors } = exports;
  return {
    listSyncs: async ({ caller }) => ({ data: (await syncs.list(caller.accountId)).map(syncReply) }),
    getSync: async ({ caller, params }) => syncReply(await syncs.get(caller.accountId, params.sync)),
    syncNow: async ({ caller, params }) => syncReply(await syncs.syncNow(caller.accountId, params.sync, caller.actor)),
    pauseSync: async ({ caller, params }) => syncReply(await syncs.pause(caller.accountId, params.sync, caller.actor)),
    resumeSync: async ({ caller, params }) =>
      syncReply(await syncs.resume(caller.accountId, params.sync, caller.actor)),
    reEnableSync: async ({ caller, params }) =>
      syncReply(await syncs.reEnable(caller.accountId, params.sync, caller.actor)),
    cancelSync: async ({ caller, params }) =>
      syncReply(await syncs.cancel(caller.accountId, params.sync, caller.actor)),

    async *watchSyncs({ caller, signal }) {
      for await (const list of watchSyncs(() => syncs.list(caller.accountId), clock, signal)) {
        yield { data: list.map(syncReply) };
      }
    },

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

function syncReply(sync: Sync): SyncReply {
  return { ...sync, nextRunAt: iso(sync.nextRunAt), startedAt: iso(sync.startedAt), endedAt: iso(sync.endedAt) };
}

function runReply(run: Run): RunReply {
  return { ...run, createdAt: iso(run.createdAt), startedAt: iso(run.startedAt), endedAt: iso(run.endedAt) };
}

function errorReply(error: SyncError): ErrorReply {
  const { firstAt, lastAt, resolvedAt, ...rest } = error;
  return { ...rest, firstAt: iso(firstAt), lastAt: iso(lastAt), resolvedAt: iso(resolvedAt) };
}

import type { Sync as SyncReply, syncEndpoints } from '../../contract/syncs.ts';
import type { Sync } from '../../exports/types.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';
import { watchSyncs } from './watch-syncs.ts';

type Deps = Pick<RestDeps, 'exports' | 'clock'>;

export function syncRoutes({ exports, clock }: Deps): Handlers<typeof syncEndpoints> {
  const { syncs } = exports;
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
  };
}

function syncReply(sync: Sync): SyncReply {
  return { ...sync, nextRunAt: iso(sync.nextRunAt), startedAt: iso(sync.startedAt), endedAt: iso(sync.endedAt) };
}

import type { Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { noConnection } from './connection-row.ts';
import type { ExportParts } from './parts.ts';
import { nextHourlyStart } from './schedule.ts';
import { readSyncs } from './sync-read.ts';
import { askAgain, lockSync, moveSync, syncNotFound, type SyncRow } from './sync-row.ts';
import { cancelRuns, dropClaims, forgetFailures, hasWork } from './sync-work.ts';
import { addEntry } from './timeline.ts';
import type { Sync, Syncs, TimelineKind } from './types.ts';

type Change = (tx: Tx, sync: SyncRow, now: Date) => Promise<void>;

export function createSyncActions(parts: ExportParts): Syncs {
  const { db, clock } = parts;
  const get = async (accountId: number, syncId: string): Promise<Sync> => {
    const [sync] = await readSyncs(db, accountId, syncId, clock.now());
    return sync ?? syncNotFound(syncId);
  };
  const action =
    (kind: TimelineKind, change: Change) =>
    async (accountId: number, syncId: string, actor: string): Promise<Sync> => {
      await db.transaction((tx) => act(tx, accountId, syncId, kind, change, clock.now(), actor));
      parts.wake();
      return get(accountId, syncId);
    };
  return {
    list: (accountId) => readSyncs(db, accountId, null, clock.now()),
    get,
    syncNow: action('sync-requested', syncNow),
    pause: action('paused', async (tx, sync) => void (await moveSync(tx, sync, 'pause'))),
    resume: action('resumed', async (tx, sync, now) => void (await moveSync(tx, sync, 'resume', now))),
    reEnable: action('re-enabled', async (tx, sync, now) => {
      await forgetFailures(tx, sync);
      await moveSync(tx, sync, 're-enable', now);
    }),
    cancel: action('cancelled', cancel),
  };
}

async function syncNow(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  if (sync.status !== 'in_progress') {
    await moveSync(tx, sync, 'sync-now', now);
  } else if (sync.kind === 'historical') {
    throw new AppError('CONFLICT', {
      summary: 'The historical sync is running already.',
      advice: 'Nothing to do: what changes meanwhile comes with the periodic sync.',
    });
  } else if (sync.nextRunAt === null) {
    await askAgain(tx, sync, now);
  }
}

/** A change that leaves the sync as it was (pausing what is paused) leaves no entry either. */
async function act(
  tx: Tx,
  accountId: number,
  syncId: string,
  kind: TimelineKind,
  change: Change,
  now: Date,
  actor: string,
): Promise<void> {
  const sync = await lockSync(tx, accountId, syncId);
  await refuseRemoved(tx, sync);
  await change(tx, sync, now);
  const after = await lockSync(tx, accountId, syncId);
  if (after.status === sync.status && after.nextRunAt?.getTime() === sync.nextRunAt?.getTime()) return;
  await addEntry(tx, { accountId, destinationId: sync.destinationId, syncId, kind, at: now, actor });
}

async function refuseRemoved(tx: Tx, sync: SyncRow): Promise<void> {
  const { count } = await tx.query(
    'select 1 from destination where account_id = $1 and id = $2 and removed_at is null',
    [sync.accountId, sync.destinationId],
  );
  if (count === 0) throw noConnection();
}

async function cancel(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  if (!(await hasWork(tx, sync))) {
    throw new AppError('CONFLICT', { summary: 'No run is open, so there is nothing to cancel.' });
  }
  if (sync.kind === 'periodic') {
    await cancelRuns(tx, sync, now);
    await moveSync(tx, sync, 'cancel', nextHourlyStart(sync.id, now));
    return;
  }
  // what is loaded stays loaded: the run waits in the queue with the chunks that are left
  await dropClaims(tx, sync);
  await tx.query(
    `update run set status = 'queued' where account_id = $1 and sync_id = $2 and status in ('running', 'failed')`,
    [sync.accountId, sync.id],
  );
  await moveSync(tx, sync, 'cancel-and-hold');
}

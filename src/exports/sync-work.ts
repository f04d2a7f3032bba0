/** Giving a sync work, and taking it away. Every function here needs the sync's row locked. */
import type { Tx } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';
import { insertRun, nextHourlyStart } from './schedule.ts';
import { moveSync, type SyncRow } from './sync-row.ts';
import type { DataObject, Selection, SyncKind } from './types.ts';

export interface ObjectStart {
  readonly accountId: number;
  readonly destinationId: string;
  readonly object: DataObject;
  readonly selection: Selection;
  readonly historySince: Date | null;
  /** The change number the historical sync goes up to and the periodic one starts from. */
  readonly number: number;
  /** The warehouse may hold rows of an earlier connection, which may have been deleted since. */
  readonly withTombstones: boolean;
  readonly now: Date;
}

/** The two syncs of a data object that was not synced before. */
export async function createSyncs(tx: Tx, start: ObjectStart): Promise<void> {
  const historical = await insertSync(tx, start, 'historical');
  await insertSync(tx, start, 'periodic');
  await queueHistory(tx, { id: historical, accountId: start.accountId, destinationId: start.destinationId }, start);
}

/** A data object that comes back into the selection starts anew. */
export async function restartSyncs(tx: Tx, syncs: readonly SyncRow[], start: ObjectStart): Promise<void> {
  for (const sync of syncs) {
    await tx.query('update sync set cursor = $3, cursor_at = $4, held = false where account_id = $1 and id = $2', [
      sync.accountId,
      sync.id,
      start.number,
      start.now,
    ]);
    if (sync.kind === 'historical') await queueHistory(tx, sync, start);
    await moveSync(tx, sync, 'enable', sync.kind === 'historical' ? start.now : nextHourlyStart(sync.id, start.now));
  }
}

async function insertSync(tx: Tx, start: ObjectStart, kind: SyncKind): Promise<string> {
  const id = ulid(start.now.getTime());
  const nextRunAt = kind === 'historical' ? start.now : nextHourlyStart(id, start.now);
  await tx.query(
    `insert into sync (account_id, id, destination_id, object, kind, status, cursor, cursor_at, next_run_at, created_at)
     values ($1, $2, $3, $4, $5, 'scheduled', $6, $7, $8, $7)`,
    [start.accountId, id, start.destinationId, start.object, kind, start.number, start.now, nextRunAt],
  );
  return id;
}

async function queueHistory(
  tx: Tx,
  sync: Pick<SyncRow, 'accountId' | 'id' | 'destinationId'>,
  start: ObjectStart,
): Promise<void> {
  const { excludedIntegrations, metrics } = start.selection;
  await insertRun(tx, sync, {
    status: 'queued',
    from: 0,
    to: start.number,
    filter: { include: { excludedIntegrations, metrics }, except: null },
    since: start.object === 'events' ? start.historySince : null,
    until: null,
    withTombstones: start.withTombstones,
    now: start.now,
  });
}

/** Takes every chunk of the sync out of its worker's hands: a higher fence makes what the worker still does harmless. */
export async function dropClaims(tx: Tx, sync: SyncRow): Promise<void> {
  await tx.query(
    `update chunk set fence = fence + 1, owner = null, lease_until = null, loading = false
     where account_id = $1 and sync_id = $2 and state in ('pending', 'staged')`,
    [sync.accountId, sync.id],
  );
}

/** Ends the sync's runs that have not ended, for good. Returns how many. */
export async function cancelRuns(tx: Tx, sync: SyncRow, now: Date): Promise<number> {
  await tx.query(
    `update chunk set state = 'cancelled', fence = fence + 1, owner = null, lease_until = null, loading = false
     where account_id = $1 and sync_id = $2 and state in ('pending', 'staged')`,
    [sync.accountId, sync.id],
  );
  const { count } = await tx.query(
    `update run set status = 'cancelled', ended_at = $3
     where account_id = $1 and sync_id = $2 and status in ('queued', 'running', 'failed')`,
    [sync.accountId, sync.id, now],
  );
  return count;
}

/** The connection is switched off: the open run waits, and a sync that was paused by hand is remembered as such. */
export async function disableSync(tx: Tx, sync: SyncRow): Promise<void> {
  await dropClaims(tx, sync);
  if (sync.status === 'paused') await setHeld(tx, sync, true);
  await moveSync(tx, sync, 'disable');
}

/** The connection is switched on again: the sync goes on where it was, with a clean sheet. */
export async function enableSync(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  const idle = sync.kind === 'historical' && !(await hasWork(tx, sync));
  await forgetFailures(tx, sync);
  if (sync.held) await setHeld(tx, sync, false);
  await moveSync(tx, sync, sync.held ? 'enable-held' : idle ? 'enable-idle' : 'enable', now);
}

/** Whether the sync comes back paused when its connection is switched on. */
export async function setHeld(tx: Tx, sync: SyncRow, held: boolean): Promise<void> {
  await tx.query('update sync set held = $3 where account_id = $1 and id = $2', [sync.accountId, sync.id, held]);
}

/** Lets failed chunks try again with a clean sheet. */
export async function forgetFailures(tx: Tx, sync: SyncRow): Promise<void> {
  await tx.query(
    `update chunk set failures = 0, first_failed_at = null
     where account_id = $1 and sync_id = $2 and state in ('pending', 'staged')`,
    [sync.accountId, sync.id],
  );
}

/** True while the sync has a run that has not ended. */
export async function hasWork(tx: Tx, sync: SyncRow): Promise<boolean> {
  const { count } = await tx.query(
    `select 1 from run where account_id = $1 and sync_id = $2 and status in ('queued', 'running', 'failed') limit 1`,
    [sync.accountId, sync.id],
  );
  return count > 0;
}

/** The sync's row: read under lock, moved by the state machine and by nothing else. */
import type { Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { nextStatus, type SyncEvent, type SyncStatus } from './state.ts';
import type { DataObject, SyncKind } from './types.ts';

export interface SyncRow {
  readonly accountId: number;
  readonly id: string;
  readonly destinationId: string;
  readonly object: DataObject;
  readonly kind: SyncKind;
  readonly status: SyncStatus;
  readonly cursor: number;
  readonly cursorAt: Date;
  readonly nextRunAt: Date | null;
  /** Paused by hand when the connection was switched off. */
  readonly held: boolean;
}

export const syncColumns = `s.account_id as "accountId", s.id, s.destination_id as "destinationId", s.object, s.kind, s.status,
  s.cursor, s.cursor_at as "cursorAt", s.next_run_at as "nextRunAt", s.held`;

/**
 * Locks the row until the transaction ends: whoever changes a sync, its runs or their chunks' states comes through here.
 * Who needs the destination, too, locks it before. Both are locked as `no key update`: a second update of a sync in one transaction
 * checks its destination, and would deadlock with whoever holds that for a key's sake and waits for the sync.
 */
export async function lockSync(tx: Tx, accountId: number, syncId: string): Promise<SyncRow> {
  const { rows } = await tx.query<SyncRow>(
    `select ${syncColumns} from sync s where s.account_id = $1 and s.id = $2 for no key update`,
    [accountId, syncId],
  );
  return rows[0] ?? syncNotFound(syncId);
}

export function syncNotFound(syncId: string): never {
  throw new AppError('NOT_FOUND', { summary: 'There is no such sync.', details: { syncId } });
}

/** All syncs of a destination, locked, always in the same order. */
export async function lockSyncs(tx: Tx, accountId: number, destinationId: string): Promise<SyncRow[]> {
  const { rows } = await tx.query<SyncRow>(
    `select ${syncColumns} from sync s where s.account_id = $1 and s.destination_id = $2 order by s.id for no key update`,
    [accountId, destinationId],
  );
  return rows;
}

/**
 * Moves a locked sync. `nextRunAt` is kept in the statuses that wait for a time, and while a run goes on: see `askAgain`.
 * @throws AppError CONFLICT when the event cannot happen now
 */
export async function moveSync(
  tx: Tx,
  sync: SyncRow,
  event: SyncEvent,
  nextRunAt: Date | null = null,
): Promise<SyncStatus> {
  const status = nextStatus(sync.status, event);
  if (status === null) throw impossible(sync.status, event);
  const waits = status === 'scheduled' || status === 'error';
  const kept = status === sync.status ? sync.nextRunAt : null;
  await tx.query('update sync set status = $3, next_run_at = $4 where account_id = $1 and id = $2', [
    sync.accountId,
    sync.id,
    status,
    waits ? (nextRunAt ?? sync.nextRunAt) : kept,
  ]);
  return status;
}

/** Has a run follow the one that is open: what changes after that one's window was fixed need not wait for the hour. */
export async function askAgain(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  await tx.query('update sync set next_run_at = $3 where account_id = $1 and id = $2', [sync.accountId, sync.id, now]);
}

function impossible(status: SyncStatus, event: SyncEvent): AppError {
  return new AppError('CONFLICT', {
    summary: `The sync is ${words[status]}, so this cannot be done now.`,
    details: { status, event },
  });
}

const words: Readonly<Record<SyncStatus, string>> = {
  completed: 'completed',
  scheduled: 'scheduled',
  in_progress: 'in progress',
  error: 'in error and retrying',
  failed: 'failed',
  paused: 'paused',
  disabled: 'disabled',
};

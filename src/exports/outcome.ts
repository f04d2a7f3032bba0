/** What came of a chunk, written in one transaction with everything that follows from it. */
import type { Database, Tx } from '../db/database.ts';
import type { Receipt } from '../destinations/destination.ts';
import { AppError } from '../kernel/app-error.ts';
import type { ClaimedChunk, Hold } from './claim.ts';
import { resolveErrors } from './errors.ts';
import { nextHourlyStart } from './schedule.ts';
import type { Staged } from './stage.ts';
import { lockSync, moveSync, type SyncRow } from './sync-row.ts';
import { addEntry } from './timeline.ts';

/** @throws AppError FENCED when the chunk is no longer ours */
export async function recordStaged(db: Database, chunk: Hold, staged: Staged, now: Date): Promise<void> {
  const { count } = await db.query(
    `update chunk set state = 'staged', files = $4, source_rows = $5, staged_rows = $6, staged_bytes = $7, staged_at = $8
     where account_id = $1 and id = $2 and fence = $3 and state = 'pending'`,
    [
      chunk.accountId,
      chunk.id,
      chunk.fence,
      JSON.stringify(staged.files),
      staged.source,
      staged.staged,
      staged.files.reduce((sum, file) => sum + file.bytes, 0),
      now,
    ],
  );
  if (count === 0) throw fenced(chunk);
}

/**
 * The staged files cannot be used any more: the rows are staged again. The old count is kept, because a load whose answer was
 * lost may have applied those files.
 */
export async function recordUnstaged(db: Database, chunk: Hold): Promise<void> {
  const { count } = await db.query(
    `update chunk set state = 'pending', files = null, replaced_counts = replaced_counts || staged_rows, loading = false
     where account_id = $1 and id = $2 and fence = $3 and state = 'staged'`,
    [chunk.accountId, chunk.id, chunk.fence],
  );
  if (count === 0) throw fenced(chunk);
}

/** Marks the chunk loaded and, when it was the last one, finishes its run. @throws AppError FENCED, COUNT_MISMATCH */
export async function recordLoaded(
  db: Database,
  chunk: ClaimedChunk,
  staged: { readonly rows: number; readonly replacedCounts: readonly number[] },
  receipt: Receipt,
  now: Date,
): Promise<void> {
  const fromEarlierStaging = receipt.alreadyLoaded && staged.replacedCounts.includes(receipt.loaded);
  if (receipt.loaded !== staged.rows && !fromEarlierStaging) throw countMismatch(staged.rows, receipt);
  await db.transaction(async (tx) => {
    const sync = await lockSync(tx, chunk.accountId, chunk.syncId);
    const { rows } = await tx.query<{ failures: number }>(
      `update chunk set state = 'loaded', source_rows = $4, staged_rows = $4, loaded_rows = $4, loaded_at = $5,
              owner = null, lease_until = null, loading = false
       where account_id = $1 and id = $2 and fence = $3 and state = 'staged'
       returning failures`,
      [chunk.accountId, chunk.id, chunk.fence, receipt.loaded, now],
    );
    if (!rows[0]) throw fenced(chunk);
    await recover(tx, sync, chunk, rows[0].failures, now);
    const open = await tx.query(
      `select 1 from chunk where account_id = $1 and run_id = $2 and state <> 'loaded' limit 1`,
      [chunk.accountId, chunk.runId],
    );
    if (open.count === 0) await finishRun(tx, sync, chunk.runId, now);
  });
}

async function recover(tx: Tx, sync: SyncRow, chunk: ClaimedChunk, failures: number, now: Date): Promise<void> {
  if (failures === 0) return;
  const resolved = await resolveErrors(tx, sync.accountId, sync.id, now);
  if (resolved === 0) return;
  await addEntry(tx, {
    ...entryBase(sync, chunk.runId, now),
    kind: 'recovered',
    details: { errors: resolved },
  });
}

async function finishRun(tx: Tx, sync: SyncRow, runId: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ to: number; createdAt: Date; startedAt: Date }>(
    `update run set status = 'succeeded', ended_at = $3
     where account_id = $1 and id = $2 and status in ('running', 'failed')
     returning number_to as "to", created_at as "createdAt", started_at as "startedAt"`,
    [sync.accountId, runId, now],
  );
  const run = rows[0];
  if (!run) return;
  const totals = await tx.query<{ rows: number; bytes: number }>(
    `select coalesce(sum(loaded_rows), 0)::bigint as rows, coalesce(sum(staged_bytes), 0)::bigint as bytes
     from chunk where account_id = $1 and run_id = $2`,
    [sync.accountId, runId],
  );
  await resolveErrors(tx, sync.accountId, sync.id, now);
  await addEntry(tx, {
    ...entryBase(sync, runId, now),
    kind: 'run-succeeded',
    details: { ...totals.rows[0], seconds: Math.round((now.getTime() - run.startedAt.getTime()) / 100) / 10 },
  });
  if (sync.kind === 'historical') return endHistorical(tx, sync, now);
  await tx.query('update sync set cursor = $3, cursor_at = $4 where account_id = $1 and id = $2', [
    sync.accountId,
    sync.id,
    run.to,
    run.createdAt,
  ]);
  const askedAgain = sync.status === 'in_progress' ? sync.nextRunAt : null;
  await moveSync(tx, sync, 'finish', askedAgain ?? nextHourlyStart(sync.id, now));
}

async function endHistorical(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  const queued = await tx.query(
    `select 1 from run where account_id = $1 and sync_id = $2 and status = 'queued' limit 1`,
    [sync.accountId, sync.id],
  );
  if (queued.count > 0) await moveSync(tx, sync, 'finish', now);
  else await moveSync(tx, sync, 'complete');
}

function entryBase(
  sync: SyncRow,
  runId: string,
  at: Date,
): { accountId: number; destinationId: string; syncId: string; runId: string; at: Date; actor: string } {
  const { accountId, destinationId, id } = sync;
  return { accountId, destinationId, syncId: id, runId, at, actor: 'system' };
}

export function fenced(chunk: Hold): AppError {
  return new AppError('FENCED', { details: { chunk: chunk.id, fence: chunk.fence } });
}

function countMismatch(staged: number, receipt: Receipt): AppError {
  return new AppError('COUNT_MISMATCH', {
    details: { staged, loaded: receipt.loaded, alreadyLoaded: receipt.alreadyLoaded },
  });
}

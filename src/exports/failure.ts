/** What a failed attempt leads to. The remedy of the error alone decides. */
import type { Database, Tx } from '../db/database.ts';
import type { AppError } from '../kernel/app-error.ts';
import { retryDelayMs } from '../kernel/retry-delay.ts';
import type { ClaimedChunk } from './claim.ts';
import { addError } from './errors.ts';
import { lockSync, moveSync, type SyncRow } from './sync-row.ts';
import { addEntry } from './timeline.ts';

export type Verdict = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give-up' };

/** 10 failures in a row, over 6 hours at least: a short outage with quick retries is not the end. */
const patience = { failures: 10, ms: 6 * 3_600_000 };
const backoff = { firstMs: 10_000, maxMs: 30 * 60_000 };
const waitMs = 5 * 60_000;
const bugTries = 3;

/**
 * `failures` counts this one; `sinceMs` is the time since the first of them. Waiting (a paused warehouse, a quota) is
 * never given up; what only a person can mend is given up at once, and goes on when they re-enable the sync.
 */
export function judge(error: AppError, failures: number, sinceMs: number, random: () => number = Math.random): Verdict {
  switch (error.remedy) {
    case 'wait':
      return { kind: 'retry', afterMs: Math.round(waitMs * (0.8 + 0.4 * random())) };
    case 'retry':
      if (failures >= patience.failures && sinceMs >= patience.ms) return { kind: 'give-up' };
      return { kind: 'retry', afterMs: retryDelayMs(failures, backoff, random) };
    case 'report-bug':
      if (failures >= bugTries) return { kind: 'give-up' };
      return { kind: 'retry', afterMs: retryDelayMs(failures, backoff, random) };
    case 'fix-settings':
    case 'fix-warehouse':
    case 'fix-data':
      return { kind: 'give-up' };
  }
}

/** Puts the chunk back and moves its sync to Error or Failed. Does nothing when the chunk is no longer ours. */
export async function recordFailure(db: Database, chunk: ClaimedChunk, error: AppError, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const sync = await lockSync(tx, chunk.accountId, chunk.syncId);
    const { rows } = await tx.query<{ failures: number; firstFailedAt: Date }>(
      `update chunk set owner = null, lease_until = null, loading = false,
              failures = failures + $4, first_failed_at = coalesce(first_failed_at, $5)
       where account_id = $1 and id = $2 and fence = $3 and state in ('pending', 'staged')
       returning failures, first_failed_at as "firstFailedAt"`,
      [chunk.accountId, chunk.id, chunk.fence, error.remedy === 'wait' ? 0 : 1, now],
    );
    const chunkNow = rows[0];
    if (!chunkNow) return;
    await addError(tx, { accountId: chunk.accountId, syncId: sync.id, runId: chunk.runId }, error, now);
    const verdict = judge(error, chunkNow.failures, now.getTime() - chunkNow.firstFailedAt.getTime());
    await follow(tx, sync, chunk.runId, verdict, error, now);
  });
}

async function follow(
  tx: Tx,
  sync: SyncRow,
  runId: string,
  verdict: Verdict,
  error: AppError,
  now: Date,
): Promise<void> {
  const { accountId, destinationId, id: syncId } = sync;
  const entry = { accountId, destinationId, syncId, runId, at: now, actor: 'system' };
  const details = { code: error.code, summary: error.summary };
  if (verdict.kind === 'give-up') {
    await tx.query(`update run set status = 'failed' where account_id = $1 and id = $2 and status = 'running'`, [
      accountId,
      runId,
    ]);
    const status = await moveSync(tx, sync, 'give-up');
    if (status !== sync.status) await addEntry(tx, { ...entry, kind: 'run-failed', details });
    return;
  }
  const retryAt = new Date(now.getTime() + verdict.afterMs);
  await moveSync(tx, sync, 'fail', retryAt);
  // one entry when the trouble begins; the error itself counts the repeats
  if (sync.status === 'in_progress' && !(await alreadyTold(tx, sync, runId, error))) {
    await addEntry(tx, { ...entry, kind: 'run-error', details: { ...details, retryAt } });
  }
}

async function alreadyTold(tx: Tx, sync: SyncRow, runId: string, error: AppError): Promise<boolean> {
  const { rows } = await tx.query<{ occurrences: number }>(
    `select occurrences from sync_error
     where account_id = $1 and sync_id = $2 and run_id = $3 and code = $4 and resolved_at is null`,
    [sync.accountId, sync.id, runId, error.code],
  );
  return (rows[0]?.occurrences ?? 1) > 1;
}

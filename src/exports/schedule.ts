/** When syncs run, and the making of runs: a window is fixed here, under the lock of its sync's row. */
import { createHash } from 'node:crypto';
import type { Database, Tx } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';
import { currentNumber } from '../store/change-numbers.ts';
import type { EventFilter } from './filter.ts';
import { moveSync, syncColumns, type SyncRow } from './sync-row.ts';
import type { Selection } from './types.ts';

const hourMs = 3_600_000;
const spreadMs = 300_000;

/**
 * The next hourly start after `now`, in UTC. Each sync has its own fixed place in the hour's first five minutes, so that
 * accounts do not all start at once. Hours that were missed are not made up one by one: the next run's window covers them.
 */
export function nextHourlyStart(syncId: string, now: Date): Date {
  const offset = createHash('sha256').update(syncId).digest().readUInt32BE(0) % spreadMs;
  const hour = Math.floor((now.getTime() - offset) / hourMs) + 1;
  return new Date(hour * hourMs + offset);
}

/** Starts every sync that is due; returns how many. Any process may do this at any time. */
export async function startDueSyncs(db: Database, now: Date): Promise<number> {
  const { rows: due } = await db.query<{ accountId: number; id: string }>(
    `select s.account_id as "accountId", s.id from sync s
     where s.status in ('scheduled', 'error') and s.next_run_at <= $1
     order by s.next_run_at limit 100`,
    [now],
  );
  let started = 0;
  for (const { accountId, id } of due) {
    if (await db.transaction((tx) => startSync(tx, accountId, id, now))) started++;
  }
  return started;
}

/** False when another process was faster. */
async function startSync(tx: Tx, accountId: number, syncId: string, now: Date): Promise<boolean> {
  const { rows } = await tx.query<SyncRow>(
    `select ${syncColumns} from sync s
     where s.account_id = $1 and s.id = $2 and s.status in ('scheduled', 'error') and s.next_run_at <= $3
     for no key update skip locked`,
    [accountId, syncId, now],
  );
  const sync = rows[0];
  if (!sync) return false;
  if (await openRun(tx, sync, now)) await moveSync(tx, sync, 'start');
  else await moveSync(tx, sync, 'complete');
  return true;
}

/** Goes on with the open run, or opens the next one. False: a historical sync has nothing left. */
async function openRun(tx: Tx, sync: SyncRow, now: Date): Promise<boolean> {
  const { count: reopened } = await tx.query(
    `update run set status = 'running' where account_id = $1 and sync_id = $2 and status in ('running', 'failed')`,
    [sync.accountId, sync.id],
  );
  if (reopened > 0) return true;
  if (sync.kind === 'historical') return openQueuedRun(tx, sync, now);
  await openPeriodicRun(tx, sync, now);
  return true;
}

async function openQueuedRun(tx: Tx, sync: SyncRow, now: Date): Promise<boolean> {
  const { count } = await tx.query(
    `update run set status = 'running', started_at = coalesce(started_at, $3)
     where account_id = $1 and id = (
       select r.id from run r where r.account_id = $1 and r.sync_id = $2 and r.status = 'queued' order by r.id limit 1)`,
    [sync.accountId, sync.id, now],
  );
  return count > 0;
}

async function openPeriodicRun(tx: Tx, sync: SyncRow, now: Date): Promise<void> {
  const { rows } = await tx.query<{ selection: Selection }>(
    'select selection from destination where account_id = $1 and id = $2',
    [sync.accountId, sync.destinationId],
  );
  const { excludedIntegrations, metrics } = rows[0]?.selection ?? { excludedIntegrations: [], metrics: null };
  await insertRun(tx, sync, {
    status: 'running',
    from: sync.cursor,
    to: await currentNumber(tx, sync.accountId),
    filter: { include: { excludedIntegrations, metrics }, except: null },
    since: null,
    until: null,
    withTombstones: true,
    now,
  });
}

export interface NewRun {
  readonly status: 'queued' | 'running';
  readonly from: number;
  readonly to: number;
  readonly filter: EventFilter;
  /** Events of `[since, until)` only; null = no limit. */
  readonly since: Date | null;
  readonly until: Date | null;
  readonly withTombstones: boolean;
  readonly now: Date;
}

/** The caller holds the sync's lock. Returns the run's id. */
export async function insertRun(
  tx: Tx,
  sync: Pick<SyncRow, 'accountId' | 'id' | 'destinationId'>,
  run: NewRun,
): Promise<string> {
  const id = ulid(run.now.getTime());
  await tx.query(
    `insert into run (account_id, id, sync_id, destination_id, status, number_from, number_to, filter, since, until,
                      with_tombstones, created_at, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      sync.accountId,
      id,
      sync.id,
      sync.destinationId,
      run.status,
      run.from,
      run.to,
      JSON.stringify(run.filter),
      run.since,
      run.until,
      run.withTombstones,
      run.now,
      run.status === 'running' ? run.now : null,
    ],
  );
  return id;
}

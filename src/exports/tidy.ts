/** What is forgotten, and when, so that no table of ours grows for ever. The ages are promised in docs/operating.md. */
import type { Database } from '../db/database.ts';
import { forgetImportJobs } from '../store/profile-import-jobs.ts';

const daysKept = 400;
/** Of each sync, whatever their age: a sync that was paused for years still has its past. */
const newestKept = 100;

/** Any constant that no other use of advisory locks has: one process tidies at a time. */
const tidyLock = 7_201_955;

/** Only what has ended is ever old. A run takes its chunks along. Entries about the whole connection are few, and stay. */
const rules = [
  { table: 'run', ended: `old.status in ('succeeded', 'cancelled') and old.ended_at < $1` },
  { table: 'timeline_entry', ended: 'old.at < $1' },
  { table: 'sync_error', ended: 'old.resolved_at < $1' },
] as const;

/** Deletes what is old and makes the coming years' partitions; returns how many rows went. Safe at any time, in any process. */
export async function tidy(db: Database, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [tidyLock]);
    if (!rows[0]?.mine) return 0;
    const limit = new Date(now.getTime() - daysKept * 86_400_000);
    let gone = await forgetImportJobs(tx, now);
    for (const { table, ended } of rules) {
      const { count } = await tx.query(
        `delete from ${table} old
         using sync s cross join lateral (
           select newer.id from ${table} newer where newer.account_id = s.account_id and newer.sync_id = s.id
           order by newer.id desc offset ${newestKept - 1} limit 1) as kept
         where old.account_id = s.account_id and old.sync_id = s.id and old.id < kept.id and ${ended}`,
        [limit],
      );
      gone += count;
    }
    await tx.query('select ensure_event_partitions(extract(year from $1::timestamptz)::integer + 2)', [now]);
    return gone;
  });
}

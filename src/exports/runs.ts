import type { Database } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { pageOf, pageSize } from './page.ts';
import { openProgress } from './sync-read.ts';
import type { Reconciliation, Run, Runs, RunStatus } from './types.ts';

type Stored = Omit<Run, 'window' | 'progress' | 'freshnessSeconds'>;

type RunRow = Stored & {
  readonly from: number;
  readonly to: number;
  readonly expected: number;
  /** When the run before it took its changes. */
  readonly previousAt: Date | null;
};

const select = `
  select r.id, r.sync_id as "syncId", s.object, s.kind, r.status, r.number_from as "from", r.number_to as "to",
         r.created_at as "createdAt", r.started_at as "startedAt", r.ended_at as "endedAt",
         c.rows, c.bytes, c.expected, previous.at as "previousAt"
  from run r
  join sync s on s.account_id = r.account_id and s.id = r.sync_id
  cross join lateral (
    select coalesce(sum(chunk.loaded_rows), 0)::bigint as rows,
           coalesce(sum(chunk.staged_bytes) filter (where chunk.state = 'loaded'), 0)::bigint as bytes,
           coalesce(sum(coalesce(chunk.staged_rows, chunk.estimated_rows)), 0)::bigint as expected
    from chunk where chunk.account_id = r.account_id and chunk.run_id = r.id) c
  left join lateral (
    select p.created_at as at from run p
    where p.account_id = r.account_id and p.sync_id = r.sync_id and p.status = 'succeeded' and p.id < r.id
    order by p.id desc limit 1) previous on true`;

export function createRuns(db: Database): Runs {
  return {
    async list(accountId, { syncId, cursor, size }) {
      const { rows } = await db.query<RunRow>(
        `${select}
         where r.account_id = $1 and ($2::text is null or r.id < $2) and ($3::text is null or r.sync_id = $3)
         order by r.id desc limit $4`,
        [accountId, cursor ?? null, syncId ?? null, pageSize(size) + 1],
      );
      return pageOf(rows.map(describe), size);
    },
    async get(accountId, runId) {
      const { rows } = await db.query<RunRow>(`${select} where r.account_id = $1 and r.id = $2`, [accountId, runId]);
      if (!rows[0]) throw new AppError('NOT_FOUND', { summary: 'There is no such run.', details: { runId } });
      return { ...describe(rows[0]), tables: await reconcile(db, accountId, runId) };
    },
    async rowsPerSecond(accountId) {
      const { rows } = await db.query<{ pace: number | null }>(
        `select sum(newest.rows)::float8 / nullif(sum(newest.seconds), 0) as pace
         from (select c.rows, extract(epoch from r.ended_at - r.started_at)::float8 as seconds
               from run r
               cross join lateral (select sum(chunk.loaded_rows) as rows from chunk
                                   where chunk.account_id = r.account_id and chunk.run_id = r.id) c
               where r.account_id = $1 and r.status = 'succeeded' and c.rows >= 1000
               order by r.id desc limit 10) newest`,
        [accountId],
      );
      return rows[0]?.pace ?? null;
    },
  };
}

function describe({ from, to, expected, previousAt, ...run }: RunRow): Run {
  return {
    ...run,
    window: { from, to },
    progress: percent(run.status, run.rows, expected),
    freshnessSeconds: freshness(run, previousAt),
  };
}

function freshness({ kind, status, rows, endedAt }: Stored, previousAt: Date | null): number | null {
  if (kind === 'historical' || status !== 'succeeded' || !endedAt || !previousAt) return null;
  return rows === 0 ? 0 : Math.max(0, Math.round((endedAt.getTime() - previousAt.getTime()) / 1000));
}

function percent(status: RunStatus, loaded: number, expected: number): number {
  return status === 'succeeded' ? 100 : openProgress(loaded, expected);
}

async function reconcile(db: Database, accountId: number, runId: string): Promise<Reconciliation[]> {
  const { rows } = await db.query<Reconciliation>(
    `select c.table_name as "table", coalesce(sum(c.source_rows), 0)::bigint as source,
            coalesce(sum(c.staged_rows), 0)::bigint as staged, coalesce(sum(c.loaded_rows), 0)::bigint as loaded,
            count(*) as chunks, count(*) filter (where c.state = 'loaded') as "chunksLoaded",
            coalesce(sum(c.staged_bytes), 0)::bigint as bytes
     from chunk c where c.account_id = $1 and c.run_id = $2
     group by c.table_name order by c.table_name`,
    [accountId, runId],
  );
  return rows;
}

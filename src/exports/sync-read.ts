import type { Sql } from '../db/database.ts';
import { eventSource, type EventFilter } from './filter.ts';
import type { SyncStatus } from './state.ts';
import type { DataObject, Selection, Sync, SyncKind } from './types.ts';

interface ReadRow {
  readonly accountId: number;
  readonly id: string;
  readonly object: DataObject;
  readonly kind: SyncKind;
  readonly status: SyncStatus;
  readonly cursor: number;
  readonly cursorAt: Date;
  readonly nextRunAt: Date | null;
  readonly activeErrors: number;
  readonly runOpen: boolean;
  readonly expectedRows: number | null;
  readonly loadedRows: number | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly selection: Selection;
}

/** The syncs of the present connection, or the one that is asked for. */
export async function readSyncs(sql: Sql, accountId: number, syncId: string | null, now: Date): Promise<Sync[]> {
  const { rows } = await sql.query<ReadRow>(
    `select s.account_id as "accountId", s.id, s.object, s.kind, s.status, s.cursor, s.cursor_at as "cursorAt",
            s.next_run_at as "nextRunAt", d.selection, r.started_at as "startedAt", r.ended_at as "endedAt",
            coalesce(r.status in ('running', 'failed', 'queued'), false) as "runOpen",
            (select count(*) from sync_error e
             where e.account_id = s.account_id and e.sync_id = s.id and e.resolved_at is null) as "activeErrors",
            c.expected as "expectedRows", c.loaded as "loadedRows"
     from sync s
     join destination d on d.account_id = s.account_id and d.id = s.destination_id and d.removed_at is null
     left join lateral (
       select newest.id, newest.status, newest.started_at, newest.ended_at from run newest
       where newest.account_id = s.account_id and newest.sync_id = s.id
       order by newest.status in ('running', 'failed') desc, newest.id desc limit 1) r on true
     left join lateral (
       select sum(coalesce(chunk.staged_rows, chunk.estimated_rows))::bigint as expected,
              sum(chunk.loaded_rows)::bigint as loaded
       from chunk where chunk.account_id = s.account_id and chunk.run_id = r.id) c on true
     where s.account_id = $1 and ($2::text is null or s.id = $2)
     order by s.kind, s.object desc`,
    [accountId, syncId],
  );
  return Promise.all(rows.map((row) => describe(sql, row, now)));
}

async function describe(sql: Sql, row: ReadRow, now: Date): Promise<Sync> {
  const periodic = row.kind === 'periodic';
  return {
    id: row.id,
    object: row.object,
    kind: row.kind,
    status: row.status,
    nextRunAt: row.nextRunAt,
    progress: row.runOpen ? openProgress(row.loadedRows ?? 0, row.expectedRows ?? 0) : null,
    freshnessSeconds: periodic ? await freshnessSeconds(sql, row, now) : null,
    activeErrors: row.activeErrors,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    cursor: periodic ? row.cursor : null,
  };
}

/** Whole percent; an open run is never shown as complete. */
export function openProgress(loaded: number, expected: number): number {
  return expected === 0 ? 0 : Math.min(99, Math.floor((100 * loaded) / expected));
}

/**
 * The oldest change after the cursor came after the cursor was read, so its age is at most the cursor's: a merge gives old events
 * new change numbers, and their own time of arrival would say too much.
 */
async function freshnessSeconds(sql: Sql, row: ReadRow, now: Date): Promise<number> {
  const { rows } = await sql.query<{ at: Date }>(
    row.object === 'profiles' ? oldestProfile : oldestEvent(row.selection),
    [row.accountId, row.cursor],
  );
  const oldest = rows[0];
  if (!oldest) return 0;
  const since = Math.max(oldest.at.getTime(), row.cursorAt.getTime());
  return Math.max(0, Math.round((now.getTime() - since) / 1000));
}

const oldestProfile = `
  select at from (
    (select c.change_number, c.updated as at from profile_change c
     where c.account_id = $1 and c.change_number > $2 order by c.change_number limit 1)
    union all
    (select t.change_number, t.created_at from tombstone t
     where t.account_id = $1 and t.table_name = 'profile' and t.change_number > $2 order by t.change_number limit 1)
  ) as change order by change_number limit 1`;

function oldestEvent(selection: Selection): string {
  const { excludedIntegrations, metrics } = selection;
  const filter: EventFilter = { include: { excludedIntegrations, metrics }, except: null };
  const { join, condition } = eventSource(filter);
  return `
  select at from (
    (select e.change_number, e.received_at as at from event e${join}
     where e.account_id = $1 and e.change_number > $2${condition} order by e.change_number limit 1)
    union all
    (select t.change_number, t.created_at from tombstone t
     where t.account_id = $1 and t.table_name = 'event' and t.change_number > $2 order by t.change_number limit 1)
  ) as change order by change_number limit 1`;
}

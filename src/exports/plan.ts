/** Cuts a run's window into chunks of about equal size: the units of staging, loading and retrying. */
import type { Database, Sql, Tx } from '../db/database.ts';
import type { TableName } from '../destinations/destination.ts';
import type { EventFilter } from './filter.ts';
import { historySource, numbersStatement, type RowRange } from './rows.ts';
import type { DataObject, SyncKind } from './types.ts';

/** A run whose chunks are not made yet. */
export interface UnplannedRun {
  readonly accountId: number;
  readonly id: string;
  readonly syncId: string;
  readonly destinationId: string;
  readonly destinationKind: string;
  readonly object: DataObject;
  readonly kind: SyncKind;
  readonly from: number;
  readonly to: number;
  readonly filter: EventFilter;
  readonly since: Date | null;
  readonly until: Date | null;
  readonly withTombstones: boolean;
}

export interface PlannedChunk {
  readonly table: TableName;
  readonly content: RowRange['content'];
  readonly numberFrom: number;
  readonly numberTo: number;
  readonly timeFrom: string | null;
  readonly timeTo: string | null;
  readonly estimatedRows: number;
}

export async function unplannedRuns(sql: Sql): Promise<UnplannedRun[]> {
  const { rows } = await sql.query<UnplannedRun>(
    `select r.account_id as "accountId", r.id, r.sync_id as "syncId", r.destination_id as "destinationId",
            d.kind as "destinationKind", s.object, s.kind, r.number_from as "from", r.number_to as "to", r.filter,
            r.since, r.until, r.with_tombstones as "withTombstones"
     from run r
     join sync s on s.account_id = r.account_id and s.id = r.sync_id
     join destination d on d.account_id = r.account_id and d.id = r.destination_id
     where r.status = 'running' and r.planned_at is null and s.status = 'in_progress'
     order by r.created_at limit 20`,
  );
  return rows;
}

/**
 * Makes the chunks of a run. The boundaries are looked for without any lock; when two processes plan the same run, the
 * first to write wins and the other's work is dropped.
 */
export async function planRun(db: Database, run: UnplannedRun, rowsPerChunk: number, now: Date): Promise<void> {
  const chunks = await db.transaction((tx) => planChunks(tx, run, rowsPerChunk), { mode: 'snapshot' });
  await db.transaction(async (tx) => {
    const { count } = await tx.query(
      `update run set planned_at = $3 where account_id = $1 and id = $2 and planned_at is null and status = 'running'`,
      [run.accountId, run.id, now],
    );
    if (count > 0) await insertChunks(tx, run, chunks);
  });
}

async function planChunks(sql: Sql, run: UnplannedRun, size: number): Promise<PlannedChunk[]> {
  await sql.query(`set local timezone = 'UTC'`);
  const window = { numberFrom: run.from, numberTo: run.to };
  if (run.object === 'profiles') {
    const content = run.kind === 'periodic' ? 'changes' : 'rows';
    const profiles = await numberChunks(sql, run, 'klaviyo_profile', content, size);
    return [
      ...(await tombstoneChunk(sql, run, 'klaviyo_profile')),
      ...orGreeting(profiles, 'klaviyo_profile', content, window),
    ];
  }
  const metrics = await numberChunks(sql, run, 'klaviyo_metric', 'rows', size);
  if (run.kind === 'periodic') {
    const events = await numberChunks(sql, run, 'klaviyo_event', 'changes', size);
    return [...metrics, ...orGreeting(events, 'klaviyo_event', 'changes', window)];
  }
  const events = await timeChunks(sql, run, size);
  return [
    ...metrics,
    ...(await tombstoneChunk(sql, run, 'klaviyo_event')),
    ...orGreeting(events, 'klaviyo_event', 'rows', window),
  ];
}

/** A run over an empty window still greets the warehouse, so that a broken connection shows at once. */
function orGreeting(
  chunks: PlannedChunk[],
  table: TableName,
  content: RowRange['content'],
  window: { numberFrom: number; numberTo: number },
): PlannedChunk[] {
  if (chunks.length > 0) return chunks;
  return [{ table, content, ...window, timeFrom: null, timeTo: null, estimatedRows: 0 }];
}

function wholeRange(run: UnplannedRun, table: TableName, content: RowRange['content']): RowRange {
  return {
    accountId: run.accountId,
    table,
    content,
    numberFrom: run.from,
    numberTo: run.to,
    timeFrom: run.since?.toISOString() ?? null,
    timeTo: run.until?.toISOString() ?? null,
    filter: run.filter,
  };
}

/** Ranges of change numbers, in order, that together are exactly the run's window; none when it is empty. */
async function numberChunks(
  sql: Sql,
  run: UnplannedRun,
  table: TableName,
  content: RowRange['content'],
  size: number,
): Promise<PlannedChunk[]> {
  if (run.from === run.to) return [];
  const range = { ...wholeRange(run, table, content), timeFrom: null, timeTo: null };
  const { rows } = await sql.query<{ upper: number; rows: number }>(
    `select max(change_number) as upper, count(*) as rows
     from (select change_number, (row_number() over (order by change_number) - 1) / $1::bigint as part
           from (${numbersStatement(range)}) as change) as numbered
     group by part order by part`,
    [size],
  );
  return tileNumbers(run.from, run.to, rows).map((tile) => ({ table, content, timeFrom: null, timeTo: null, ...tile }));
}

/** Half-open ranges `(from, to]`: each ends at its part's highest number, the last one at the window's end. */
export function tileNumbers(
  from: number,
  to: number,
  parts: readonly { readonly upper: number; readonly rows: number }[],
): Pick<PlannedChunk, 'numberFrom' | 'numberTo' | 'estimatedRows'>[] {
  return parts.map((part, index) => ({
    numberFrom: parts[index - 1]?.upper ?? from,
    numberTo: index === parts.length - 1 ? to : part.upper,
    estimatedRows: part.rows,
  }));
}

/** Spans of event time, newest first, that together are exactly the run's history. */
async function timeChunks(sql: Sql, run: UnplannedRun, size: number): Promise<PlannedChunk[]> {
  const { rows } = await sql.query<{ lower: string; rows: number }>(
    `select to_char(min(datetime), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as lower, count(*) as rows
     from (select datetime, (row_number() over (order by datetime desc) - 1) / $1::bigint as part
           from (select e.datetime ${historySource(wholeRange(run, 'klaviyo_event', 'rows'))}) as event) as numbered
     group by part order by part`,
    [size],
  );
  const since = run.since?.toISOString() ?? null;
  const until = run.until?.toISOString() ?? null;
  const base = { table: 'klaviyo_event', content: 'rows', numberFrom: run.from, numberTo: run.to } as const;
  return tileTimes(since, until, rows).map((tile) => ({ ...base, ...tile }));
}

/**
 * Half-open spans `[from, to)`: each begins at its part's lowest time, the last one at the history's begin. Events of one
 * instant stay together, so a part that only repeats the instant of the one before it vanishes into that one.
 */
export function tileTimes(
  since: string | null,
  until: string | null,
  parts: readonly { readonly lower: string; readonly rows: number }[],
): Pick<PlannedChunk, 'timeFrom' | 'timeTo' | 'estimatedRows'>[] {
  const tiles: { timeFrom: string | null; timeTo: string | null; estimatedRows: number }[] = [];
  for (const part of parts) {
    const last = tiles.at(-1);
    if (last && last.timeFrom === part.lower) last.estimatedRows += part.rows;
    else tiles.push({ timeFrom: part.lower, timeTo: last ? last.timeFrom : until, estimatedRows: part.rows });
  }
  const oldest = tiles.at(-1);
  if (oldest) oldest.timeFrom = since;
  return tiles;
}

/** Deletions before a historical window matter only where the warehouse may hold rows of an earlier connection. */
async function tombstoneChunk(sql: Sql, run: UnplannedRun, table: TableName): Promise<PlannedChunk[]> {
  if (run.kind === 'periodic' || !run.withTombstones) return [];
  const { rows } = await sql.query<{ rows: number }>(
    `select count(*) as rows from tombstone where account_id = $1 and table_name = $2 and change_number <= $3`,
    [run.accountId, table === 'klaviyo_profile' ? 'profile' : 'event', run.to],
  );
  const found = rows[0]?.rows ?? 0;
  const window = { numberFrom: 0, numberTo: run.to, timeFrom: null, timeTo: null };
  return found > 0 ? [{ table, content: 'tombstones', ...window, estimatedRows: found }] : [];
}

async function insertChunks(tx: Tx, run: UnplannedRun, chunks: readonly PlannedChunk[]): Promise<void> {
  const rows = chunks.map((chunk, position) => ({
    id: `${run.id}-${String(position).padStart(5, '0')}`,
    position,
    table_name: chunk.table,
    content: chunk.content,
    number_from: chunk.numberFrom,
    number_to: chunk.numberTo,
    time_from: chunk.timeFrom,
    time_to: chunk.timeTo,
    estimated_rows: chunk.estimatedRows,
  }));
  await tx.query(
    `insert into chunk (account_id, run_id, sync_id, destination_id, id, position, table_name, content, number_from, number_to,
                        time_from, time_to, estimated_rows)
     select $1, $2, $3, $4, c.id, c.position, c.table_name, c.content, c.number_from, c.number_to, c.time_from, c.time_to,
            c.estimated_rows
     from json_to_recordset($5) as c(id text, position integer, table_name text, content text, number_from bigint,
       number_to bigint, time_from timestamptz, time_to timestamptz, estimated_rows bigint)`,
    [run.accountId, run.id, run.syncId, run.destinationId, JSON.stringify(rows)],
  );
}

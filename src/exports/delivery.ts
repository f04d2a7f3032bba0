/** Whether a row, as it is now, has reached the warehouse: told from the chunks that were loaded, never guessed from time. */
import type { Sql } from '../db/database.ts';
import { liveDestination } from './connection-row.ts';
import type { EventChoice, EventFilter } from './filter.ts';
import type { SyncStatus } from './state.ts';
import type { DataObject, RunStatus, Selection, SyncKind } from './types.ts';

export interface DeliveryRow {
  readonly id: string;
  /** Of its newest change. */
  readonly number: number;
  /** Of events. */
  readonly event: { readonly datetime: Date; readonly metricId: string; readonly integrationId: string } | null;
}

export type Delivery =
  /** Run and time are null when the run is so old that it was forgotten. */
  | { readonly state: 'in_warehouse'; readonly runId: string | null; readonly at: Date | null }
  | {
      readonly state: 'waiting';
      readonly syncId: string;
      readonly syncStatus: SyncStatus;
      /** The open run that carries it; null: the next periodic run will. */
      readonly runId: string | null;
      readonly nextRunAt: Date | null;
    }
  | { readonly state: 'not_shared'; readonly reason: 'object' | 'integration' | 'metric' | 'history' }
  | { readonly state: 'no_warehouse' };

/** What became of each row, by its id. `sql` should be a snapshot in which the rows were read, too. */
export async function deliveries(
  sql: Sql,
  accountId: number,
  object: DataObject,
  rows: readonly DeliveryRow[],
): Promise<Map<string, Delivery>> {
  const destination = await liveDestination(sql, accountId);
  if (!destination || rows.length === 0) return new Map(rows.map(({ id }) => [id, { state: 'no_warehouse' }]));
  const scope = { accountId, destinationId: destination.id, object };
  const syncs = await readSyncs(sql, scope);
  const passages = Map.groupBy(await readPassages(sql, scope, rows), ({ rowId }) => rowId);
  return new Map(
    rows.map((row) => [row.id, judge(row, passages.get(row.id) ?? [], { ...destination, object, syncs })]),
  );
}

interface Scope {
  readonly accountId: number;
  readonly destinationId: string;
  readonly object: DataObject;
}

interface SyncState {
  readonly id: string;
  readonly kind: SyncKind;
  readonly status: SyncStatus;
  readonly cursor: number;
  readonly nextRunAt: Date | null;
}

/** A run whose window holds the row. */
export interface Passage {
  readonly rowId: string;
  readonly runId: string;
  readonly syncId: string;
  readonly status: RunStatus;
  readonly filter: EventFilter;
  /** When the chunk that holds the row was loaded. */
  readonly loadedAt: Date | null;
}

export interface Present {
  readonly object: DataObject;
  readonly selection: Selection;
  readonly historySince: Date | null;
  readonly syncs: readonly SyncState[];
}

/** A loaded chunk tells of what the warehouse has, whatever was edited since; an open run goes by its own filter. */
export function judge(row: DeliveryRow, passages: readonly Passage[], present: Present): Delivery {
  const own = passages.filter(({ filter }) => takes(filter, row));
  const loaded = own.find(({ loadedAt }) => loadedAt !== null);
  if (loaded) return { state: 'in_warehouse', runId: loaded.runId, at: loaded.loadedAt };
  const open = own.find(({ status }) => status === 'queued' || status === 'running' || status === 'failed');
  if (open)
    return waiting(
      present.syncs.find(({ id }) => id === open.syncId),
      open.runId,
    );
  const reason = leftOut(row, present);
  if (reason) return { state: 'not_shared', reason };
  const periodic = present.syncs.find(({ kind }) => kind === 'periodic');
  if (!periodic || row.number > periodic.cursor) return waiting(periodic, null);
  const { historySince } = present;
  if (row.event && historySince && row.event.datetime < historySince) return { state: 'not_shared', reason: 'history' };
  // only runs that are over may have been forgotten
  return passages.length === 0
    ? { state: 'in_warehouse', runId: null, at: null }
    : { state: 'not_shared', reason: 'metric' };
}

function waiting(sync: SyncState | undefined, runId: string | null): Delivery {
  if (!sync) return { state: 'not_shared', reason: 'object' };
  return { state: 'waiting', syncId: sync.id, syncStatus: sync.status, runId, nextRunAt: sync.nextRunAt };
}

/** As `eventSource` says it in SQL. */
function takes({ include, except }: EventFilter, { event }: DeliveryRow): boolean {
  return event === null || (chosen(include, event) && !(except && chosen(except, event)));
}

function chosen(choice: EventChoice, event: NonNullable<DeliveryRow['event']>): boolean {
  return (
    !choice.excludedIntegrations.includes(event.integrationId) && (choice.metrics?.includes(event.metricId) ?? true)
  );
}

function leftOut({ event }: DeliveryRow, { object, selection }: Present): 'object' | 'integration' | 'metric' | null {
  if (!selection.objects.includes(object)) return 'object';
  if (!event || chosen(selection, event)) return null;
  return selection.excludedIntegrations.includes(event.integrationId) ? 'integration' : 'metric';
}

async function readSyncs(sql: Sql, { accountId, destinationId, object }: Scope): Promise<SyncState[]> {
  const { rows } = await sql.query<SyncState>(
    `select id, kind, status, cursor, next_run_at as "nextRunAt" from sync
     where account_id = $1 and destination_id = $2 and object = $3`,
    [accountId, destinationId, object],
  );
  return rows;
}

/**
 * Runs from before the newest whole history are not looked at: that history was sent because the warehouse may be another one.
 * A chunk holds the row as it is now: up to the window's end every change was there when the chunk was staged.
 */
async function readPassages(
  sql: Sql,
  { accountId, destinationId, object }: Scope,
  rows: readonly DeliveryRow[],
): Promise<Passage[]> {
  const numbers = rows.map(({ number }) => number);
  const result = await sql.query<Passage>(
    `with own as materialized (
       select r.*, s.kind from run r join sync s on s.account_id = r.account_id and s.id = r.sync_id
       where r.account_id = $1 and r.destination_id = $2 and s.object = $3
     ), known as materialized (
       select * from own
       where number_to >= $4 and number_from < $5 and created_at >= coalesce(
         (select max(created_at) from own where kind = 'historical' and until is null and filter ->> 'except' is null),
         '-infinity')
     )
     select wanted.id as "rowId", r.id as "runId", r.sync_id as "syncId", r.status, r.filter, c.loaded_at as "loadedAt"
     from unnest($6::text[], $7::int8[], $8::timestamptz[]) as wanted(id, number, datetime)
     join known r on wanted.number > r.number_from and wanted.number <= r.number_to
       and (r.since is null or wanted.datetime >= r.since) and (r.until is null or wanted.datetime < r.until)
     left join lateral (
       select min(loaded_at) as loaded_at from chunk
       where account_id = $1 and run_id = r.id and table_name = $9 and content <> 'tombstones' and state = 'loaded'
         and wanted.number > number_from and wanted.number <= number_to
         and (time_from is null or wanted.datetime >= time_from) and (time_to is null or wanted.datetime < time_to)
     ) as c on true
     order by c.loaded_at, r.id`,
    [
      accountId,
      destinationId,
      object,
      Math.min(...numbers),
      Math.max(...numbers),
      rows.map(({ id }) => id),
      numbers,
      rows.map(({ event }) => event?.datetime ?? null),
      object === 'profiles' ? 'klaviyo_profile' : 'klaviyo_event',
    ],
  );
  return result.rows;
}

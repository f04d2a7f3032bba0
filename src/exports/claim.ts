/**
 * Who works on which chunk. A claim is a lease with a fence: the fence grows with each claim, and whoever writes a result
 * names the fence it worked under, so a worker that was replaced changes nothing. A chunk is free when nobody owns it, when its
 * lease ran out (a frozen worker), or when its owner's advisory lock is gone (a dead one).
 */
import type { Database, Sql, Tx } from '../db/database.ts';
import type { TableName } from '../destinations/destination.ts';
import type { EventFilter } from './filter.ts';
import type { RowRange } from './rows.ts';
import type { StagedObject } from './stage-store.ts';
import type { DataObject, SyncKind } from './types.ts';
import { workerLockClass } from './worker-identity.ts';

/** A chunk in the hands of this worker. */
export interface ClaimedChunk {
  readonly accountId: number;
  readonly id: string;
  readonly runId: string;
  readonly syncId: string;
  readonly object: DataObject;
  readonly syncKind: SyncKind;
  readonly destinationId: string;
  readonly destinationKind: string;
  readonly table: TableName;
  readonly content: RowRange['content'];
  readonly numberFrom: number;
  readonly numberTo: number;
  /** ISO 8601 with microseconds: a Date would round. */
  readonly timeFrom: string | null;
  readonly timeTo: string | null;
  readonly filter: EventFilter;
  readonly runCreatedAt: Date;
  readonly state: 'pending' | 'staged';
  readonly files: readonly StagedObject[] | null;
  readonly stagedRows: number | null;
  readonly replacedCounts: readonly number[];
  readonly fence: number;
}

const live = `live as materialized (
  select l.objid::bigint as owner from pg_locks l
  where l.locktype = 'advisory' and l.classid = ${workerLockClass} and l.objsubid = 2 and l.granted
    and l.database = (select d.oid from pg_database d where d.datname = current_database()))`;

/** True for a chunk `c` that some living worker holds. */
const held = `(c.owner is not null and c.lease_until > now() and c.owner in (select live.owner from live))`;

/**
 * Takes the next chunk that is due: the destination that was served longest ago comes first, so no account's backfill
 * starves another's; within it periodic before historical, then the run's own order. `limits` is the number of chunks that may be
 * in hand per destination, by kind.
 */
export async function claimChunk(
  db: Database,
  owner: number,
  leaseMs: number,
  limits: ReadonlyMap<string, number>,
): Promise<ClaimedChunk | null> {
  return db.transaction(async (tx) => {
    const destination = await nextDestination(tx, limits);
    if (!destination) return null;
    const chunk = await takeChunk(tx, destination, owner, leaseMs);
    if (!chunk) return null;
    await tx.query('update destination set last_claimed_at = clock_timestamp() where account_id = $1 and id = $2', [
      destination.accountId,
      destination.id,
    ]);
    return chunk;
  });
}

interface NextDestination {
  readonly accountId: number;
  readonly id: string;
  readonly limit: number;
}

/** Locked, so that two workers do not both count one free place. */
async function nextDestination(tx: Tx, limits: ReadonlyMap<string, number>): Promise<NextDestination | null> {
  const { rows } = await tx.query<NextDestination>(
    `with ${live},
     ready as (
       select c.account_id, c.destination_id, count(*) filter (where ${held}) as in_hand,
              count(*) filter (where not ${held} and s.status = 'in_progress' and r.status = 'running') as waiting
       from chunk c
       join sync s on s.account_id = c.account_id and s.id = c.sync_id
       join run r on r.account_id = c.account_id and r.id = c.run_id
       where c.state in ('pending', 'staged')
       group by c.account_id, c.destination_id)
     select d.account_id as "accountId", d.id, l.places as "limit"
     from destination d
     join ready on ready.account_id = d.account_id and ready.destination_id = d.id
     join unnest($1::text[], $2::integer[]) as l(kind, places) on l.kind = d.kind
     where d.removed_at is null and d.enabled and ready.waiting > 0 and ready.in_hand < l.places
     order by d.last_claimed_at nulls first
     limit 1
     for no key update of d skip locked`,
    [[...limits.keys()], [...limits.values()]],
  );
  return rows[0] ?? null;
}

async function takeChunk(
  tx: Tx,
  destination: NextDestination,
  owner: number,
  leaseMs: number,
): Promise<ClaimedChunk | null> {
  const { rows } = await tx.query<ClaimedChunk>(
    `with ${live},
     next as (
       select c.account_id, c.id
       from chunk c
       join sync s on s.account_id = c.account_id and s.id = c.sync_id
       join run r on r.account_id = c.account_id and r.id = c.run_id
       where c.account_id = $1 and c.destination_id = $2 and c.state in ('pending', 'staged')
         and s.status = 'in_progress' and r.status = 'running' and not ${held}
         and (select count(*) from chunk c
              where c.account_id = $1 and c.destination_id = $2 and c.state in ('pending', 'staged') and ${held}) < $3
       order by s.kind desc, c.position, c.run_id
       limit 1
       for update of c skip locked)
     update chunk c set fence = c.fence + 1, owner = $4, lease_until = now() + $5 * interval '1 ms', loading = false
     from next, run r, sync s, destination d
     where c.account_id = next.account_id and c.id = next.id
       and r.account_id = c.account_id and r.id = c.run_id
       and s.account_id = c.account_id and s.id = c.sync_id
       and d.account_id = c.account_id and d.id = c.destination_id
     returning c.account_id as "accountId", c.id, c.run_id as "runId", c.sync_id as "syncId", s.object, s.kind as "syncKind",
       c.destination_id as "destinationId", d.kind as "destinationKind", c.table_name as "table", c.content,
       c.number_from as "numberFrom", c.number_to as "numberTo",
       ${iso('c.time_from')} as "timeFrom", ${iso('c.time_to')} as "timeTo", r.filter, r.created_at as "runCreatedAt",
       c.state, c.files, c.staged_rows as "stagedRows", to_json(c.replaced_counts) as "replacedCounts", c.fence`,
    [destination.accountId, destination.id, destination.limit, owner, leaseMs],
  );
  return rows[0] ?? null;
}

function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

export type Hold = Pick<ClaimedChunk, 'accountId' | 'id' | 'fence'>;

/** Prolongs the leases of what is in hand; returns the ids that are still held. */
export async function renewLeases(
  sql: Sql,
  owner: number,
  leaseMs: number,
  holds: readonly Hold[],
): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `update chunk c set lease_until = now() + $2 * interval '1 ms'
     from unnest($3::bigint[], $4::text[], $5::integer[]) as hold(account_id, id, fence)
     where c.account_id = hold.account_id and c.id = hold.id and c.fence = hold.fence and c.owner = $1
       and c.state in ('pending', 'staged')
     returning c.id`,
    [
      owner,
      leaseMs,
      holds.map((hold) => hold.accountId),
      holds.map((hold) => hold.id),
      holds.map((hold) => hold.fence),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Asks for one of the destination's places for loading; false when all are taken. More chunks are in hand than may load, so
 * that the next one is staged while this one loads.
 */
export async function takeLoadPlace(
  db: Database,
  chunk: Hold & Pick<ClaimedChunk, 'destinationId'>,
  places: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('select id from destination where account_id = $1 and id = $2 for no key update', [
      chunk.accountId,
      chunk.destinationId,
    ]);
    const { count } = await tx.query(
      `with ${live}
       update chunk set loading = true
       where account_id = $1 and id = $2 and fence = $3
         and (select count(*) from chunk c
              where c.account_id = $1 and c.destination_id = $4 and c.state = 'staged' and c.loading and ${held}) < $5`,
      [chunk.accountId, chunk.id, chunk.fence, chunk.destinationId, places],
    );
    return count > 0;
  });
}

/** Puts a chunk back that is not to be worked on now. */
export async function releaseChunk(sql: Sql, hold: Hold): Promise<void> {
  await sql.query(
    `update chunk set owner = null, lease_until = null, loading = false
     where account_id = $1 and id = $2 and fence = $3`,
    [hold.accountId, hold.id, hold.fence],
  );
}

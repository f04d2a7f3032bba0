import type { Database, Tx } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';
import { pageOf, pageSize } from './page.ts';
import type { Timeline, TimelineEntry, TimelineKind } from './types.ts';

export interface NewEntry {
  readonly accountId: number;
  readonly destinationId: string;
  readonly syncId?: string;
  readonly runId?: string;
  readonly kind: TimelineKind;
  readonly at: Date;
  readonly actor: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Written in the transaction that makes it true. */
export async function addEntry(tx: Tx, entry: NewEntry): Promise<void> {
  await tx.query(
    `insert into timeline_entry (account_id, id, destination_id, sync_id, run_id, kind, at, actor, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      entry.accountId,
      ulid(entry.at.getTime()),
      entry.destinationId,
      entry.syncId ?? null,
      entry.runId ?? null,
      entry.kind,
      entry.at,
      entry.actor,
      JSON.stringify(entry.details ?? {}),
    ],
  );
}

/** Of people who have left the account: as the audit log knew them. */
const formerName = `case when t.actor like 'person:%' then (
  select a.actor_name from audit_entry a
  where a.account_id = t.account_id and a.actor = t.actor order by a.id desc limit 1) end`;

export function createTimeline(db: Database): Timeline {
  return {
    async list(accountId, { syncId, cursor, size }) {
      const { rows } = await db.query<TimelineEntry>(
        `select t.id, t.kind, t.sync_id as "syncId", t.run_id as "runId", t.at, t.actor, t.details,
                coalesce(p.name, k.name, ${formerName}, t.actor) as "actorName"
         from timeline_entry t
         left join person p on t.actor = 'person:' || p.id
         left join api_key k on k.account_id = t.account_id and t.actor = 'key:' || k.id
         where t.account_id = $1 and ($2::text is null or t.id < $2)
           and t.destination_id = (
             select d.id from destination d where d.account_id = $1 order by d.removed_at nulls first limit 1)
           and ($3::text is null or t.sync_id = $3 or t.sync_id is null)
         order by t.id desc limit $4`,
        [accountId, cursor ?? null, syncId ?? null, pageSize(size) + 1],
      );
      return pageOf(rows, size);
    },
  };
}

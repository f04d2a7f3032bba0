/** Who did what in an account, for its people to read. */
import type { Sql } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** `person:<id>`, `key:<id>`, `operator`. */
  readonly actor: string;
  /** As it was called then: a name, or the last characters of a key. */
  readonly actorName: string;
  /** The operation's name in the API. */
  readonly action: string;
  /** What it was done to, where one thing can be named. */
  readonly subject: string | null;
  readonly address: string | null;
}

export async function addAuditEntry(sql: Sql, accountId: number, entry: Omit<AuditEntry, 'id'>): Promise<void> {
  await sql.query(
    `insert into audit_entry (account_id, id, at, actor, actor_name, action, subject, ip_address)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      accountId,
      ulid(entry.at.getTime()),
      entry.at,
      entry.actor,
      entry.actorName,
      entry.action,
      entry.subject,
      entry.address,
    ],
  );
}

/** Newest first; `before` is the id of the last entry of the page before. */
export async function listAuditEntries(
  sql: Sql,
  accountId: number,
  page: { readonly limit: number; readonly before: string | null },
): Promise<AuditEntry[]> {
  const { rows } = await sql.query<AuditEntry>(
    `select id, at, actor, actor_name as "actorName", action, subject, ip_address as address from audit_entry
     where account_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [accountId, page.before, page.limit],
  );
  return rows;
}

/** The rows of the table `import`: how they are read and what moves them on. */
import type { Sql, Tx } from '../db/database.ts';
import { stringifyJson } from '../kernel/json-text.ts';
import type { Layout } from './csv/layout.ts';
import type { Mapping } from './mapping.ts';
import type { Import, ImportObject, ImportSource, Remark, RowCounts, Trouble } from './import.ts';

/** `checking` is shown as in progress: nobody has to do anything. */
type StoredStatus = Import['status'] | 'checking';

export interface ImportRow {
  readonly id: string;
  readonly object: ImportObject;
  readonly fileName: string;
  readonly storedName: string | null;
  readonly bytes: number;
  readonly source: ImportSource;
  readonly importedBy: string;
  readonly mayConsent: boolean;
  readonly status: StoredStatus;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly layout: FileLayout | null;
  readonly headerKey: string | null;
  readonly mapping: Mapping | null;
  readonly remarks: readonly Remark[];
  readonly nextRow: number;
  readonly nextOffset: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly trouble: Trouble | null;
  readonly failures: number;
}

export interface FileLayout extends Layout {
  readonly headers: readonly string[];
  /** The first row after the header. */
  readonly first: { readonly row: number; readonly offset: number };
}

const columns = `id, object, file_name as "fileName", stored_name as "storedName", bytes, source,
  imported_by as "importedBy", may_consent as "mayConsent", status, created_at as "createdAt",
  started_at as "startedAt", ended_at as "endedAt", layout, header_key as "headerKey", mapping, remarks,
  next_row as "nextRow", next_offset as "nextOffset", created_rows as created, updated_rows as updated,
  unchanged_rows as unchanged, skipped_rows as skipped, trouble, failures`;

export async function findImport(sql: Sql, accountId: number, id: string): Promise<ImportRow | null> {
  const { rows } = await sql.query<ImportRow>(`select ${columns} from import where account_id = $1 and id = $2`, [
    accountId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Newest first, those before `cursor`. */
export async function listImports(
  sql: Sql,
  accountId: number,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<ImportRow[]> {
  const { rows } = await sql.query<ImportRow>(
    `select ${columns} from import where account_id = $1 and ($2::text is null or id < $2)
     order by id desc limit $3`,
    [accountId, cursor ?? null, limit],
  );
  return rows;
}

export function describe(row: ImportRow): Import {
  const { created, updated, unchanged, skipped, status, bytes } = row;
  const isRead = status === 'completed' || bytes === 0;
  return {
    id: row.id,
    object: row.object,
    fileName: row.fileName,
    bytes,
    source: row.source,
    importedBy: row.importedBy,
    status: status === 'checking' ? 'in_progress' : status,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    progress: isRead ? 100 : Math.floor((100 * row.nextOffset) / bytes),
    rows: { created, updated, unchanged, skipped },
    remarks: row.remarks,
    trouble: row.trouble,
    fileKept: row.storedName !== null,
  };
}

export interface Plan {
  readonly layout: FileLayout;
  readonly headerKey: string;
  readonly mapping: Mapping;
  readonly remarks: readonly Remark[];
}

/** After the first look: rows begin at once, or a person is asked. False when it was cancelled meanwhile. */
export async function keepPlan(
  sql: Sql,
  accountId: number,
  id: string,
  plan: Plan & { readonly status: 'in_progress' | 'review'; readonly now: Date },
): Promise<boolean> {
  const { count } = await sql.query(
    `update import
        set status = $3, layout = $4, header_key = $5, mapping = $6, remarks = $7, next_row = $8, next_offset = $9,
            started_at = case when $3 = 'in_progress' then $10::timestamptz end, touched_at = $10, failures = 0
      where account_id = $1 and id = $2 and status = 'checking'`,
    [
      accountId,
      id,
      plan.status,
      stringifyJson(plan.layout),
      plan.headerKey,
      stringifyJson(plan.mapping),
      stringifyJson(plan.remarks),
      plan.layout.first.row,
      plan.layout.first.offset,
      plan.now,
    ],
  );
  return count > 0;
}

/** One batch of rows and where the next one begins. */
export interface BatchDone {
  /** Where the batch began, by which a worker that was overtaken is known. */
  readonly row: number;
  readonly nextRow: number;
  readonly nextOffset: number;
  readonly rows: RowCounts;
  readonly now: Date;
}

/** False when another worker has done these rows, or the import was cancelled. */
export async function keepProgress(tx: Tx, accountId: number, id: string, done: BatchDone): Promise<boolean> {
  const { count } = await tx.query(
    `update import
        set next_row = $4, next_offset = $5, created_rows = created_rows + $6, updated_rows = updated_rows + $7,
            unchanged_rows = unchanged_rows + $8, skipped_rows = skipped_rows + $9, touched_at = $10, failures = 0
      where account_id = $1 and id = $2 and next_row = $3 and status = 'in_progress'`,
    [
      accountId,
      id,
      done.row,
      done.nextRow,
      done.nextOffset,
      done.rows.created,
      done.rows.updated,
      done.rows.unchanged,
      done.rows.skipped,
      done.now,
    ],
  );
  return count > 0;
}

/** All rows were looked at: completed, or incomplete when some were skipped. */
export async function keepEnd(sql: Sql, accountId: number, id: string, now: Date): Promise<void> {
  await sql.query(
    `update import
        set status = case when skipped_rows = 0 then 'completed' else 'incomplete' end, next_offset = bytes,
            ended_at = $3, touched_at = $3
      where account_id = $1 and id = $2 and status = 'in_progress'`,
    [accountId, id, now],
  );
}

/** Ends an import that is not over; false when it is. */
export async function keepTrouble(
  sql: Sql,
  accountId: number,
  id: string,
  end: { readonly status: 'failed' | 'incomplete'; readonly trouble: Trouble; readonly now: Date },
): Promise<boolean> {
  const { count } = await sql.query(
    `update import set status = $3, trouble = $4, ended_at = $5, touched_at = $5
      where account_id = $1 and id = $2 and status in ('checking', 'review', 'in_progress')`,
    [accountId, id, end.status, stringifyJson(end.trouble), end.now],
  );
  return count > 0;
}

/** Counts a failure, and returns how many there were since a row was last done. */
export async function countFailure(sql: Sql, accountId: number, id: string): Promise<number> {
  const { rows } = await sql.query<{ failures: number }>(
    'update import set failures = failures + 1 where account_id = $1 and id = $2 returning failures',
    [accountId, id],
  );
  return rows[0]?.failures ?? 0;
}

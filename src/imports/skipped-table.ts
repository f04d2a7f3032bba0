/** Rows that were not imported, kept compactly: one entry a batch, and no cells, which are in the file. */
import type { Sql, Tx } from '../db/database.ts';

export interface SkippedRow {
  readonly row: number;
  /** Of the file. */
  readonly offset: number;
  readonly bytes: number;
  /** The column's header. */
  readonly column: string | null;
  readonly reason: string;
}

type Entry = readonly [row: number, offset: number, bytes: number, column: string | null, reason: string];

export async function keepSkipped(
  tx: Tx,
  accountId: number,
  importId: string,
  rows: readonly SkippedRow[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const entries = rows.map(({ row, offset, bytes, column, reason }): Entry => [row, offset, bytes, column, reason]);
  await tx.query('insert into import_skipped (account_id, import_id, first_row, rows) values ($1, $2, $3, $4)', [
    accountId,
    importId,
    first.row,
    JSON.stringify(entries),
  ]);
}

/** All of them in the order of the file, a batch at a time. */
export async function* skippedRows(
  sql: Sql,
  accountId: number,
  importId: string,
): AsyncGenerator<readonly SkippedRow[], void, void> {
  for (let after = 0; ;) {
    const { rows } = await sql.query<{ first_row: number; rows: string }>(
      `select first_row, rows from import_skipped where account_id = $1 and import_id = $2 and first_row > $3
       order by first_row limit 1`,
      [accountId, importId, after],
    );
    const [batch] = rows;
    if (!batch) return;
    const entries = JSON.parse(batch.rows) as Entry[];
    yield entries.map(([row, offset, bytes, column, reason]) => ({ row, offset, bytes, column, reason }));
    after = batch.first_row;
  }
}

/** Staged CSV as Parquet, for warehouses that read files of their own bucket. */
import type { ColumnSpec, TableSpec } from './destination.ts';
import { copyStaged, type StagedCopyOptions } from './staged-copy.ts';
import { literal, quoted } from './staged-reader.ts';

export interface ParquetOptions extends StagedCopyOptions {
  /** Rows that are compressed as one; a group is held in memory. */
  readonly rowGroup?: number;
  /** The expression that a column is written as; its own name is `quoted(column.name)`. */
  column(column: ColumnSpec): string;
}

/**
 * One Parquet file (zstd) of all columns of the table and `_deleted`. Resolves to the number of rows.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export async function writeParquet(
  table: TableSpec,
  from: readonly string[],
  to: string,
  { rowGroup = 30_720, column, ...options }: ParquetOptions,
): Promise<number> {
  const columns = selectList(table, column).join(', ');
  const format = `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${rowGroup}`;
  const statement = (source: string): string => `COPY (SELECT ${columns} FROM ${source}) TO ${literal(to)} (${format})`;
  return copyStaged(table, from, statement, options);
}

/** Times with a zone, JSON as text that is known to be JSON. */
export function plainColumn({ name, type }: ColumnSpec): string {
  const column = quoted(name);
  if (type === 'timestamp') return `${column} AT TIME ZONE 'UTC'`;
  return type === 'json' ? `${column}::JSON::VARCHAR` : column;
}

/** A row without key, change number or `_deleted` must fail the batch: no reader could place it. */
function selectList(table: TableSpec, write: ParquetOptions['column']): string[] {
  const required = new Set(['id', '_change_number', '_deleted']);
  const columns: ColumnSpec[] = [...table.columns, { name: '_deleted', type: 'text' }];
  return columns.map((spec) => {
    const column = quoted(spec.name);
    const value = write(spec);
    if (!required.has(spec.name)) return `${value} AS ${column}`;
    return `CASE WHEN ${column} IS NULL THEN error('row without key: ${spec.name}') ELSE ${value} END AS ${column}`;
  });
}

/** Staged CSV as Parquet, for warehouses that read files of their own bucket. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnSpec, TableSpec } from './destination.ts';
import { literal, quoted, readStaged, withoutRow } from './staged-reader.ts';

export interface ParquetOptions {
  /** Folder for what does not fit into memory. */
  readonly spill: string;
  /** The expression that a column is written as; its own name is `quoted(column.name)`. */
  column(column: ColumnSpec): string;
  readonly signal: AbortSignal;
}

/**
 * One Parquet file (zstd) of all columns of the table and `_deleted`. Resolves to the number of rows.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export async function writeParquet(
  table: TableSpec,
  from: readonly string[],
  to: string,
  { spill, column, signal }: ParquetOptions,
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '160MB',
    temp_directory: spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const { rowsChanged } = await connection.run(
      `COPY (SELECT ${selectList(table, column).join(', ')} FROM ${readStaged(table, from)})
       TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 30720)`,
    );
    return rowsChanged;
  } catch (error) {
    throw withoutRow(error);
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
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

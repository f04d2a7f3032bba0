/** Staged rows as INSERT statements, for warehouses without a staging bucket. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnSpec, TableSpec } from '../destination.ts';
import { quoted, readStaged, withoutRow } from '../staged-reader.ts';
import { checkedText } from './limits.ts';
import { insertStaged, longestText } from './sql.ts';

/** Redshift takes 16 MB a statement; smaller ones are parsed sooner. */
const statementCharacters = 1_000_000;
const statementRows = 5000;

export interface InsertOptions {
  /** Whether a backslash in a literal is an escape. */
  readonly backslashEscapes: boolean;
  /** Folder for what does not fit into memory. */
  readonly spill: string;
  readonly signal: AbortSignal;
}

/**
 * The statements that put the rows of staged files into the stage table, each of bounded size.
 * @throws Error of DuckDB (`stagedReaderRules`, `tooLargePattern`) when a row cannot be read or is too large
 */
export async function* insertStatements(
  table: TableSpec,
  paths: readonly string[],
  { backslashEscapes, spill, signal }: InsertOptions,
): AsyncGenerator<string> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '100MB',
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const result = await connection.stream(tuples(table, paths, backslashEscapes));
    let rows: string[] = [];
    let characters = 0;
    for await (const chunk of result.yieldRows()) {
      for (const [value] of chunk) {
        const row = String(value);
        if (rows.length > 0 && (rows.length >= statementRows || characters + row.length > statementCharacters)) {
          yield insertStaged(rows.join(',\n'));
          rows = [];
          characters = 0;
        }
        rows.push(row);
        characters += row.length;
      }
    }
    if (rows.length > 0) yield insertStaged(rows.join(',\n'));
  } catch (error) {
    throw withoutRow(error);
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB writes each row as a tuple of literals, so that no value becomes a JavaScript object. */
function tuples(table: TableSpec, paths: readonly string[], backslashEscapes: boolean): string {
  const values = table.columns.map((column) => literalOf(column, backslashEscapes));
  const required = ['id', '_change_number', '_deleted'].map(
    (name) => `WHEN ${quoted(name)} IS NULL THEN error('row without key: ${name}')`,
  );
  const tuple = `'(' || concat_ws(',', ${values.join(', ')}, _deleted::VARCHAR) || ')'`;
  return `SELECT CASE ${required.join(' ')} ELSE ${tuple} END FROM ${readStaged(table, paths)}`;
}

function literalOf(column: ColumnSpec, backslashEscapes: boolean): string {
  const text = checkedText(column, longestText);
  if (column.type === 'integer') return `coalesce(${text}::VARCHAR, 'NULL')`;
  const quotes = `replace(${text}, '''', '''''')`;
  const escaped = backslashEscapes ? String.raw`replace(${quotes}, '\', '\\')` : quotes;
  return `coalesce('''' || ${escaped} || '''', 'NULL')`;
}

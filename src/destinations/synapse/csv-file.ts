/**
 * Staged files as COPY INTO reads them: RFC 4180, UTF-8. Not Parquet, for which COPY INTO documents gzip and Snappy
 * only, refuses rows from 1,000,000 bytes on, and misreads 64-bit times before 1970.
 */
import type { ColumnSpec, TableSpec } from '../destination.ts';
import { copyStaged, type StagedCopyOptions } from '../staged-copy.ts';
import { literal, quoted, withoutRepeats } from '../staged-reader.ts';
import { isMarked } from './sql.ts';

/**
 * Writes one file of the columns that do not repeat another, and `_deleted`, in this order. Resolves to the number of rows.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export function writeCsv(table: TableSpec, from: string, to: string, options: StagedCopyOptions): Promise<number> {
  return copyStaged(table, [from], (source) => copyOut(table, source, to), options);
}

function copyOut(table: TableSpec, source: string, to: string): string {
  const { columns } = withoutRepeats(table);
  const values = columns.map((column) => `${required(column, field(column))} AS ${quoted(column.name)}`);
  const deleted = required({ name: '_deleted', type: 'text' }, `CASE WHEN _deleted THEN 1 ELSE 0 END`);
  const texts = columns.filter(({ type }) => type === 'text' || type === 'json');
  return `COPY (SELECT ${[...values, `${deleted} AS _deleted`].join(', ')} FROM ${source})
TO ${literal(to)} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '',
FORCE_QUOTE (${texts.map(({ name }) => quoted(name)).join(', ')}))`;
}

/** Times as text, free texts after a mark (`isMarked`), JSON as text that is known to be JSON. */
function field(column: ColumnSpec): string {
  const name = quoted(column.name);
  if (column.type === 'timestamp') return `${name}::VARCHAR`;
  if (column.type === 'json') return `${name}::JSON::VARCHAR`;
  return isMarked(column) ? `'=' || ${name}` : name;
}

/** A row without key, change number or `_deleted` must fail the batch: no reader could place it. */
function required({ name }: ColumnSpec, value: string): string {
  if (name !== 'id' && name !== '_change_number' && name !== '_deleted') return value;
  return `CASE WHEN ${quoted(name)} IS NULL THEN error('row without key: ${name}') ELSE ${value} END`;
}

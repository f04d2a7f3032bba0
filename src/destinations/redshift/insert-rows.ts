/**
 * Staged rows for INSERT statements, for warehouses without a staging bucket. They stay bytes: as strings, rows waiting to
 * be collected took several times the memory of all else.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnSpec, TableSpec } from '../destination.ts';
import { copyStaged } from '../staged-copy.ts';
import { literal, quoted, withoutRepeats } from '../staged-reader.ts';
import { checkedText } from './limits.ts';
import { longestText } from './sql.ts';

/** Redshift takes 16 MB a statement; smaller ones are parsed sooner. */
const statementBytes = 1_000_000;
const statementRows = 5000;

const comma = 0x2c;
const space = 0x20;

export interface RowOptions {
  /** Whether a backslash in a literal is an escape. */
  readonly backslashEscapes: boolean;
  /** How many were staged. */
  readonly rows: number;
  /** Folder for files on the way. */
  readonly spill: string;
  readonly signal: AbortSignal;
}

/**
 * What stands behind VALUES, for one statement after the other. The bytes are good until the next ones are asked for.
 * @throws Error of DuckDB (`stagedReaderRules`, `tooLargePattern`) when a row cannot be read or is too large
 */
export async function* rowsToInsert(
  table: TableSpec,
  paths: readonly string[],
  { backslashEscapes, ...options }: RowOptions,
): AsyncGenerator<Buffer> {
  const path = join(options.spill, 'rows');
  // the number tells where a row ends, which may have line feeds in it
  const statement = (source: string): string =>
    `COPY (SELECT strlen(tuple), tuple FROM (${tuples(table, source, backslashEscapes)}))
     TO ${literal(path)} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '', ESCAPE '')`;
  await copyStaged(table, paths, statement, options);
  await using file = await open(path);
  let buffer = Buffer.allocUnsafe(statementBytes);
  let held = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, held, buffer.length - held);
    held += bytesRead;
    if (held === 0) return;
    const end = joinRows(buffer.subarray(0, held));
    if (end === 0) {
      buffer = Buffer.concat([buffer], 2 * buffer.length);
      continue;
    }
    yield buffer.subarray(0, end);
    buffer.copyWithin(0, end, held);
    held -= end;
  }
}

/**
 * Makes `1,(2,'x')` out of `5,(1)` and `9,(2,'x')`, with spaces for what is gone, of the rows that are whole. Returns how
 * many bytes they are.
 */
function joinRows(text: Buffer): number {
  let end = 0;
  for (let row = 0; row < statementRows; row++) {
    const at = text.indexOf(comma, end);
    if (at === -1) break;
    const next = at + 1 + Number(text.toString('latin1', end, at)) + 1;
    if (next > text.length) break;
    text.fill(space, end, row === 0 ? at + 1 : at);
    end = next;
  }
  return end;
}

/** DuckDB writes each row as a tuple of literals. */
function tuples(table: TableSpec, source: string, backslashEscapes: boolean): string {
  const values = withoutRepeats(table).columns.map((column) => literalOf(column, backslashEscapes));
  const required = ['id', '_change_number', '_deleted'].map(
    (name) => `WHEN ${quoted(name)} IS NULL THEN error('row without key: ${name}')`,
  );
  const tuple = `'(' || concat_ws(',', ${values.join(', ')}, _deleted::VARCHAR) || ')'`;
  return `SELECT CASE ${required.join(' ')} ELSE ${tuple} END AS tuple FROM ${source}`;
}

function literalOf(column: ColumnSpec, backslashEscapes: boolean): string {
  const text = checkedText(column, longestText);
  if (column.type === 'integer') return `coalesce(${text}::VARCHAR, 'NULL')`;
  const quotes = `replace(${text}, '''', '''''')`;
  const escaped = backslashEscapes ? String.raw`replace(${quotes}, '\', '\\')` : quotes;
  return `coalesce('''' || ${escaped} || '''', 'NULL')`;
}

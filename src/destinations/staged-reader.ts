/** How DuckDB reads staged files: for the DuckDB destination, and wherever Parquet is made of them. */
import type { LogicalType, TableSpec } from './destination.ts';
import type { ErrorRule } from './rules.ts';

/** JSON must be staged as `text`: DuckDB's JSON reader rewrites the numbers of values. */
const stagedTypes: Record<LogicalType, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  timestamp: 'TIMESTAMPTZ',
  json: 'VARCHAR',
};

/** A table expression over staged files with all columns of the table and `_deleted`. */
export function readStagedRows(table: TableSpec, paths: readonly string[]): string {
  const columns = table.columns.map(({ name, type }) => `${quoted(name)}: '${stagedTypes[type]}'`);
  return readFiles(paths, [...columns, "_deleted: 'BOOLEAN'"]);
}

/** A table expression over staged files with `id`, `_change_number` and `_deleted` only. */
export function readStagedKeys(paths: readonly string[]): string {
  return readFiles(paths, ["id: 'VARCHAR'", "_change_number: 'BIGINT'", "_deleted: 'BOOLEAN'"]);
}

/** 16 MB holds the largest row (5 MB of JSON, escaped once more as text) with room to spare. */
function readFiles(paths: readonly string[], columns: readonly string[]): string {
  return `read_json([${paths.map(literal).join(', ')}], columns = {${columns.join(', ')}}, format = 'newline_delimited', compression = 'gzip', maximum_object_size = 16777216)`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What DuckDB says about staged files it cannot read. */
export const stagedReaderRules: readonly ErrorRule[] = [
  {
    code: 'CAPACITY',
    pattern: /Out of Memory Error/,
    summary: 'DuckDB had too little memory or temporary space for a batch.',
    advice: 'Free space on the disk of its temporary files.',
  },
  {
    code: 'DATA_TOO_LARGE',
    pattern: /"maximum_object_size" of \d+ bytes (has been )?exceeded/,
    summary: 'A row is larger than 16 MB.',
  },
  {
    code: 'DATA_INVALID',
    pattern: /Malformed JSON|JSON transform error|NOT NULL constraint failed|Conversion Error|row without key/,
  },
  { code: 'LOAD_FILE_MISSING', pattern: /No files found that match the pattern/ },
  { code: 'CANCELLED', pattern: /INTERRUPT Error/ },
];

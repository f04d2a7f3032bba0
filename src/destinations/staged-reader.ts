/** How DuckDB reads staged files: for the DuckDB destination, and wherever Parquet is made of them. */
import { basename } from 'node:path';
import type { LogicalType, TableSpec } from './destination.ts';
import type { ErrorRule } from './rules.ts';
import { csvColumns } from './tables.ts';

/**
 * Times are TIMESTAMP though each ends in +00: they are UTC, and of a TIMESTAMPTZ that it cannot read DuckDB's CSV reader
 * makes null without a word.
 */
const stagedTypes: Record<LogicalType, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  timestamp: 'TIMESTAMP',
  json: 'VARCHAR',
};

/**
 * The largest row has 5 MB of JSON in a column. The buffer must hold a row, and several are in memory at once: almost all
 * files can be read with small ones.
 */
const sizes = {
  any: 'max_line_size = 16777216, buffer_size = 20971520',
  short: 'max_line_size = 1048576, buffer_size = 2097152',
};

const options = [
  `auto_detect = false, header = false, new_line = '\\n', compression = 'gzip', strict_mode = true`,
  `delim = '\t', quote = '\x01', escape = '\x01', nullstr = '', allow_quoted_nulls = false`,
].join(', ');

/**
 * A table expression over files staged as `csv`: all columns of the table and `_deleted`; times are UTC without a zone.
 * With `short` rows it takes less memory, but a row of more than a megabyte fails or is left out without a word: the number
 * of rows must then be compared.
 */
export function readStaged(table: TableSpec, paths: readonly string[], rows: keyof typeof sizes = 'any'): string {
  const columns = csvColumns(table).map(({ name, type }) => `${quoted(name)}: '${stagedTypes[type]}'`);
  const files = paths.map(literal).join(', ');
  const values = table.columns.map(({ name, derived }) => {
    if (!derived) return quoted(name);
    const from = quoted(derived.from);
    return `${derived.as === 'same' ? from : `epoch_us(${from}) // 1000000`} AS ${quoted(name)}`;
  });
  return `(SELECT ${values.join(', ')}, _deleted
FROM read_csv([${files}], columns = {${columns.join(', ')}, _deleted: 'BOOLEAN'}, ${options}, ${sizes[rows]}))`;
}

/** The table without columns that only repeat another: an engine can fill them in from there, and less travels. */
export function withoutRepeats(table: TableSpec): TableSpec {
  return { ...table, columns: table.columns.filter(({ derived }) => derived?.as !== 'same') };
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * What DuckDB says about a row it cannot read, in one line and without the row: that is the customer's data, which has
 * no place in an error. Other errors pass as they are.
 */
export function withoutRow(thrown: unknown): unknown {
  const message = thrown instanceof Error ? thrown.message : '';
  const [malformed] = /^.*Malformed JSON at byte \d+/.exec(message) ?? [];
  if (malformed) return new Error(malformed);
  const [, kind, line] = /^(\w[\w ]* Error): CSV Error on Line: (\d+)/.exec(message) ?? [];
  if (!line) return thrown;
  const file = /^ {2}file = (.*)$/m.exec(message.slice(message.lastIndexOf('\n  file = ')))?.[1] ?? '';
  const reason = reasons.map((pattern) => pattern.exec(message)?.[0]).find(Boolean) ?? 'The row cannot be read.';
  return new Error(`${kind}: CSV line ${line} of ${basename(file)}: ${reason}`);
}

const reasons = [
  /^Expected Number of Columns: \d+ Found: \d+/m,
  /^Error when converting column "\w+"/m,
  /^Value with unterminated quote found/m,
  /^Invalid unicode/m,
  /^Maximum line size of \d+ bytes exceeded/m,
];

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
    pattern: /CSV line \d+ of \S+: Maximum line size of \d+ bytes exceeded/,
    summary: 'A row is larger than 16 MB.',
  },
  {
    code: 'DATA_INVALID',
    pattern:
      /CSV line \d+ of \S+: (?!Maximum line size)|CSV Parser|Malformed JSON|NOT NULL constraint failed|row without key/,
  },
  { code: 'LOAD_FILE_MISSING', pattern: /No files found that match the pattern/ },
  { code: 'CANCELLED', pattern: /INTERRUPT Error/ },
];

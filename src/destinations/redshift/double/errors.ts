/** Errors of PostgreSQL in the words of Redshift. */

/** A row of `sys_load_error_detail`, and what the client is told. */
export interface LoadError {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly code: number;
  readonly reason: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Fields that Redshift sends: severity, code, message, detail, position. */
const sentFields: ReadonlySet<string> = new Set(['S', 'V', 'C', 'M', 'D', 'P']);

export function asRedshift(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sent = new Map([...fields].filter(([letter]) => sentFields.has(letter)));
  const code = fields.get('C') ?? '';
  // Redshift tells no wrong password from a wrong user, and has one code for both
  if (code === '28P01') return sent.set('C', '28000');
  if (code === '22001' || isLengthCheck(fields)) {
    const message = 'Value too long for character type';
    return sent
      .set('C', '22001')
      .set('M', message)
      .set('D', `error: ${message} code: 8001 context: ${fields.get('M')}`);
  }
  if (code === '40001') {
    return sent.set('C', 'XX000').set('M', '1023').set('D', 'Serializable isolation violation on table in Redshift');
  }
  return sent;
}

function isLengthCheck(fields: ReadonlyMap<string, string>): boolean {
  return fields.get('C') === '23514' && /_check\d*$/.test(fields.get('n') ?? '');
}

/** What went wrong inside a COPY of Parquet files. */
export function loadErrorOf(fields: ReadonlyMap<string, string>, file: string): LoadError {
  const context = fields.get('W') ?? '';
  const [, line = '0'] = /line (\d+)/.exec(context) ?? [];
  const table = fields.get('t') ?? '';
  const checked = fields
    .get('n')
    ?.slice(table.length + 1)
    .replace(/_check\d*$/, '');
  const column = /column "?(\w+)"?/.exec(context)?.[1] ?? checked ?? '';
  const words = fields.get('M') ?? '';
  const long = fields.get('C') === '22001' || isLengthCheck(fields);
  const uneven = /extra data after last expected column|missing data for column/.test(words);
  const reason = long
    ? `The length of the data column ${column} is longer than the length defined in the table.`
    : uneven
      ? 'Unmatched number of columns between table and file.'
      : words;
  const told = `error: Spectrum Scan Error code: 15007 context: ${reason}`;
  const sent = new Map([
    ['S', 'ERROR'],
    ['V', 'ERROR'],
    ['C', fields.get('C') === '42501' || fields.get('C') === '42P01' ? (fields.get('C') ?? '') : 'XX000'],
    ['M', fields.get('C')?.startsWith('42') ? words : 'Spectrum Scan Error'],
    ['D', told],
  ]);
  return { file, line: Number(line), column, code: 15_007, reason, fields: sent };
}

/** A statement that fails with these words, so that the transaction is as it would be. */
export function raise(sqlState: string, message: string, detail: string): string {
  const parts = [`ERRCODE = ${literal(sqlState)}`, `MESSAGE = ${literal(message)}`];
  if (detail) parts.push(`DETAIL = ${literal(detail)}`);
  return `DO $raise$ BEGIN RAISE EXCEPTION USING ${parts.join(', ')}; END $raise$`;
}

function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('$raise$', '')}'`;
}

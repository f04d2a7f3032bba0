/** Snowflake's SQL as DuckDB takes it: names of tables and types are replaced, the rest stays as it is. */
import { Cursor, type Token } from './tokens.ts';

export interface TableRef {
  readonly parts: readonly string[];
  readonly start: number;
  readonly end: number;
  /** What is done with it: `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `CREATE`, `OWNERSHIP`. */
  readonly privileges: readonly string[];
}

/** The tables a statement names. */
export function tableRefs(tokens: readonly Token[]): TableRef[] {
  const own = new Set(namedSubqueries(tokens));
  const refs: TableRef[] = [];
  const cursor = new Cursor(tokens);
  const add = (...privileges: string[]): void => {
    const { at } = cursor;
    const start = cursor.token?.start ?? 0;
    const parts = cursor.name();
    const end = tokens[cursor.at - 1]?.end ?? start;
    const isCall = cursor.token?.value === '(' && privileges.includes('SELECT') && privileges.length === 1;
    if (!parts || isCall || (parts.length === 1 && own.has(parts[0] ?? ''))) cursor.at = Math.max(at, cursor.at);
    else refs.push({ parts, start, end, privileges });
  };
  while (cursor.token) {
    if (cursor.take('MERGE', 'INTO')) add('SELECT', ...branches(tokens));
    else if (cursor.take('INSERT', 'INTO') || cursor.take('COPY', 'INTO')) add('INSERT');
    else if (cursor.take('DELETE', 'FROM')) add('DELETE');
    else if (cursor.at === 0 && cursor.take('UPDATE')) add('UPDATE');
    else if (cursor.take('TABLE', 'IF', 'NOT', 'EXISTS')) add('CREATE');
    else if (cursor.take('TABLE', 'IF', 'EXISTS')) add('OWNERSHIP');
    else if (cursor.take('TABLE')) add(...(tokens[0]?.value === 'CREATE' ? ['CREATE'] : ['OWNERSHIP']));
    else if (cursor.take('FROM') || cursor.take('JOIN') || cursor.take('USING')) add('SELECT');
    else cursor.at += 1;
  }
  return refs;
}

function branches(tokens: readonly Token[]): string[] {
  return ['INSERT', 'UPDATE', 'DELETE'].filter((what) =>
    tokens.some(({ kind, value }, i) => kind === 'word' && value === what && tokens[i - 1]?.value === 'THEN'),
  );
}

/** `name AS (`: what a WITH defines is no table. */
function namedSubqueries(tokens: readonly Token[]): string[] {
  if (tokens[0]?.value !== 'WITH') return [];
  return tokens
    .filter((_, i) => tokens[i + 1]?.value === 'AS' && tokens[i + 2]?.value === '(')
    .map(({ value }) => value);
}

const types: Readonly<Record<string, string>> = {
  VARIANT: 'JSON',
  OBJECT: 'JSON',
  ARRAY: 'JSON',
  STRING: 'VARCHAR',
  TEXT: 'VARCHAR',
  FLOAT: 'DOUBLE',
  TIMESTAMP_NTZ: 'TIMESTAMP',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP_TZ: 'TIMESTAMPTZ',
  TIMESTAMP_LTZ: 'TIMESTAMPTZ',
};

/** Types that take a size which DuckDB must not see. */
const sized = new Set([
  'TIMESTAMP',
  'TIMESTAMPTZ',
  'VARCHAR',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_TZ',
  'TIMESTAMP_LTZ',
  'STRING',
]);

/**
 * @param place what stands in DuckDB for a table that the statement names
 * @param context what functions without arguments stand for, as SQL
 */
export function toEngine(
  sql: string,
  tokens: readonly Token[],
  refs: readonly TableRef[],
  place: (ref: TableRef) => string,
  context: Readonly<Record<string, string>> = {},
): string {
  const edits: { start: number; end: number; text: string }[] = refs.map((ref) => ({
    start: ref.start,
    end: ref.end,
    text: place(ref),
  }));
  for (const [i, token] of tokens.entries()) {
    const known = token.kind === 'word' && tokens[i + 1]?.value === '(' && tokens[i + 2]?.value === ')';
    if (known && context[token.value]) {
      edits.push({ start: token.start, end: tokens[i + 2]?.end ?? token.end, text: context[token.value] ?? '' });
    } else if (token.kind === 'word') edits.push(...wordEdits(tokens, i));
    else if (token.kind === 'symbol' && token.value === ':') edits.push(...pathEdits(sql, tokens, i));
  }
  return applyEdits(sql, edits);
}

export function applyEdits(sql: string, edits: readonly { start: number; end: number; text: string }[]): string {
  let text = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < at) continue;
    text += sql.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + sql.slice(at);
}

function wordEdits(tokens: readonly Token[], i: number): { start: number; end: number; text: string }[] {
  const { value, start, end } = tokens[i] ?? { value: '', start: 0, end: 0 };
  if (value === 'NUMBER' && isType(tokens, i)) return [{ start, ...numberType(tokens, i, end) }];
  const type = types[value] ?? (sized.has(value) ? value : null);
  // a name without quotes is upper case
  if (type === null) return tokens[i - 1]?.value === 'AS' ? [{ start, end, text: value }] : [];
  if (!isType(tokens, i)) return [];
  const closing = tokens[i + 1]?.value === '(' && sized.has(value) ? tokens[i + 3]?.end : undefined;
  return [{ start, end: closing ?? end, text: type }];
}

/** Whole numbers are HUGEINT: DuckDB takes twenty times as long to read text as DECIMAL(38,0). */
function numberType(tokens: readonly Token[], i: number, end: number): { end: number; text: string } {
  if (tokens[i + 1]?.value !== '(') return { end, text: 'HUGEINT' };
  const [, , precision, separator, scale] = tokens.slice(i, i + 6);
  if (separator?.value !== ',') return { end: separator?.end ?? end, text: 'HUGEINT' };
  const text = scale?.value === '0' ? 'HUGEINT' : `DECIMAL(${precision?.value}, ${scale?.value})`;
  return { end: tokens[i + 5]?.end ?? end, text };
}

/** After `::`, after AS in a cast, or after the name of a column that is being defined. */
function isType(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  return before?.value === '::' || before?.kind === 'quoted' || (before?.kind === 'word' && before.value !== 'SELECT');
}

/** `column:"member"`, `column:member.inner[0]`: a way into a VARIANT. */
function pathEdits(sql: string, tokens: readonly Token[], i: number): { start: number; end: number; text: string }[] {
  const colon = tokens[i];
  const path = ['$'];
  let at = i + 1;
  for (let separator = ':'; separator === ':' || separator === '.' || separator === '['; at += 1) {
    const token = tokens[at];
    if (!token || (token.kind !== 'word' && token.kind !== 'quoted' && token.kind !== 'number')) return [];
    const name = token.kind === 'word' ? sql.slice(token.start, token.end) : token.value;
    path.push(separator === '[' ? `[${name}]` : `."${name.replaceAll('"', '\\"')}"`);
    if (separator === '[') at += 1;
    separator = tokens[at + 1]?.value ?? '';
    if (separator === '.' || separator === '[') at += 1;
  }
  const last = tokens[at - 1];
  const column = columnStart(tokens, i);
  if (!colon || !last || column === null) return [];
  const call = tokens[at]?.value === '::' ? 'json_extract_string' : 'json_extract';
  return [
    { start: column, end: column, text: `${call}(` },
    { start: colon.start, end: last.end, text: `, '${path.join('').replaceAll("'", "''")}')` },
  ];
}

/** Where the column before the colon begins, with the table it may be of. */
function columnStart(tokens: readonly Token[], colon: number): number | null {
  let at = colon - 1;
  while (tokens[at - 1]?.value === '.') at -= 2;
  return tokens[at]?.start ?? null;
}

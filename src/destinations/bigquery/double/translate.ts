/** GoogleSQL statements as DuckDB runs them: Wharf's own, close variants, and plain queries. */
import { literal, quoted } from '../../staged-reader.ts';
import type { Token } from './lexer.ts';
import { invalidQuery } from './vendor-error.ts';

export interface TableRef {
  readonly projectId: string;
  readonly dataset: string;
  readonly table: string;
}

export interface Scope {
  readonly projectId: string;
  readonly defaultDataset: { readonly projectId: string; readonly dataset: string } | null;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Translation {
  readonly sql: string;
  /** Tables the statement names. */
  readonly tables: readonly TableRef[];
}

const tableKeywords = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'MERGE', 'TABLE', 'EXISTS', 'USING']);

/** Names of functions as macros or functions of DuckDB (`engine.ts` defines those that begin with bq_). */
const functions: Readonly<Record<string, string>> = {
  COUNTIF: 'count_if',
  CURRENT_TIMESTAMP: 'bq_now',
  UNIX_MICROS: 'epoch_us',
  UNIX_SECONDS: 'bq_unix_seconds',
  TIMESTAMP_MICROS: 'make_timestamp',
  TIMESTAMP: 'bq_timestamp',
  TIMESTAMP_TRUNC: 'bq_timestamp_trunc',
  DATE: 'bq_date',
  PARSE_JSON: 'bq_parse_json',
  TO_JSON_STRING: 'bq_to_json_string',
  JSON_VALUE: 'bq_json_value',
  JSON_QUERY: 'json_extract',
  JSON_TYPE: 'bq_json_type',
  STRING: 'bq_string',
  INT64: 'bq_int64',
  FLOAT64: 'bq_float64',
  LAX_FLOAT64: 'bq_float64',
  SAFE_CAST: 'try_cast',
};

const types: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  BYTES: 'BLOB',
  NUMERIC: 'DECIMAL(38, 9)',
};

const dateParts = new Set(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'HOUR', 'MINUTE']);

export function translate(tokens: readonly Token[], scope: Scope): Translation {
  const tables: TableRef[] = [];
  const out: string[] = [];
  const statement = withoutLayout(tokens);
  for (let i = 0; i < statement.length;) {
    const step = tableStep(statement, i, scope, tables) ?? wordStep(statement, i) ?? plainStep(statement, i, scope);
    out.push(step.sql);
    i += step.length;
  }
  return { sql: out.join(' '), tables };
}

interface Step {
  readonly sql: string;
  /** Tokens it took. */
  readonly length: number;
}

export function word(token: Token | undefined): string {
  return token?.kind === 'name' ? token.text.toUpperCase() : '';
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** A path to a table, in any of the ways it may be quoted. */
function tableStep(tokens: readonly Token[], at: number, scope: Scope, tables: TableRef[]): Step | null {
  const first = tokens[at];
  const afterKeyword = tableKeywords.has(word(tokens[at - 1]));
  if (first?.kind !== 'quoted' && !(first?.kind === 'name' && afterKeyword)) return null;
  if (first.kind === 'name' && (isSign(tokens[at + 1], '(') || ['IF', 'UNNEST', 'INTO', 'SET'].includes(word(first))))
    return null;
  const { parts, length } = pathAt(tokens, at, afterKeyword);
  const ref = parts.length === 3 || afterKeyword ? refOf(parts, scope) : null;
  if (!ref) return { sql: parts.map(quoted).join('.'), length };
  tables.push(ref);
  return { sql: schemaTable(ref), length };
}

function pathAt(tokens: readonly Token[], at: number, hyphens: boolean): { parts: string[]; length: number } {
  const parts: string[] = [];
  let i = at;
  for (;;) {
    const token = tokens[i];
    if (token?.kind !== 'name' && token?.kind !== 'quoted') break;
    const project = hyphens && parts.length === 0 ? hyphenated(tokens, i) : { text: token.text, last: i };
    i = project.last;
    parts.push(...(token.kind === 'quoted' ? token.text.split('.') : [project.text]));
    if (!isSign(tokens[i + 1], '.')) break;
    i += 2;
  }
  return { parts, length: i - at + 1 };
}

/** A project's id may stand unquoted, hyphens and all. */
function hyphenated(tokens: readonly Token[], at: number): { readonly text: string; readonly last: number } {
  let text = tokens[at]?.text ?? '';
  let last = at;
  while (isSign(tokens[last + 1], '-') && ['name', 'number'].includes(tokens[last + 2]?.kind ?? '')) {
    text += `-${tokens[last + 2]?.text}`;
    last += 2;
  }
  return { text, last };
}

function refOf(parts: readonly string[], scope: Scope): TableRef | null {
  const [a = '', b = '', c = ''] = parts;
  if (parts.length === 3) return { projectId: a, dataset: b, table: c };
  if (parts.length === 2) return { projectId: scope.projectId, dataset: a, table: b };
  return scope.defaultDataset && parts.length === 1 ? { ...scope.defaultDataset, table: a } : null;
}

export function schemaTable({ projectId, dataset, table }: TableRef): string {
  return `${quoted(`${projectId}.${dataset}`)}.${quoted(table)}`;
}

/** Words that DuckDB knows by other names, or not at all. */
function wordStep(tokens: readonly Token[], at: number): Step | null {
  const [name, next] = [word(tokens[at]), tokens[at + 1]];
  if (isSign(tokens[at], ',') && word(next) === 'WIDE_NUMBER_MODE' && isSign(tokens[at + 2], '=>'))
    return { sql: '', length: 4 };
  if (name === '') return null;
  if (name === 'SAFE' && isSign(next, '.')) return { sql: `bq_safe_${tokens[at + 2]?.text.toLowerCase()}`, length: 3 };
  if (name === 'EXCEPT' && isSign(tokens[at - 1], '*')) return { sql: 'EXCLUDE', length: 1 };
  if (name === 'TIMESTAMP' && next?.kind === 'string') return { sql: timestampLiteral(next.text), length: 2 };
  if (name === 'MERGE' && word(next) !== 'INTO') return { sql: 'MERGE INTO', length: 1 };
  if (isSign(next, '(') && Object.hasOwn(functions, name)) return { sql: functions[name] ?? '', length: 1 };
  if (Object.hasOwn(types, name) && !isSign(next, '(')) return { sql: types[name] ?? '', length: 1 };
  if (dateParts.has(name) && isSign(tokens[at - 1], ',') && isSign(next, ')')) return { sql: literal(name), length: 1 };
  return null;
}

function plainStep(tokens: readonly Token[], at: number, { parameters }: Scope): Step {
  const { kind, text } = tokens[at] ?? { kind: 'sign', text: '' };
  if (kind === 'string') return { sql: literal(text), length: 1 };
  if (kind === 'parameter') {
    const value = parameters.get(text.toLowerCase());
    if (value === undefined) throw invalidQuery(`Query parameter '${text}' not found`);
    return { sql: value, length: 1 };
  }
  return { sql: kind === 'quoted' ? quoted(text) : text, length: 1 };
}

/** DuckDB would drop the zone without a word. */
function timestampLiteral(text: string): string {
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?)?(?: ?(Z|UTC|[+-]\d\d(?::\d\d)?))?$/.exec(text) ?? [];
  const offset = zone === 'UTC' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone;
  const whole = new Date(`${date}T${time}${offset}`);
  if (Number.isNaN(whole.getTime())) throw invalidQuery('Invalid TIMESTAMP literal');
  return `TIMESTAMP ${literal(whole.toISOString().slice(0, 19).replace('T', ' ') + fraction)}`;
}

/** Partitions, clusters and options say how BigQuery stores a table, not what is in it. */
function withoutLayout(tokens: readonly Token[]): readonly Token[] {
  if (word(tokens[0]) !== 'CREATE') return tokens;
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (isSign(token, '(')) depth += 1;
    if (isSign(token, ')')) depth -= 1;
    if (depth === 0 && ['PARTITION', 'CLUSTER', 'OPTIONS'].includes(word(token))) return tokens.slice(0, i);
  }
  return tokens;
}

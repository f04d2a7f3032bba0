/** Queries and data changes in T-SQL as DuckDB writes them. */
import { SqlError } from './sql-error.ts';
import { closing, isSign, listOf, type SqlToken } from './tokens-of-sql.ts';

/** @param tokens of one SELECT, INSERT, UPDATE or DELETE */
export function translate(tokens: readonly SqlToken[]): string {
  return write(withoutOption(tokens)).join(' ');
}

/** `OPTION (LABEL = ...)` at the end. */
function withoutOption(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const at = tokens.findLastIndex(({ word }, i) => word === 'OPTION' && isSign(tokens[i + 1], '('));
  return at === -1 ? tokens : tokens.slice(0, at);
}

function write(tokens: readonly SqlToken[]): string[] {
  const out: string[] = [];
  let limit: string | null = null;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    if (token.word === 'TOP') {
      const [amount, end] = amountAt(tokens, at + 1);
      limit = amount;
      at = end;
    } else if (isSign(tokens[at + 1], '(') && isCall(token)) {
      const end = closing(tokens, at + 1);
      out.push(call(token.word, tokens.slice(at + 2, end)));
      at = end;
    } else if (isSign(token, '(')) {
      const end = closing(tokens, at);
      out.push('(', ...write(tokens.slice(at + 1, end)), ')');
      at = end;
    } else if (isCatalogue(tokens, at)) {
      out.push(`catalogue.${token.value.toLowerCase()}_${tokens[at + 2]?.value.toLowerCase() ?? ''}`);
      at += 2;
    } else {
      out.push(plain(token, tokens[at - 1], tokens[at + 1]));
    }
  }
  if (limit !== null) out.push(`LIMIT ${limit}`);
  return out;
}

function amountAt(tokens: readonly SqlToken[], at: number): [string, number] {
  if (!isSign(tokens[at], '(')) return [tokens[at]?.value ?? '1', at];
  const end = closing(tokens, at);
  return [write(tokens.slice(at + 1, end)).join(' '), end];
}

function isCatalogue(tokens: readonly SqlToken[], at: number): boolean {
  const schema = tokens[at]?.value.toLowerCase() ?? '';
  return (schema === 'sys' || schema === 'information_schema') && isSign(tokens[at + 1], '.');
}

const known = new Map<string, (values: readonly string[]) => string>([
  ['ISNULL', ([value, other]) => `coalesce(${value}, ${other})`],
  ['LEN', ([value]) => `length(rtrim(${value}))`],
  ['DATALENGTH', ([value]) => `strlen(${value}) * 2`],
  ['CHARINDEX', ([part, whole]) => `strpos(${whole}, ${part})`],
  ['SYSUTCDATETIME', () => utcNow],
  ['GETUTCDATE', () => utcNow],
  ['SYSDATETIME', () => utcNow],
  ['GETDATE', () => utcNow],
  ['JSON_VALUE', ([json, path]) => `json_extract_string(${json}, ${path})`],
  ['JSON_QUERY', ([json, path]) => `json_extract(${json}, ${path})`],
  ['ISJSON', ([json]) => `json_valid(${json})::INTEGER`],
  ['OBJECT_ID', ([name]) => `object_id(${name})`],
  ['XACT_STATE', () => '0'],
  ['DB_NAME', () => 'current_database()'],
  ['SUSER_SNAME', () => "getvariable('login')"],
  ['USER_NAME', () => "getvariable('login')"],
]);
const utcNow = "(now() AT TIME ZONE 'UTC')";

const special = new Set([
  'CONVERT',
  'CAST',
  'TRY_CONVERT',
  'TRY_CAST',
  'COUNT_BIG',
  'DATEADD',
  'DATEDIFF',
  'DATEDIFF_BIG',
]);

function isCall({ word }: SqlToken): boolean {
  return known.has(word) || special.has(word);
}

function call(name: string, inner: readonly SqlToken[]): string {
  const simple = known.get(name);
  if (simple) return simple(listOf(inner).map((part) => write(part).join(' ')));
  if (name === 'COUNT_BIG') return `count(${write(inner).join(' ')})`;
  if (name.startsWith('DATE')) return dateCall(name, listOf(inner));
  const attempt = name.startsWith('TRY_') ? 'TRY_CAST' : 'CAST';
  if (name.endsWith('CONVERT')) {
    const [type = [], value = []] = listOf(inner);
    return converted(attempt, value, type);
  }
  const as = inner.findLastIndex(({ word }) => word === 'AS');
  return converted(attempt, inner.slice(0, as), inner.slice(as + 1));
}

function converted(attempt: string, value: readonly SqlToken[], type: readonly SqlToken[]): string {
  return `${attempt}(${write(value).join(' ')} AS ${duckdbType(type)})`;
}

function dateCall(name: string, [part = [], ...values]: readonly (readonly SqlToken[])[]): string {
  const unit = part[0]?.value.toLowerCase() ?? 'day';
  const [first, second] = values.map((value) => write(value).join(' '));
  if (name === 'DATEADD') return `(${second} + to_${unit}s(${first}))`;
  return `date_diff('${unit}', ${first}, ${second})`;
}

const scalarTypes = new Map([
  ['BIGINT', 'BIGINT'],
  ['INT', 'INTEGER'],
  ['SMALLINT', 'SMALLINT'],
  ['TINYINT', 'UTINYINT'],
  ['BIT', 'BOOLEAN'],
  ['FLOAT', 'DOUBLE'],
  ['REAL', 'FLOAT'],
  ['DATE', 'DATE'],
  ['DATETIME', 'TIMESTAMP'],
  ['DATETIME2', 'TIMESTAMP'],
  ['NVARCHAR', 'VARCHAR'],
  ['VARCHAR', 'VARCHAR'],
  ['NCHAR', 'VARCHAR'],
  ['CHAR', 'VARCHAR'],
  ['SYSNAME', 'VARCHAR'],
  ['UNIQUEIDENTIFIER', 'VARCHAR'],
]);

/** @throws SqlError */
export function duckdbType(type: readonly SqlToken[]): string {
  const name = type[0]?.value ?? '';
  const found = scalarTypes.get(name.toUpperCase());
  if (!found) throw new SqlError(2715, `Cannot find data type ${name}.`);
  return found;
}

function plain(token: SqlToken, before: SqlToken | undefined, after: SqlToken | undefined): string {
  if (token.kind === 'text') return quotedText(token.value);
  if (token.kind === 'name') return quotedName(token.value);
  if (token.kind === 'parameter') return parameter(token.value);
  if (token.kind === 'word')
    return words.get(token.word) ?? (reservedHere.has(token.word) ? quotedName(token.value) : token.value);
  const joinsTexts = isSign(token, '+') && (before?.kind === 'text' || after?.kind === 'text');
  return joinsTexts ? '||' : token.value;
}

/** Words that T-SQL takes as names and DuckDB does not. */
const reservedHere = new Set(['PIVOT', 'LATERAL', 'QUALIFY', 'SUMMARIZE']);

const words = new Map([['CURRENT_TIMESTAMP', utcNow]]);

function parameter(name: string): string {
  const found = serverValues.get(name.toUpperCase());
  return found ?? `$${name}`;
}

const serverValues = new Map([
  ['@VERSION', "'Microsoft Azure SQL Data Warehouse - stand-in'"],
  ['@TRANCOUNT', "getvariable('trancount')"],
  ['@SPID', '1'],
  ['@ROWCOUNT', '0'],
  ['@LANGUAGE', "'us_english'"],
]);

export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** T-SQL cut into tokens: enough to take statements apart and to write them in DuckDB's dialect. */
import { SqlError } from './sql-error.ts';

export interface SqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'sign';
  /** Words as written, names and texts without their quotes, parameters without `@`. */
  readonly value: string;
  /** Words in upper case; else empty. */
  readonly word: string;
}

const patterns: readonly (readonly [SqlToken['kind'] | 'nothing', RegExp])[] = [
  ['nothing', /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ['text', /N?'((?:[^']|'')*)'/y],
  ['name', /\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"/y],
  ['parameter', /@((?:@?[A-Za-z_])[\w$#]*)/y],
  ['number', /\d+(?:\.\d+)?(?:e[+-]?\d+)?|0x[0-9a-f]+/iy],
  ['word', /[\p{L}_#][\p{L}\p{N}_$#]*/uy],
  ['sign', /<>|<=|>=|!=|::|\|\||[-+*/%=<>(),.;:&|^~!?]/y],
];

/** @throws SqlError */
export function tokensOf(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const found = patterns.find(([, pattern]) => {
      pattern.lastIndex = at;
      return pattern.test(sql);
    });
    if (!found) throw new SqlError(103_010, `Parse error: Incorrect syntax near '${sql.slice(at, at + 20)}'.`);
    const [kind, pattern] = found;
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    const [whole = '', first, second] = match ?? [];
    at += whole.length;
    if (kind === 'nothing') continue;
    const raw = first ?? second ?? whole;
    const value = kind === 'text' ? raw.replaceAll("''", "'") : kind === 'name' ? raw.replaceAll(']]', ']') : raw;
    tokens.push({ kind, value, word: kind === 'word' ? whole.toUpperCase() : '' });
  }
  return tokens;
}

/** Statements of a batch: cut at semicolons, and where a statement that needs none ends. */
export function statementsOf(sql: string): SqlToken[][] {
  const statements: SqlToken[][] = [];
  let current: SqlToken[] = [];
  let depth = 0;
  for (const token of tokensOf(sql)) {
    if (isSign(token, '(')) depth += 1;
    if (isSign(token, ')')) depth -= 1;
    const over = current[0]?.word === 'SET' && current.length > 2 && startsStatement(token);
    if (depth === 0 && (isSign(token, ';') || over)) {
      if (current.length > 0) statements.push(current);
      current = isSign(token, ';') ? [] : [token];
    } else {
      current.push(token);
    }
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

const starters = new Set(['SET', 'SELECT', 'BEGIN', 'IF', 'USE', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP']);

function startsStatement({ word }: SqlToken): boolean {
  return starters.has(word);
}

export function isSign(token: SqlToken | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.value === sign;
}

/** Index of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth += 1;
    if (isSign(tokens[at], ')')) depth -= 1;
    if (depth === 0) return at;
  }
  throw new SqlError(103_010, "Parse error: a ')' is missing.");
}

/** Cut at commas outside parentheses. */
export function listOf(tokens: readonly SqlToken[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, '(')) depth += 1;
    if (isSign(token, ')')) depth -= 1;
    if (depth === 0 && isSign(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** A statement as text again, for labels: without the secrets of COPY INTO. */
export function labelOf(tokens: readonly SqlToken[]): string {
  const words = tokens.map((token, i) => {
    const { kind, value } = token;
    if (kind === 'text') return tokens[i - 2]?.word === 'SECRET' ? "'***'" : `'${value}'`;
    if (kind === 'name') return `[${value}]`;
    return kind === 'parameter' ? `@${value}` : value;
  });
  return words.join(' ').replaceAll(/ ?([.,()]) ?/g, '$1');
}

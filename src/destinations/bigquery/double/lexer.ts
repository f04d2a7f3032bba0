/** GoogleSQL as tokens. */
import { invalidQuery } from './vendor-error.ts';

export interface Token {
  /** `name` is an unquoted word, `quoted` stood between backticks. */
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'parameter' | 'sign';
  /** Decoded: without quotes, backticks, `@`. */
  readonly text: string;
}

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y],
  ['quoted', /`[^`]+`/y],
  ['parameter', /@\w+/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_]\w*/y],
  ['sign', /=>|<=|>=|<>|!=|\|\||<<|>>|[^\s]/y],
];

export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const found = patterns.flatMap(([kind, pattern]) => {
      pattern.lastIndex = at;
      const match = pattern.exec(sql);
      return match ? [{ kind, raw: match[0] }] : [];
    })[0];
    if (!found) throw invalidQuery(`Syntax error: Illegal input character at [1:${at + 1}]`);
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: textOf(found.kind, found.raw) });
    at += found.raw.length;
  }
  return tokens;
}

/** Statements of a script, without what separates them. */
export function statementsOf(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function textOf(kind: Token['kind'], raw: string): string {
  if (kind === 'quoted') return raw.slice(1, -1);
  if (kind === 'parameter') return raw.slice(1);
  return kind === 'string' ? decodedString(raw) : raw;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' };

function decodedString(raw: string): string {
  const verbatim = /^[rR]/.test(raw);
  const quoted = verbatim ? raw.slice(1) : raw;
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  const inner = quoted.slice(width, -width);
  if (verbatim) return inner;
  return inner.replaceAll(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|(.))/gs,
    (_, u, U, x, other: string) => {
      const code = (u ?? U ?? x) as string | undefined;
      return code === undefined ? (escapes[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}

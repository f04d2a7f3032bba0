/** Just enough of Snowflake's lexis to find names, types and clauses in a statement. */

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'stage' | 'symbol';
  /** Words in upper case, quoted names and strings without their quotes, else as written. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const lexis =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^'\\]|\\.|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<stage>@[\w~./%-]+)|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w$]*|\$\d+)|(?<symbol>::|<=|>=|<>|!=|\|\||=>|[^\s])/gy;

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(lexis)) {
    const groups = match.groups ?? {};
    const text = match[0];
    const at = { start: match.index, end: match.index + text.length };
    if (groups['string'] !== undefined) tokens.push({ kind: 'string', value: unescaped(text.slice(1, -1)), ...at });
    else if (groups['quoted'] !== undefined)
      tokens.push({ kind: 'quoted', value: text.slice(1, -1).replaceAll('""', '"'), ...at });
    else if (groups['word'] !== undefined) tokens.push({ kind: 'word', value: text.toUpperCase(), ...at });
    else if (groups['stage'] !== undefined) tokens.push({ kind: 'stage', value: text, ...at });
    else if (groups['number'] !== undefined) tokens.push({ kind: 'number', value: text, ...at });
    else if (groups['symbol'] !== undefined) tokens.push({ kind: 'symbol', value: text, ...at });
  }
  return tokens;
}

function unescaped(text: string): string {
  return text
    .replaceAll("''", "'")
    .replaceAll(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** The statements of a script. */
export function splitScript(script: string): string[] {
  const ends = tokenize(script).filter(({ kind, value }) => kind === 'symbol' && value === ';');
  const starts = [0, ...ends.map(({ end }) => end)];
  return starts
    .map((start, i) => script.slice(start, ends[i]?.start ?? script.length).trim())
    .filter((statement) => tokenize(statement).length > 0);
}

/** A place in a statement, moved forward by what is read. */
export class Cursor {
  readonly tokens: readonly Token[];
  at: number;

  constructor(tokens: readonly Token[], at = 0) {
    this.tokens = tokens;
    this.at = at;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Moves past the words if all of them come next. */
  take(...values: readonly string[]): boolean {
    const here = values.every((value, i) => {
      const token = this.tokens[this.at + i];
      return token !== undefined && token.kind !== 'quoted' && token.kind !== 'string' && token.value === value;
    });
    if (here) this.at += values.length;
    return here;
  }

  /** The next token's value, moved past. */
  next(): string {
    const { value } = this.token ?? { value: '' };
    this.at += 1;
    return value;
  }

  /** A name of up to three parts, else null. */
  name(): readonly string[] | null {
    const parts: string[] = [];
    for (;;) {
      const token = this.token;
      if (!token || (token.kind !== 'word' && token.kind !== 'quoted')) return parts.length > 0 ? parts : null;
      parts.push(token.value);
      this.at += 1;
      if (!this.take('.')) return parts;
    }
  }

  /** Moves past the words wherever they come next; false when they do not. */
  seek(...values: readonly string[]): boolean {
    for (let at = this.at; at < this.tokens.length; at++) {
      const found = new Cursor(this.tokens, at);
      if (!found.take(...values)) continue;
      this.at = found.at;
      return true;
    }
    return false;
  }
}

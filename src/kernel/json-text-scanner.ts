/**
 * One pass over a JSON text: strict RFC 8259, bounded depth, no recursion beyond it.
 * Two modes share the grammar: `value` builds JavaScript values, `skim` only checks and keeps the text.
 */

export interface DoorNote {
  /** JSON pointer (RFC 6901) to the string or member, from the root of the parsed text. */
  readonly path: string;
  readonly change: 'nul-replaced' | 'surrogate-replaced';
}

export class JsonSyntaxError extends SyntaxError {
  /** In UTF-16 units from 0. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;

  constructor(problem: string, text: string, offset: number) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`${problem} at line ${line}, column ${column}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}

/** Enough to tell what happened; a hostile text must not make more notes than data. */
const maxNotes = 10_000;

const quote = 0x22;
const backslash = 0x5c;

export class JsonScanner {
  readonly text: string;
  readonly notes: DoorNote[] = [];
  pos = 0;
  readonly #maxDepth: number;
  /** Per open container: offset of the present key's quote, or -1 - index in an array. */
  readonly #trail: number[] = [];
  /** Text already cleaned, and the offset its unchanged continuation starts at. */
  #clean = '';
  #cleanUntil = 0;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.#maxDepth = maxDepth;
  }

  fail(problem: string, offset = this.pos): never {
    throw new JsonSyntaxError(problem, this.text, offset);
  }

  skipSpace(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.pos);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.pos++;
    }
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.pos < this.text.length) this.fail('Text goes on after the JSON value');
  }

  /** The value at `pos` as text: whitespace outside strings gone, NUL and lone surrogates replaced. */
  skimText(): string {
    const start = this.pos;
    this.#clean = '';
    this.#cleanUntil = start;
    this.#skim();
    const rest = this.text.slice(this.#cleanUntil, this.pos);
    return this.#clean === '' ? rest : this.#clean + rest;
  }

  /** `member` is called with each key, `pos` being at its value, and must move `pos` past it. */
  object(member: (key: string) => void): void {
    this.#enter();
    this.pos++;
    this.skipSpace();
    if (this.text.charCodeAt(this.pos) === 0x7d) {
      this.pos++;
      this.#trail.pop();
      return;
    }
    for (;;) {
      if (this.text.charCodeAt(this.pos) !== quote) this.fail('A member name in double quotes is missing');
      this.#trail[this.#trail.length - 1] = this.pos;
      const key = this.string();
      this.skipSpace();
      if (this.text.charCodeAt(this.pos) !== 0x3a) this.fail('A colon is missing');
      this.pos++;
      this.skipSpace();
      member(key);
      this.skipSpace();
      const c = this.text.charCodeAt(this.pos++);
      if (c === 0x7d) break;
      if (c !== 0x2c) this.fail('A comma or closing brace is missing', this.pos - 1);
      this.skipSpace();
    }
    this.#trail.pop();
  }

  /** `item` is called with `pos` at each item and must move `pos` past it. */
  array(item: () => void): void {
    this.#enter();
    this.pos++;
    this.skipSpace();
    if (this.text.charCodeAt(this.pos) === 0x5d) {
      this.pos++;
      this.#trail.pop();
      return;
    }
    const top = this.#trail.length - 1;
    for (let index = 0; ; index++) {
      this.#trail[top] = -1 - index;
      item();
      this.skipSpace();
      const c = this.text.charCodeAt(this.pos++);
      if (c === 0x5d) break;
      if (c !== 0x2c) this.fail('A comma or closing bracket is missing', this.pos - 1);
      this.skipSpace();
    }
    this.#trail.pop();
  }

  /** The string at `pos`, decoded and cleaned. */
  string(): string {
    const start = this.pos;
    const kind = this.#passString();
    if (kind === plain) return this.text.slice(start + 1, this.pos - 1);
    const decoded = JSON.parse(this.text.slice(start, this.pos)) as string;
    if (kind === escaped) return decoded;
    if (decoded.includes('\0')) this.#note('nul-replaced');
    if (!decoded.isWellFormed()) this.#note('surrogate-replaced');
    return decoded.replaceAll('\0', '\uFFFD').toWellFormed();
  }

  number(): number {
    const start = this.pos;
    this.#passNumber();
    return Number(this.text.slice(start, this.pos));
  }

  literal(word: string): void {
    if (!this.text.startsWith(word, this.pos)) this.fail('A JSON value is missing');
    this.pos += word.length;
  }

  #enter(): void {
    if (this.#trail.length >= this.#maxDepth) this.fail(`The value is nested deeper than ${this.#maxDepth} levels`);
    this.#trail.push(-1);
  }

  #skim(): void {
    const c = this.text.charCodeAt(this.pos);
    if (c === quote) this.#skimString();
    else if (c === 0x7b) this.#skimObject();
    else if (c === 0x5b) this.#skimArray();
    else if (c === 0x74) this.literal('true');
    else if (c === 0x66) this.literal('false');
    else if (c === 0x6e) this.literal('null');
    else this.#passNumber();
  }

  #skimObject(): void {
    this.#enter();
    const top = this.#trail.length - 1;
    this.pos++;
    this.#dropSpace();
    if (this.text.charCodeAt(this.pos) === 0x7d) this.pos++;
    else {
      for (;;) {
        if (this.text.charCodeAt(this.pos) !== quote) this.fail('A member name in double quotes is missing');
        this.#trail[top] = this.pos;
        this.#skimString();
        this.#dropSpace();
        if (this.text.charCodeAt(this.pos) !== 0x3a) this.fail('A colon is missing');
        this.pos++;
        this.#dropSpace();
        this.#skim();
        this.#dropSpace();
        const c = this.text.charCodeAt(this.pos++);
        if (c === 0x7d) break;
        if (c !== 0x2c) this.fail('A comma or closing brace is missing', this.pos - 1);
        this.#dropSpace();
      }
    }
    this.#trail.pop();
  }

  #skimArray(): void {
    this.#enter();
    const top = this.#trail.length - 1;
    this.pos++;
    this.#dropSpace();
    if (this.text.charCodeAt(this.pos) === 0x5d) this.pos++;
    else {
      for (let index = 0; ; index++) {
        this.#trail[top] = -1 - index;
        this.#skim();
        this.#dropSpace();
        const c = this.text.charCodeAt(this.pos++);
        if (c === 0x5d) break;
        if (c !== 0x2c) this.fail('A comma or closing bracket is missing', this.pos - 1);
        this.#dropSpace();
      }
    }
    this.#trail.pop();
  }

  #skimString(): void {
    const start = this.pos;
    if (this.#passString() !== suspect) return;
    const { text, nul, lone } = cleanStringText(this.text.slice(start, this.pos));
    if (nul) this.#note('nul-replaced');
    if (lone) this.#note('surrogate-replaced');
    this.#clean += this.text.slice(this.#cleanUntil, start) + text;
    this.#cleanUntil = this.pos;
  }

  /** Skips whitespace and leaves it out of the kept text. */
  #dropSpace(): void {
    const c = this.text.charCodeAt(this.pos);
    if (c > 0x20 || Number.isNaN(c)) return;
    const start = this.pos;
    this.skipSpace();
    if (this.pos === start) return;
    this.#clean += this.text.slice(this.#cleanUntil, start);
    this.#cleanUntil = this.pos;
  }

  #passString(): StringKind {
    const { text } = this;
    let kind: StringKind = plain;
    for (let pos = this.pos + 1; ; pos++) {
      const c = text.charCodeAt(pos);
      if (c === quote) {
        this.pos = pos + 1;
        return kind;
      }
      if (c === backslash) {
        pos = this.#passEscape(pos);
        if (kind !== suspect) kind = this.#suspectEscape(pos) ? suspect : escaped;
      } else if (c < 0x20) this.fail('A control character stands unescaped in a string', pos);
      else if (c >= 0xd800 && c <= 0xdfff) {
        if (isPair(c, text.charCodeAt(pos + 1))) pos++;
        else kind = suspect;
      } else if (Number.isNaN(c)) this.fail('A string is not closed', pos);
    }
  }

  /** From the backslash to the last character of the escape. */
  #passEscape(pos: number): number {
    const letter = this.text.charAt(pos + 1);
    if (letter === 'u') {
      for (let i = 2; i < 6; i++) {
        if (!isHexDigit(this.text.charCodeAt(pos + i))) this.fail('An escape needs four hexadecimal digits', pos);
      }
      return pos + 5;
    }
    if (letter === '' || !'"\\/bfnrt'.includes(letter)) this.fail('An unknown escape stands in a string', pos);
    return pos + 1;
  }

  /** Whether the escape that ends at `pos` is a NUL or part of a pair that must be looked at. */
  #suspectEscape(pos: number): boolean {
    if (this.text.charCodeAt(pos - 4) !== 0x75 || this.text.charCodeAt(pos - 5) !== backslash) return false;
    const unit = Number.parseInt(this.text.slice(pos - 3, pos + 1), 16);
    return unit === 0 || (unit >= 0xd800 && unit <= 0xdfff);
  }

  #passNumber(): void {
    const { text } = this;
    const start = this.pos;
    let pos = start;
    if (text.charCodeAt(pos) === 0x2d) pos++;
    if (text.charCodeAt(pos) === 0x30) pos++;
    else pos = this.#passDigits(pos, start);
    if (text.charCodeAt(pos) === 0x2e) pos = this.#passDigits(pos + 1, start);
    const e = text.charCodeAt(pos);
    if (e === 0x65 || e === 0x45) {
      const sign = text.charCodeAt(pos + 1);
      pos = this.#passDigits(sign === 0x2b || sign === 0x2d ? pos + 2 : pos + 1, start);
    }
    this.pos = pos;
  }

  #passDigits(from: number, start: number): number {
    let pos = from;
    while (isDigit(this.text.charCodeAt(pos))) pos++;
    if (pos === from) this.fail(from === start ? 'A JSON value is missing' : 'A number is not complete', start);
    return pos;
  }

  #note(change: DoorNote['change']): void {
    if (this.notes.length < maxNotes) this.notes.push({ path: this.#path(), change });
  }

  #path(): string {
    return this.#trail.map((step) => `/${step < 0 ? String(-1 - step) : pointerPart(this.#keyAt(step))}`).join('');
  }

  #keyAt(offset: number): string {
    const key = new JsonScanner(this.text, 0);
    key.pos = offset;
    key.#passString();
    const decoded = JSON.parse(this.text.slice(offset, key.pos)) as string;
    return decoded.replaceAll('\0', '\uFFFD').toWellFormed();
  }
}

/** `escaped`: has escapes, none of them troublesome; `suspect`: may hold NUL or a lone surrogate. */
type StringKind = 0 | 1 | 2;
const plain = 0;
const escaped = 1;
const suspect = 2;

function cleanStringText(source: string): { text: string; nul: boolean; lone: boolean } {
  const tokens = source.match(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gs) ?? [];
  const units = tokens.map((token) =>
    token.startsWith('\\u') ? Number.parseInt(token.slice(2), 16) : token.length === 1 ? token.charCodeAt(0) : -1,
  );
  const parts: string[] = [];
  let nul = false;
  let lone = false;
  for (let i = 0; i < tokens.length; i++) {
    const unit = units[i] ?? -1;
    const token = tokens[i] ?? '';
    const next = tokens[i + 1] ?? '';
    if (unit === 0) {
      nul = true;
      parts.push('\uFFFD');
    } else if (unit < 0xd800 || unit > 0xdfff) parts.push(token);
    else if (isPair(unit, units[i + 1] ?? -1)) {
      // a pair written half escaped and half not would not survive UTF-8
      parts.push(token.length === next.length ? token + next : String.fromCharCode(unit, units[i + 1] ?? 0));
      i++;
    } else {
      lone = true;
      parts.push('\uFFFD');
    }
  }
  return { text: parts.join(''), nul, lone };
}

function isPair(high: number, low: number): boolean {
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isHexDigit(c: number): boolean {
  return isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
}

function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * JSON of customers is kept as the text it came in: JavaScript numbers would round 64-bit integers and long decimals,
 * and objects would reorder keys that look like indexes.
 */
import { JsonScanner, type DoorNote } from './json-text-scanner.ts';

/** A JSON value as text: valid, compact, well-formed UTF-16, without NUL. Only this file's functions promise that. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** JSON.stringify would quote the text; `stringifyJson` writes it as it is. */
  toJSON(): never {
    throw new TypeError('a JsonText is written by stringifyJson, not by JSON.stringify');
  }
}

/** Of an object in which no key stands twice. */
export class ObjectText extends JsonText {}

export const nullText = new JsonText('null');

export interface ParseOptions {
  /** The value of a member with such a key becomes a JsonText, `null` included; nothing inside it is looked for. */
  readonly rawKeys?: ReadonlySet<string>;
  /** Containers that may stand in each other; 100 when absent. */
  readonly maxDepth?: number;
}

/**
 * Parses strict JSON. NUL and lone surrogates become U+FFFD, in strings and in raw members, and are noted.
 * Of repeated keys the last wins; `__proto__` is a key like any other.
 * @throws JsonSyntaxError also when nested too deep
 */
export function parseJson(text: string, options: ParseOptions = {}): { value: unknown; notes: DoorNote[] } {
  const scanner = new JsonScanner(text, options.maxDepth ?? 100);
  scanner.skipSpace();
  const value = readValue(scanner, options.rawKeys ?? new Set());
  scanner.expectEnd();
  return { value, notes: scanner.notes };
}

/** The whole text as one JsonText. @throws JsonSyntaxError */
export function parseJsonText(text: string, maxDepth = 100): { json: JsonText; notes: DoorNote[] } {
  const scanner = new JsonScanner(text, maxDepth);
  scanner.skipSpace();
  const json = new JsonText(scanner.skimText());
  scanner.expectEnd();
  return { json, notes: scanner.notes };
}

/** Notes at or below `pointer`, their paths made relative to it. */
export function notesBelow(notes: readonly DoorNote[], pointer: string): DoorNote[] {
  return notes
    .filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`))
    .map(({ path, change }) => ({ path: path.slice(pointer.length), change }));
}

/** JSON.stringify, but for JsonText, which is written as it is. `undefined` at the root becomes `null`. */
export function stringifyJson(value: unknown): string {
  return write(value) ?? 'null';
}

/** A plain value as JsonText; NUL and lone surrogates in it become U+FFFD. */
export function toJsonText(value: unknown): JsonText {
  return parseJsonText(stringifyJson(value)).json;
}

/** Members of an object's text in order, repeated keys included, values as text; null when it is not an object. */
export function objectMembers(json: JsonText): [key: string, value: JsonText][] | null {
  if (!json.text.startsWith('{')) return null;
  const scanner = new JsonScanner(json.text, Number.POSITIVE_INFINITY);
  const members: [string, JsonText][] = [];
  scanner.object((key) => members.push([key, new JsonText(scanner.skimText())]));
  return members;
}

/** Items of an array's text, or null when it is not an array. */
export function arrayItems(json: JsonText): JsonText[] | null {
  if (!json.text.startsWith('[')) return null;
  const scanner = new JsonScanner(json.text, Number.POSITIVE_INFINITY);
  const items: JsonText[] = [];
  scanner.array(() => items.push(new JsonText(scanner.skimText())));
  return items;
}

/** Keys must be well-formed and free of NUL, as keys that came through `parseJson` or `objectMembers` are. */
export function objectText(members: Iterable<readonly [string, JsonText]>): JsonText {
  const parts: string[] = [];
  for (const [key, value] of members) parts.push(`${JSON.stringify(key)}:${value.text}`);
  return new JsonText(`{${parts.join(',')}}`);
}

export function arrayText(items: Iterable<JsonText>): JsonText {
  return new JsonText(`[${Array.from(items, (item) => item.text).join(',')}]`);
}

function readValue(scanner: JsonScanner, rawKeys: ReadonlySet<string>): unknown {
  switch (scanner.text.charAt(scanner.pos)) {
    case '"':
      return scanner.string();
    case '{':
      return readObject(scanner, rawKeys);
    case '[': {
      const items: unknown[] = [];
      scanner.array(() => items.push(readValue(scanner, rawKeys)));
      return items;
    }
    case 't':
      scanner.literal('true');
      return true;
    case 'f':
      scanner.literal('false');
      return false;
    case 'n':
      scanner.literal('null');
      return null;
    default:
      return scanner.number();
  }
}

function readObject(scanner: JsonScanner, rawKeys: ReadonlySet<string>): object {
  const object: Record<string, unknown> = {};
  scanner.object((key) => {
    const value = rawKeys.has(key) ? new JsonText(scanner.skimText()) : readValue(scanner, rawKeys);
    if (key === '__proto__') {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    } else object[key] = value;
  });
  return object;
}

function write(value: unknown): string | undefined {
  if (value instanceof JsonText) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON());
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  const parts: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    const text = write(member);
    if (text !== undefined) parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

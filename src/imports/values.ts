/** Cells as JSON: numbers keep their digits, texts stay what they are. */
import { JsonSyntaxError } from '../kernel/json-text-scanner.ts';
import { parseJsonText } from '../kernel/json-text.ts';
import { looksLikeDate, readDate } from './dates.ts';
import type { ValueType } from './fields.ts';

export type PropertyType = Exclude<ValueType, 'consent'>;

/** JSON text of a cell, or what is wrong with it. */
export type Converted = { readonly json: string } | { readonly problem: string };

/** Longer ones are no numbers that anyone computes with. */
const numberPattern = /^-?(?:0|[1-9]\d{0,99})(?:\.\d{1,100})?(?:[eE][+-]?\d{1,3})?$/;
const leadingZero = /^[+-]?0\d+$/;

const yes = new Set(['true', 't', 'yes', 'y', '1']);
const no = new Set(['false', 'f', 'no', 'n', '0']);

export const converters: Readonly<Record<PropertyType, (cell: string) => Converted>> = {
  text: (cell) => ({ json: JSON.stringify(cell) }),

  number(cell) {
    if (numberPattern.test(cell)) return { json: cell };
    const trimmed = cell.trim();
    if (numberPattern.test(trimmed)) return { json: trimmed };
    if (leadingZero.test(trimmed)) return { problem: 'begins with a zero, so it is a text rather than a number.' };
    return { problem: 'is not a number. Write digits and a point, without currency signs, blanks or commas.' };
  },

  boolean(cell) {
    const word = cell.trim().toLowerCase();
    if (yes.has(word)) return { json: 'true' };
    return no.has(word) ? { json: 'false' } : { problem: 'is not true or false.' };
  },

  date(cell) {
    const read = readDate(cell);
    return 'problem' in read ? read : { json: JSON.stringify(read.text) };
  },

  list: (cell) => jsonOf(cell, '[', 'is not a list. Write a JSON list such as ["a","b"].'),

  json(cell) {
    const first = cell.trimStart().charAt(0);
    return jsonOf(cell, first, 'is not valid JSON.');
  },
};

function jsonOf(cell: string, first: string, problem: string): Converted {
  if (cell.trimStart().charAt(0) !== first) return { problem };
  try {
    return { json: parseJsonText(cell, 10).json.text };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { problem };
    throw error;
  }
}

/** A cell as a message shows it. */
export function quoted(cell: string): string {
  const line = cell.replaceAll(/\s+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 60).toWellFormed()}...` : line}"`;
}

/** How the cells of a column fit a type. */
export interface Guess {
  readonly type: PropertyType;
  /** Cells of the sample that are not empty, and those of them that do not fit. */
  readonly filled: number;
  readonly misfits: number;
}

const tests: readonly { readonly type: PropertyType; readonly fits: (cell: string) => boolean }[] = [
  { type: 'boolean', fits: (cell) => /^(true|false)$/i.test(cell) },
  { type: 'number', fits: (cell) => numberPattern.test(cell) },
  { type: 'date', fits: looksLikeDate },
  { type: 'list', fits: (cell) => 'json' in converters.list(cell) },
  { type: 'json', fits: (cell) => cell.trimStart().startsWith('{') && 'json' in converters.json(cell) },
];

/** Nearly all must fit; then it is worth asking about the others. */
const shareNeeded = 0.95;
const cellsNeeded = 20;

/** The type a column's filled cells have in common; text when there is none. Codes with leading zeros are text. */
export function guessType(cells: readonly string[]): Guess {
  const filled = cells.length;
  const text: Guess = { type: 'text', filled, misfits: 0 };
  if (filled === 0 || cells.some((cell) => leadingZero.test(cell))) return text;
  for (const { type, fits } of tests) {
    const misfits = cells.reduce((count, cell) => (fits(cell) ? count : count + 1), 0);
    const share = 1 - misfits / filled;
    if (misfits === 0 || (filled >= cellsNeeded && share >= shareNeeded)) return { type, filled, misfits };
  }
  return text;
}

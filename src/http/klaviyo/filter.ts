import { invalidParameter, shown, type ApiError } from './api-error.ts';
import { readInstant } from './instant.ts';
import type { Condition } from '../../store/conditions.ts';
import type { FilterRule } from './operation.ts';

const maxFilterLength = 100_000;
const maxConditions = 50;
const maxListLength = 1000;

/**
 * Reads `op(field,value),op(...)` or `and(op(...),op(...))`: all conditions must hold.
 * Values: strings in single or double quotes (backslash escapes), numbers, dates, lists in brackets.
 * @throws ApiError 400 naming the place or the field
 */
export function readFilter(text: string, rules: Readonly<Record<string, FilterRule>>): Condition[] {
  if (text.length > maxFilterLength) throw refused('The filter is too long.');
  const parser = new FilterParser(text);
  const calls = parser.all();
  if (calls.length > maxConditions) throw refused(`A filter may hold ${maxConditions} conditions.`);
  return calls.map((call) => checked(call, rules));
}

interface Call {
  readonly operator: string;
  readonly field: string;
  /** Absent for `has(field)`. */
  readonly value?: Literal | readonly Literal[];
}

/** `bare` is unquoted text: a number, a date, true, null. */
interface Literal {
  readonly text: string;
  readonly bare: boolean;
}

class FilterParser {
  readonly #text: string;
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Call[] {
    const calls = this.#terms();
    this.#skipSpace();
    if (this.#pos < this.#text.length) throw this.#broken('a comma or the end');
    return calls;
  }

  #terms(): Call[] {
    const calls: Call[] = [];
    do calls.push(...this.#term());
    while (this.#take(','));
    return calls;
  }

  #term(): Call[] {
    const operator = this.#word('an operator');
    this.#expect('(');
    if (operator === 'and') {
      const calls = this.#terms();
      this.#expect(')');
      return calls;
    }
    const field = this.#word('a field');
    const call: Call = this.#take(',') ? { operator, field, value: this.#value() } : { operator, field };
    this.#expect(')');
    return [call];
  }

  #value(): Literal | Literal[] {
    if (!this.#take('[')) return this.#literal();
    const items: Literal[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#literal());
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  #literal(): Literal {
    this.#skipSpace();
    const quote = this.#text.charAt(this.#pos);
    if (quote === '"' || quote === "'") return { text: this.#quoted(quote), bare: false };
    const [bare = ''] = /^[^,()[\]"']*/.exec(this.#text.slice(this.#pos)) ?? [];
    if (bare.trim() === '') throw this.#broken('a value');
    this.#pos += bare.length;
    return { text: bare.trim(), bare: true };
  }

  #quoted(quote: string): string {
    let out = '';
    for (let i = this.#pos + 1; i < this.#text.length; i++) {
      const c = this.#text.charAt(i);
      if (c === '\\' && i + 1 < this.#text.length) out += this.#text.charAt(++i);
      else if (c !== quote) out += c;
      else {
        this.#pos = i + 1;
        return out;
      }
    }
    throw this.#broken('a closing quote');
  }

  #word(what: string): string {
    this.#skipSpace();
    const [word = ''] = /^[A-Za-z0-9_.-]*/.exec(this.#text.slice(this.#pos)) ?? [];
    if (word === '') throw this.#broken(what);
    this.#pos += word.length;
    return word;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text.charAt(this.#pos) !== character) return false;
    this.#pos += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw this.#broken(`"${character}"`);
  }

  #skipSpace(): void {
    while (this.#text.charAt(this.#pos) === ' ') this.#pos += 1;
  }

  #broken(expected: string): ApiError {
    return refused(`The filter cannot be read at character ${this.#pos + 1}: expected ${expected}.`);
  }
}

function checked(call: Call, rules: Readonly<Record<string, FilterRule>>): Condition {
  const rule = Object.hasOwn(rules, call.field) ? rules[call.field] : undefined;
  if (!rule) throw refused(`${shown(call.field)} is not a filterable field here.`);
  const kind = call.value === undefined ? 'none' : Array.isArray(call.value) ? 'list' : 'single';
  const operator = (rule[kind] ?? []).find((candidate) => candidate === call.operator);
  if (!operator) {
    const forms = { none: 'without a value', single: 'with one value', list: 'with a list' } as const;
    throw refused(`${shown(call.operator)} cannot be used on ${call.field} ${forms[kind]}.`);
  }
  const literals = call.value === undefined ? [] : [call.value].flat();
  if (kind === 'list' && (literals.length === 0 || literals.length > maxListLength)) {
    throw refused(`The list for ${call.field} must hold 1 to ${maxListLength} values.`);
  }
  return { field: call.field, operator, values: literals.map((literal) => typed(literal, call.field, rule)) };
}

function typed(literal: Literal, field: string, rule: FilterRule): string | number {
  const { text } = literal;
  if (rule.value === 'date-time') {
    const instant = readInstant(text);
    if (instant === null) throw refused(`${field} takes a date and time such as 2026-01-31T12:00:00Z.`);
    return instant;
  }
  if (rule.value === 'number') {
    // seconds since 1970; beyond this bound no database time exists
    const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(Math.abs(number) <= 100_000_000_000)) throw refused(`${field} takes a number.`);
    return number;
  }
  if (literal.bare) throw refused(`${field} takes text in quotes.`);
  if (rule.values && !rule.values.includes(text)) throw refused(`${field} is one of ${rule.values.join(', ')}.`);
  return text;
}

function refused(detail: string): ApiError {
  return invalidParameter('filter', detail);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { readFilter } from './filter.ts';
import type { FilterRule } from './operation.ts';

const rules: Readonly<Record<string, FilterRule>> = {
  email: { single: ['equals'], list: ['any', 'equals'], value: 'string' },
  created: { single: ['greater-than', 'less-than'], value: 'date-time' },
  timestamp: { single: ['less-or-equal'], value: 'number' },
  profile: { none: ['has'] },
  status: { single: ['equals'], value: 'string', values: ['queued', 'complete'] },
};

function outcomeOf(text: string): string {
  try {
    return readFilter(text, rules).length > 0 ? 'read' : 'nothing';
  } catch (error) {
    const source = error instanceof ApiError ? error.problems[0]?.source : undefined;
    return source && 'parameter' in source ? `refused at ${source.parameter}` : String(error);
  }
}

describe('readFilter', () => {
  test('reads one condition of each kind', () => {
    const text = `equals(email,"a@b.pl"),greater-than(created,2026-01-31T12:00:00+01:00),less-or-equal(timestamp,-1.5),has(profile)`;
    expect(readFilter(text, rules)).toEqual([
      { field: 'email', operator: 'equals', values: ['a@b.pl'] },
      { field: 'created', operator: 'greater-than', values: ['2026-01-31T12:00:00+01:00'] },
      { field: 'timestamp', operator: 'less-or-equal', values: [-1.5] },
      { field: 'profile', operator: 'has', values: [] },
    ]);
  });

  test('and() may nest; spaces do not matter', () => {
    const nested = readFilter(`and( has(profile) , and(any(email, ['a', "b"]),has(profile)))`, rules);
    expect(nested.map(({ operator, values }) => [operator, values])).toEqual([
      ['has', []],
      ['any', ['a', 'b']],
      ['has', []],
    ]);
  });

  test('a list may be asked with equals, a date may be a day', () => {
    expect(readFilter(`equals(email,["a"])`, rules)[0]?.values).toEqual(['a']);
    expect(readFilter('less-than(created,2026-01-31)', rules)[0]?.values).toEqual(['2026-01-31T00:00:00Z']);
  });

  test('every text survives quoting, in either quote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', "'"), (text, quote) => {
        const quoted = quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
        expect(readFilter(`equals(email,${quoted})`, rules)[0]?.values).toEqual([text]);
      }),
    );
  });

  test('any text is either read or refused with words, never anything else', () => {
    const piece = fc.constantFrom(
      'equals',
      'any',
      'and',
      'has',
      '(',
      ')',
      ',',
      '[',
      ']',
      '"',
      "'",
      '\\',
      'email',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        expect(outcomeOf(pieces.join(''))).toMatch(/^(read|refused at filter)$/);
      }),
    );
  });

  test.each([
    ['equals(email,"a"', 'expected ")"'],
    ['equals(email,"a', 'expected a closing quote'],
    ['equals(email,"a"))', 'expected a comma or the end'],
    ['equals(email)', 'equals cannot be used on email without a value'],
    ['contains(email,"a")', 'contains cannot be used on email'],
    ['equals(password,"a")', 'password is not a filterable field'],
    ['equals(constructor,"a")', 'constructor is not a filterable field'],
    ['any(email,[])', 'must hold 1 to 1000 values'],
    ['equals(email,a)', 'email takes text in quotes'],
    ['greater-than(created,"31.01.2026")', 'created takes a date and time'],
    ['greater-than(created,2026-02-30)', 'created takes a date and time'],
    ['less-or-equal(timestamp,1e400)', 'timestamp takes a number'],
    ['equals(status,"lost")', 'status is one of queued, complete'],
    [`${'has(profile),'.repeat(50)}has(profile)`, 'may hold 50 conditions'],
  ])('%s is refused', (text, words) => {
    expect(() => readFilter(text, rules)).toThrow(words);
  });
});

import { expect, test } from 'vitest';
import { converters, guessType } from './values.ts';

test.each([
  [['1', '-2.50', '3e5'], 'number', 0],
  [['007', '123'], 'text', 0],
  [['true', 'FALSE'], 'boolean', 0],
  [['1', '0'], 'number', 0],
  [['t', 'f'], 'text', 0],
  [['2024-01-01', '01/31/2024 10:00'], 'date', 0],
  [['1704067200'], 'number', 0],
  [['["a"]', '[]'], 'list', 0],
  [['{"a":1}'], 'json', 0],
  [['[a]'], 'text', 0],
  [['', ''].slice(2), 'text', 0],
  [['1', 'x'], 'text', 0],
  [[...Array.from({ length: 30 }, (_, i) => `${i + 1}`), 'n/a'], 'number', 1],
  [['$1.50'], 'text', 0],
  [['1,5'], 'text', 0],
])('%j is %s', (cells, type, misfits) => {
  expect(guessType(cells)).toEqual({ type, filled: cells.length, misfits });
});

test('numbers keep their digits; what is no number is told why', () => {
  expect(converters.number('12345678901234567890.10')).toEqual({ json: '12345678901234567890.10' });
  expect(converters.number(' 7 ')).toEqual({ json: '7' });
  for (const cell of ['+7', '7 zł', '1 000', '.5', '0x10', 'NaN', 'Infinity', '1_000', '١']) {
    expect(converters.number(cell)).toEqual({ problem: expect.stringContaining('is not a number') });
  }
  expect(converters.number('0049')).toEqual({ problem: expect.stringContaining('begins with a zero') });
});

test('lists and JSON are compacted, keep their digits, and are ten levels deep at most', () => {
  expect(converters.list('[ 1.0, "a" ]')).toEqual({ json: '[1.0,"a"]' });
  expect(converters.list('{"a":1}')).toHaveProperty('problem');
  expect(converters.json('{"b":1,"a":{"1":2}}')).toEqual({ json: '{"b":1,"a":{"1":2}}' });
  expect(converters.json(`${'['.repeat(11)}${']'.repeat(11)}`)).toHaveProperty('problem');
});

test('the words for true and false', () => {
  for (const cell of ['true', 'T', 'yes', 'Y', '1']) expect(converters.boolean(cell)).toEqual({ json: 'true' });
  for (const cell of ['false', 'F', 'no', 'N', '0']) expect(converters.boolean(cell)).toEqual({ json: 'false' });
  expect(converters.boolean('maybe')).toHaveProperty('problem');
});

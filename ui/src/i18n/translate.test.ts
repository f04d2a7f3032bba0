import { expect, test } from 'vitest';
import { defineWords, translate } from './words.ts';

const words = defineWords({
  en: { rows_one: '{{count}} row', rows_other: '{{count}} rows', hello: 'Hello {{name}}' },
  pl: {
    rows_one: '{{count}} wiersz',
    rows_few: '{{count}} wiersze',
    rows_many: '{{count}} wierszy',
    rows_other: '{{count}} wiersza',
    hello: 'Cześć, {{name}}',
  },
});

test.each([
  ['en', 1, '1 row'],
  ['en', 0, '0 rows'],
  ['pl', 1, '1 wiersz'],
  ['pl', 23, '23 wiersze'],
  ['pl', 12, '12 wierszy'],
  ['pl', 1.5, '1.5 wiersza'],
] as const)('%s %d: %s', (language, count, text) => expect(translate(words, language, 'rows', { count })).toBe(text));

test('what is filled in stays as it was typed', () => {
  expect(translate(words, 'en', 'hello', { name: '<b>&{{name}}$1</b>' })).toBe('Hello <b>&{{name}}$1</b>');
  expect(translate(words, 'pl', 'hello')).toBe('Cześć, {{name}}');
});

import { expect, test } from 'vitest';
import { translator } from '../../ui/src/i18n/translator.ts';
import { polish } from '../../ui/src/i18n/sentences/polish.ts';
import { isSentence, serverSentences } from './server-sentences.ts';

const spoken = serverSentences();

test('every sentence of the server can be said in Polish', () => {
  expect(spoken.length).toBeGreaterThan(400);
  expect(spoken.filter(({ text }) => !(text in polish)).map(({ text, file }) => `${file}: ${text}`)).toEqual([]);
});

test('no sentence is kept that the server does not say any more', () => {
  const known = new Set(spoken.map(({ text }) => text));
  expect(Object.keys(polish).filter((text) => isSentence(text) && !known.has(text))).toEqual([]);
});

test('a sentence in Polish fills in nothing that the server does not', () => {
  const places = (text: string) => new Set(text.match(/\{\d\}/g));
  const strange = Object.entries(polish).filter(([english, said]) => !places(said).isSubsetOf(places(english)));
  expect(strange).toEqual([]);
});

test.each([
  ['The file is empty.', 'Plik jest pusty.'],
  ['Vendor words.', 'Vendor words.'],
  ['No {0} here', 'Nie ma tu {0}'],
  ['No table x here', 'Nie ma tu tabeli x'],
  ['No .* here', 'Nie ma tu .*'],
  ['No a and a twice', 'a i a'],
  ['No a and b twice', 'No a and b twice'],
])('%s', (english, translated) => {
  const say = translator({
    'The file is empty.': 'Plik jest pusty.',
    'No {0} here': 'Nie ma tu {0}',
    'table {0}': 'tabeli {0}',
    'No {0} and {0} twice': '{0} i {0}',
  });
  expect(say(english)).toBe(translated);
});

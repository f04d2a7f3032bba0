import { expect, test } from 'vitest';
import { letterOf } from '../../src/alerts/letter.ts';
import type { AlertFacts } from '../../src/alerts/types.ts';
import { sayIn } from '../../src/sentences/say.ts';
import { translator } from '../../src/sentences/translator.ts';
import { polish } from '../../src/sentences/polish.ts';
import { isSentence, serverSentences } from './server-sentences.ts';

const spoken = serverSentences();

test('every sentence of the server can be said in Polish', () => {
  expect(spoken.length).toBeGreaterThan(400);
  expect(spoken.filter(({ text }) => !(text in polish)).map(({ text, file }) => `${file}: ${text}`)).toEqual([]);
});

/** Bound to a place of each letter that a sentence of the server can come to. */
const inLetters: readonly (readonly ['sync.failed' | 'sync.error' | 'import.failed', (text: string) => AlertFacts])[] =
  [
    ['sync.failed', (text) => ({ error: { code: 'X', summary: text, advice: text, externalMessage: null } })],
    [
      'sync.error',
      (text) => ({
        since: '2026-03-01T10:00:00Z',
        error: { code: 'X', summary: text, advice: text, externalMessage: null },
      }),
    ],
    [
      'import.failed',
      (text) => ({
        import: { id: 'i', object: 'profiles', fileName: 'f', skippedRows: 1, message: text, advice: text },
      }),
    ],
  ];

test.each(inLetters)('%s: a Polish letter says no sentence of the server in English', async (type, factsWith) => {
  const say = await sayIn('pl');
  const subject = { id: 'AbC123', name: 'Sklep', timeZone: 'Europe/Warsaw' };
  const english = spoken.filter(({ text }) => {
    const filled = text.replaceAll(/\{\d\}/g, '7');
    const alert = { accountId: 1, id: 'a', type, at: new Date(0), facts: factsWith(filled) };
    return letterOf(alert, subject, null, 'pl', say).text.split('\n').includes(filled);
  });
  expect(english.map(({ text }) => text)).toEqual([]);
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

import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Words } from './words.ts';

const root = join(import.meta.dirname, '..');
const files: string[] = [];
for await (const file of glob('**/words.ts', { cwd: root })) if (!file.startsWith('i18n')) files.push(file);

/** What each language's plural rules can ask for (CLDR). */
const forms = { en: ['one', 'other'], pl: ['few', 'many', 'one', 'other'] } as const;

test('there are words to look at', () => expect(files.length).toBeGreaterThan(4));

test.each(files)(
  '%s: both languages have every text, each plural form, and the same values to fill in',
  async (file) => {
    const { words } = (await import(join(root, file))) as { words: Words<string> };
    const described = Object.fromEntries(
      Object.entries(words.texts).map(([language, texts]) => [language, describeTexts(texts)]),
    );
    expect(Object.keys(described['pl'] ?? {})).toEqual(Object.keys(described['en'] ?? {}));
    for (const [language, keys] of Object.entries(described)) {
      for (const [key, { plurals, values }] of Object.entries(keys)) {
        const label = `${language} ${key}`;
        expect([[], forms[language as 'en' | 'pl']], label).toContainEqual(plurals);
        expect(`${label} ${values}`).toBe(`${label} ${described['en']?.[key]?.values}`);
      }
    }
  },
);

interface Described {
  readonly plurals: readonly string[];
  readonly values: string;
}

function describeTexts(texts: Readonly<Record<string, string>>): Record<string, Described> {
  const groups = Map.groupBy(Object.keys(texts).sort(), (key) => key.replace(/_(one|few|many|other)$/, ''));
  return Object.fromEntries(
    [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, variants]) => {
        const plurals = variants.filter((one) => one !== key).map((one) => one.slice(key.length + 1));
        const values = variants.flatMap((one) => texts[one]?.match(/\{\{\w+\}\}/g) ?? []);
        return [key, { plurals, values: [...new Set(values)].sort().join(' ') }];
      }),
  );
}

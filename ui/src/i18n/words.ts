/**
 * Words of the pages, in every language at once. Each screen keeps its own beside its code:
 *
 *   const words = defineWords({ en: { rows_one: '{{count}} row', rows_other: '{{count}} rows' }, pl: { ... } });
 *   const t = useWords(words);   t('rows', { count: 3 })
 *
 * A key that one language lacks does not compile; that plural forms are complete is proved by `words.test.ts`.
 */
import { useMemo } from 'react';
import { i18n, useLanguage } from './i18n.ts';

export const languages = ['en', 'pl'] as const;
export type Language = (typeof languages)[number];

type PluralForm = 'one' | 'few' | 'many' | 'other';
/** The key a caller uses: without the plural form. */
export type Key<K> = K extends `${infer Base}_${PluralForm}` ? Base : K;

export interface Words<K extends string> {
  readonly name: string;
  readonly texts: Readonly<Record<Language, Readonly<Record<string, string>>>>;
  readonly key?: K;
}

let count = 0;

export function defineWords<const En extends Record<string, string>, const Pl extends Record<string, string>>(texts: {
  readonly en: En;
  readonly pl: Key<keyof En> extends Key<keyof Pl> ? (Key<keyof Pl> extends Key<keyof En> ? Pl : never) : never;
}): Words<Key<keyof En> & string> {
  count += 1;
  const name = `words-${count}`;
  for (const language of languages) i18n.addResourceBundle(language, name, texts[language]);
  return { name, texts: texts as Words<string>['texts'] };
}

/** What is filled in; `count` also chooses the plural form. */
export type Values = Readonly<Record<string, string | number>>;
export type Translate<K extends string> = (key: K, values?: Values) => string;

export function useWords<K extends string>(words: Words<K>): Translate<K> {
  const language = useLanguage();
  return useMemo(() => (key, values) => translate(words, language, key, values), [language, words]);
}

export function translate<K extends string>(words: Words<K>, language: Language, key: K, values: Values = {}): string {
  return i18n.t(key as string, { ...values, ns: words.name, lng: language });
}

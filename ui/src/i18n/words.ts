/**
 * Words of the pages, in every language at once. Each screen keeps its own beside its code:
 *
 *   const words = defineWords({ en: { rows_one: '{{count}} row', rows_other: '{{count}} rows' }, pl: { ... } });
 *   const t = useWords(words);   t('rows', { count: 3 })
 *
 * A key that one language lacks does not compile; that plural forms are complete is proved by `words.test.ts`.
 */
import { useMemo } from 'react';
import { useLanguage } from './i18n.ts';

export const languages = ['en', 'pl'] as const;
export type Language = (typeof languages)[number];

type PluralForm = 'one' | 'few' | 'many' | 'other';
/** The key a caller uses: without the plural form. */
export type Key<K> = K extends `${infer Base}_${PluralForm}` ? Base : K;

export interface Words<K extends string> {
  readonly texts: Readonly<Record<Language, Readonly<Record<string, string>>>>;
  readonly key?: K;
}

export function defineWords<const En extends Record<string, string>, const Pl extends Record<string, string>>(texts: {
  readonly en: En;
  readonly pl: Key<keyof En> extends Key<keyof Pl> ? (Key<keyof Pl> extends Key<keyof En> ? Pl : never) : never;
}): Words<Key<keyof En> & string> {
  return { texts: texts as Words<string>['texts'] };
}

/** What is filled in; `count` also chooses the plural form. */
export type Values = Readonly<Record<string, string | number>>;
export type Translate<K extends string> = (key: K, values?: Values) => string;

export function useWords<K extends string>(words: Words<K>): Translate<K> {
  const language = useLanguage();
  return useMemo(() => (key, values) => translate(words, language, key, values), [language, words]);
}

/** React escapes what is filled in, so that it is shown as it was typed. */
export function translate<K extends string>(words: Words<K>, language: Language, key: K, values: Values = {}): string {
  const texts = words.texts[language];
  const plural =
    typeof values['count'] === 'number' ? texts[`${key}_${plurals[language].select(values['count'])}`] : null;
  const text = plural ?? texts[key] ?? key;
  return text.replaceAll(/\{\{(\w+)\}\}/g, (blank, name: string) => String(values[name] ?? blank));
}

const plurals = { en: new Intl.PluralRules('en'), pl: new Intl.PluralRules('pl') } as const;

import { translator, type Say } from './translator.ts';

export const asItCame: Say = (english) => english;

/** Fetched with the first one that speaks it: most people of an installation share a language. */
export async function sayIn(language: 'en' | 'pl'): Promise<Say> {
  if (language === 'en') return asItCame;
  const { polish } = await import('./polish.ts');
  return translator(polish);
}

/** What the server says, in the language of the pages. */
import { useEffect, useSyncExternalStore } from 'react';
import { createSignal } from '../parts/signal.ts';
import { useLanguage } from './i18n.ts';
import { translator, type Say } from './translator.ts';

const polish = createSignal<Say | null>(null);
const asItCame: Say = (english) => english;

/** Fetched when the first page speaks Polish. */
export function useSentences(): Say {
  const language = useLanguage();
  const say = useSyncExternalStore(polish.subscribe, polish.get);
  useEffect(() => {
    if (language === 'pl' && !say)
      void import('./sentences/polish.ts').then((file) => polish.set(translator(file.polish)));
  }, [language, say]);
  return language === 'pl' && say ? say : asItCame;
}

/** What the server says, in the language of the pages. */
import { useEffect, useSyncExternalStore } from 'react';
import { asItCame, sayIn } from '#sentences/say.ts';
import type { Say } from '#sentences/translator.ts';
import { createSignal } from '../parts/signal.ts';
import { useLanguage } from './i18n.ts';

const polish = createSignal<Say | null>(null);

/** Fetched when the first page speaks Polish. */
export function useSentences(): Say {
  const language = useLanguage();
  const say = useSyncExternalStore(polish.subscribe, polish.get);
  useEffect(() => {
    if (language === 'pl' && !say) void sayIn('pl').then(polish.set);
  }, [language, say]);
  return language === 'pl' && say ? say : asItCame;
}

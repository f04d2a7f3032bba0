/** Which language the pages speak. */
import { useSyncExternalStore } from 'react';
import { createSignal } from '../parts/signal.ts';

const language = createSignal<'en' | 'pl'>('en');

export function useLanguage(): 'en' | 'pl' {
  return useSyncExternalStore(language.subscribe, language.get);
}

export function setLanguage(chosen: 'en' | 'pl'): void {
  localStorage.setItem('wharf-language', chosen);
  speak(chosen);
}

export function currentLanguage(): 'en' | 'pl' {
  return language.get();
}

/** As chosen before, else as the browser wishes; what is chosen in one tab holds in all. */
export function startLanguage(): void {
  const chosen = localStorage.getItem('wharf-language') ?? navigator.language;
  speak(chosen.startsWith('pl') ? 'pl' : 'en');
  addEventListener('storage', ({ key, newValue }) => {
    if (key === 'wharf-language') speak(newValue === 'pl' ? 'pl' : 'en');
  });
}

function speak(chosen: 'en' | 'pl'): void {
  document.documentElement.lang = chosen;
  language.set(chosen);
}

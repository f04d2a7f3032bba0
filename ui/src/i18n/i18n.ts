/** Which language the pages speak. */
import { createInstance } from 'i18next';
import { useSyncExternalStore } from 'react';

/** What people typed or vendors said is shown by React, which escapes it; doing so twice would show the escapes. */
export const i18n = createInstance({
  lng: 'en',
  fallbackLng: 'en',
  resources: {},
  ns: [],
  interpolation: { escapeValue: false, skipOnVariables: true },
});
void i18n.init();

export function useLanguage(): 'en' | 'pl' {
  return useSyncExternalStore(subscribe, currentLanguage);
}

export function setLanguage(chosen: 'en' | 'pl'): void {
  localStorage.setItem('wharf-language', chosen);
  speak(chosen);
}

export function currentLanguage(): 'en' | 'pl' {
  return i18n.language === 'pl' ? 'pl' : 'en';
}

/** As chosen before, else as the browser wishes; what is chosen in one tab holds in all. */
export function startLanguage(): void {
  const chosen = localStorage.getItem('wharf-language') ?? navigator.language;
  speak(chosen.startsWith('pl') ? 'pl' : 'en');
  addEventListener('storage', ({ key, newValue }) => {
    if (key === 'wharf-language') speak(newValue === 'pl' ? 'pl' : 'en');
  });
}

function subscribe(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}

function speak(chosen: 'en' | 'pl'): void {
  document.documentElement.lang = chosen;
  void i18n.changeLanguage(chosen);
}

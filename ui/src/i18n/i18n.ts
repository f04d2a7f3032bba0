import { createInstance } from 'i18next';
import { useSyncExternalStore } from 'react';

/** What people typed or vendors said is shown by React, which escapes it; doing so twice would show the escapes. */
export const i18n = createInstance({
  lng: 'en',
  fallbackLng: 'en',
  resources: {},
  ns: [],
  interpolation: { escapeValue: false },
});
void i18n.init();

export function useLanguage(): 'en' | 'pl' {
  return useSyncExternalStore(subscribe, currentLanguage);
}

export function setLanguage(language: 'en' | 'pl'): void {
  localStorage.setItem('wharf-language', language);
  document.documentElement.lang = language;
  void i18n.changeLanguage(language);
}

export function currentLanguage(): 'en' | 'pl' {
  return i18n.language === 'pl' ? 'pl' : 'en';
}

function subscribe(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}

/** As chosen before, else as the browser wishes. */
export function startLanguage(): void {
  const chosen = localStorage.getItem('wharf-language') ?? navigator.language;
  const language = chosen.startsWith('pl') ? 'pl' : 'en';
  document.documentElement.lang = language;
  void i18n.changeLanguage(language);
}

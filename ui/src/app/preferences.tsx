import { Menu, useMantineColorScheme } from '@mantine/core';
import { savePreferences } from '../api/sign-in.ts';
import { setLanguage, useLanguage } from '../i18n/i18n.ts';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** Language and light: part of the account menu, which stays open, so that what was chosen can be seen. */
export function Preferences() {
  const t = useWords(words);
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const speak = (chosen: string): void => {
    setLanguage(chosen === 'pl' ? 'pl' : 'en');
    void savePreferences({ language: chosen }).catch(() => undefined);
  };
  return (
    <>
      <Menu.Label>{t('language')}</Menu.Label>
      <Menu.RadioGroup value={language} onChange={speak}>
        <Menu.RadioItem value="en">English</Menu.RadioItem>
        <Menu.RadioItem value="pl">Polski</Menu.RadioItem>
      </Menu.RadioGroup>
      <Menu.Label>{t('theme')}</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(chosen as 'auto' | 'light' | 'dark')}>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.RadioItem key={scheme} value={scheme}>
            {t(scheme)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}

import { SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { savePreferences } from '../api/sign-in.ts';
import { setLanguage, useLanguage } from '../i18n/i18n.ts';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** Language and light: part of the account menu. */
export function Preferences() {
  const t = useWords(words);
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap={6} px="sm" py={6}>
      <Text size="xs" c="dimmed" id="language">
        {t('language')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="language"
        value={language}
        data={[
          { value: 'en', label: 'English' },
          { value: 'pl', label: 'Polski' },
        ]}
        onChange={(chosen) => {
          setLanguage(chosen === 'pl' ? 'pl' : 'en');
          void savePreferences({ language: chosen }).catch(() => undefined);
        }}
      />
      <Text size="xs" c="dimmed" id="appearance">
        {t('theme')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="appearance"
        value={colorScheme}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(chosen) => setColorScheme(chosen as 'auto' | 'light' | 'dark')}
      />
    </Stack>
  );
}

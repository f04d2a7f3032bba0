import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../i18n/words.ts';
import type { StepProps } from './connect.tsx';
import { SettingField } from './setting-field.tsx';
import { StepButtons } from './step-buttons.tsx';
import { words } from './words.ts';

export function CredentialsStep({ kind, draft, change, back, next }: StepProps) {
  const t = useWords(words);
  const [tried, setTried] = useState(false);
  const isMissing = (name: string): boolean => String(draft.settings[name] ?? '').trim() === '';
  const missing = kind.fields.filter((field) => field.required && isMissing(field.name));
  const proceed = (): void => {
    if (missing.length === 0) next();
    else setTried(true);
  };
  return (
    <Stack mt="md" maw={560}>
      <Text>{t('credentialsLead')}</Text>
      {kind.fields.map((field) => (
        <SettingField
          key={field.name}
          kind={kind.kind}
          field={field}
          value={draft.settings[field.name]}
          error={tried && missing.includes(field) ? t('required') : undefined}
          change={(value) =>
            change({
              settings: { ...draft.settings, [field.name]: value },
              ...(field.name === 'name' ? { name: String(value) } : {}),
            })
          }
        />
      ))}
      <StepButtons back={back} next={proceed} />
    </Stack>
  );
}

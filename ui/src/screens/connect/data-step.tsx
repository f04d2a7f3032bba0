import { Alert, Stack } from '@mantine/core';
import { useWords } from '../../i18n/words.ts';
import type { StepProps } from './connect.tsx';
import { SelectionFields } from './selection-fields.tsx';
import { StepButtons } from './step-buttons.tsx';
import { words } from './words.ts';

export function DataStep({ draft, change, back, next }: StepProps) {
  const t = useWords(words);
  return (
    <Stack mt="md" maw={640}>
      <SelectionFields selection={draft.selection} change={(selection) => change({ selection })} />
      <Alert color="harbour">{t('cost')}</Alert>
      <StepButtons back={back} next={next} disabled={draft.selection.objects.length === 0} />
    </Stack>
  );
}

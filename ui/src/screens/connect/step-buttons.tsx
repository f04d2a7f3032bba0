import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.ts';
import { useKeptFocus } from '../../parts/use-kept-focus.ts';
import { words } from './words.ts';

interface StepButtonsProps {
  back: () => void;
  next?: () => void;
  disabled?: boolean;
  children?: ReactNode;
}

export function StepButtons({ back, next, disabled = false, children }: StepButtonsProps) {
  const t = useWords(words);
  const group = useKeptFocus();
  return (
    <Group mt="md" ref={group}>
      <Button variant="default" onClick={back}>
        {t('back')}
      </Button>
      {next && (
        <Button onClick={next} disabled={disabled}>
          {t('next')}
        </Button>
      )}
      {children}
    </Group>
  );
}

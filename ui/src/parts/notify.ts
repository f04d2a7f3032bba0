import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

export type Notify = (outcome: 'done' | 'refused', message: string) => void;

/** A short word in the corner about what was just done, or why it was not. */
export function useNotify(): Notify {
  const t = useWords(words);
  return useCallback(
    (outcome, message) =>
      void notifications.show({
        color: outcome === 'done' ? 'teal' : 'red',
        message,
        role: outcome === 'done' ? 'status' : 'alert',
        closeButtonProps: { 'aria-label': t('close') },
      }),
    [t],
  );
}

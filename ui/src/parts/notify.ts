import { useCallback } from 'react';
import { useSentences } from '../i18n/sentences.ts';
import { useWords } from '../i18n/words.ts';
import { createSignal } from './signal.ts';
import { words } from './words.ts';

export type Notify = (outcome: 'done' | 'refused', message: string) => void;

/** Whether there was ever anything to say: until then the corner need not be loaded. */
export const spoken = createSignal(false);

/** A short word in the corner about what was just done, or why it was not. */
export function useNotify(): Notify {
  const t = useWords(words);
  const say = useSentences();
  return useCallback(
    (outcome, message) => {
      spoken.set(true);
      void import('@mantine/notifications').then(({ notifications }) =>
        notifications.show({
          color: outcome === 'done' ? 'teal' : 'red',
          // a refusal is the server's own sentence
          message: say(message),
          role: outcome === 'done' ? 'status' : 'alert',
          closeButtonProps: { 'aria-label': t('close') },
        }),
      );
    },
    [t, say],
  );
}

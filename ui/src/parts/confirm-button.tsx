import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

interface ConfirmButtonProps {
  label: string;
  title: string;
  /** What happens, and what stays. */
  text: string;
  confirm: () => void;
  disabled?: boolean;
}

/** For what cannot be undone. */
export function ConfirmButton({ label, title, text, confirm, disabled = false }: ConfirmButtonProps) {
  const t = useWords(words);
  const [asking, setAsking] = useState(false);
  const done = (): void => {
    setAsking(false);
    confirm();
  };
  return (
    <>
      <Button size="xs" variant="default" disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={title}>
        <Stack>
          <Text>{text}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
            <Button color="red" onClick={done}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

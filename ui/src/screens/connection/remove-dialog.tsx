import { Button, Group, Stack, Text } from '@mantine/core';
import type { Connection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import type { RefObject } from 'react';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { words as sharedWords } from '../../parts/words.ts';
import { words } from './words.ts';

interface RemoveDialogProps {
  connection: Connection;
  opened: boolean;
  close: () => void;
  opener: RefObject<HTMLElement | null>;
  removed: () => void;
}

/** Says what stops, what is deleted and what stays, before anything is done. */
export function RemoveDialog({ connection, opened, close, opener, removed }: RemoveDialogProps) {
  const t = useWords(words);
  const notify = useNotify();
  const shared = useWords(sharedWords);
  const params = useAccountParams();
  const removing = useChange(endpoints.removeConnection);
  const remove = (): void =>
    removing.mutate(
      { params },
      {
        onSuccess: removed,
        onError: ({ message }) => notify('refused', message),
      },
    );
  return (
    <Dialog opened={opened} onClose={close} opener={opener} title={t('removeTitle', { name: connection.name })}>
      <Stack>
        <Text>{t('removeText')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {shared('cancel')}
          </Button>
          <Button color="red" onClick={remove} loading={removing.isPending}>
            {t('removeConfirm')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

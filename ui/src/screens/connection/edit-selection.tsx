import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Connection, Selection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Estimate } from '../connect/history-step.tsx';
import { SelectionFields } from '../connect/selection-fields.tsx';
import { Outdated, useOpened } from './outdated.tsx';
import { words } from './words.ts';

export function EditSelection({ connection, close }: { connection: Connection; close: () => void }) {
  const t = useWords(words);
  const notify = useNotify();
  const params = useAccountParams();
  const saving = useChange(endpoints.editSelection);
  const { opened, outdated, reopen } = useOpened(connection, saving);
  const [selection, setSelection] = useState(opened.selection as Selection);
  const save = (): void =>
    saving.mutate(
      { params, body: { version: opened.version, selection } },
      {
        onSuccess: () => {
          notify('done', t('saved'));
          close();
        },
      },
    );
  const showPresent = (): void => {
    saving.reset();
    reopen();
    setSelection(connection.selection as Selection);
  };
  return (
    <Stack>
      {outdated && <Outdated show={showPresent} />}
      {saving.error && !outdated && <Failure error={saving.error} />}
      <SelectionFields selection={selection} change={setSelection} />
      {selection.objects.length > 0 && <Estimate selection={selection} />}
      <Group justify="flex-end">
        <Button onClick={save} loading={saving.isPending} disabled={outdated || selection.objects.length === 0}>
          {t('save')}
        </Button>
      </Group>
    </Stack>
  );
}

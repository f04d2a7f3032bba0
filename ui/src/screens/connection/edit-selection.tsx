import { Alert, Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '#contract/client.ts';
import type { Connection, Selection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Estimate } from '../connect/history-step.tsx';
import { SelectionFields } from '../connect/selection-fields.tsx';
import { words } from './words.ts';

export function EditSelection({ connection, close }: { connection: Connection; close: () => void }) {
  const t = useWords(words);
  const notify = useNotify();
  const params = useAccountParams();
  const [selection, setSelection] = useState(connection.selection as Selection);
  const saving = useChange(endpoints.editSelection);
  const outdated = saving.error instanceof ApiError && saving.error.facts.code === 'CONFLICT';
  const save = (): void =>
    saving.mutate(
      { params, body: { version: connection.version, selection } },
      {
        onSuccess: () => {
          notify('done', t('saved'));
          close();
        },
      },
    );
  return (
    <Stack>
      {outdated && <Alert color="orange">{t('outdated')}</Alert>}
      {saving.error && !outdated && <Failure error={saving.error} />}
      <SelectionFields selection={selection} change={setSelection} />
      {selection.objects.length > 0 && <Estimate selection={selection} />}
      <Group justify="flex-end">
        <Button onClick={save} loading={saving.isPending} disabled={selection.objects.length === 0}>
          {t('save')}
        </Button>
      </Group>
    </Stack>
  );
}

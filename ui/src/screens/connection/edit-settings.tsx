import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '#contract/connection.ts';
import type { DestinationKind, Settings } from '#contract/destinations.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask, useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure, useFieldErrors } from '../../parts/failure.tsx';
import { SettingField } from '../connect/setting-field.tsx';
import { Outdated, useOpened } from './outdated.tsx';
import { words } from './words.ts';

interface EditSettingsProps {
  connection: Connection;
  close: () => void;
}

export function EditSettings({ connection, close }: EditSettingsProps) {
  const kinds = useQuery(ask(endpoints.listDestinations, {}));
  const kind = kinds.data?.data.find((one) => one.kind === connection.kind);
  if (!kind) return <Skeleton height={300} />;
  return <Form kind={kind} connection={connection} close={close} />;
}

function Form({ kind, connection, close }: EditSettingsProps & { kind: DestinationKind }) {
  const t = useWords(words);
  const notify = useNotify();
  const params = useAccountParams();
  const saving = useChange(endpoints.editSettings);
  const { opened, outdated, reopen } = useOpened(connection, saving);
  const [typed, setTyped] = useState<Settings>(opened.settings as Settings);
  const errors = useFieldErrors(saving.error);
  const save = (): void =>
    saving.mutate(
      { params, body: { version: opened.version, settings: typed } },
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
    setTyped(connection.settings as Settings);
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('storedSecrets')} {t('moves')}
      </Text>
      {outdated && <Outdated show={showPresent} />}
      {saving.error && !outdated && <Failure error={saving.error} />}
      {kind.fields.map((field) => (
        <SettingField
          key={field.name}
          kind={kind.kind}
          field={field}
          value={typed[field.name]}
          error={errors[field.name]}
          stored={connection.secretsSet.includes(field.name)}
          change={(value) => setTyped({ ...typed, [field.name]: value === '' && field.secret ? null : value })}
        />
      ))}
      <Group justify="flex-end">
        <Button onClick={save} loading={saving.isPending} disabled={outdated}>
          {t('save')}
        </Button>
      </Group>
    </Stack>
  );
}

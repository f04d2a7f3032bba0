import { Button, Group, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconCircleOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { ApiKey } from '#contract/api-keys.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask, useChange } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

export function ApiKeys() {
  const t = useWords(words);
  const params = useAccountParams();
  const may = useMay('configure');
  const [creating, setCreating] = useState(false);
  const keys = useQuery(ask(endpoints.listApiKeys, { params }));
  const create = may && <Button onClick={() => setCreating(true)}>{t('create')}</Button>;
  return (
    <Page title={t('keys')} lead={t('keysLead')} actions={keys.data?.data.length ? create : null}>
      {keys.error && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Skeleton height={160} />}
      {keys.data?.data.length === 0 && (
        <EmptyState title={t('noKeys')} action={create}>
          {t('noKeysText')}
        </EmptyState>
      )}
      {keys.data && keys.data.data.length > 0 && <KeyTable keys={keys.data.data} may={may} />}
      <CreateDialog opened={creating} close={() => setCreating(false)} />
    </Page>
  );
}

function KeyTable({ keys, may }: { keys: readonly ApiKey[]; may: boolean }) {
  const t = useWords(words);
  const params = useAccountParams();
  const revoking = useChange(endpoints.revokeApiKey);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('keys')}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {(['keyName', 'hint', 'created', 'lastUsed'] as const).map((column) => (
              <Table.Th key={column}>{t(column)}</Table.Th>
            ))}
            {may && <Table.Th aria-label={t('revokeKey')} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.name}</Table.Td>
              <Table.Td ff="monospace">…{key.hint}</Table.Td>
              <Table.Td>
                <RelativeTime at={key.createdAt} />
              </Table.Td>
              <Table.Td>{key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : t('never')}</Table.Td>
              {may && (
                <Table.Td>
                  {key.revokedAt ? (
                    <Chip color="gray" Icon={IconCircleOff}>
                      {t('revoked')}
                    </Chip>
                  ) : (
                    <ConfirmButton
                      label={t('revokeKey')}
                      title={t('revokeTitle', { name: key.name })}
                      text={t('revokeText')}
                      confirm={() => revoking.mutate({ params: { ...params, key: key.id } })}
                    />
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function CreateDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const [name, setName] = useState('');
  const creating = useChange(endpoints.createApiKey);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creating.mutate({ params, body: { name } });
  };
  const leave = (): void => {
    creating.reset();
    setName('');
    close();
  };
  return (
    <Dialog opened={opened} onClose={leave} title={t('create')} size="lg">
      {creating.data ? (
        <Stack>
          <Text>{t('keyOnce')}</Text>
          <CopyBlock text={creating.data.key} label={t('keys')} />
          <Button onClick={leave}>{t('close')}</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {creating.error && <Failure error={creating.error} />}
            <TextInput
              label={t('keyName')}
              required
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={creating.isPending}>
                {t('create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconMail, IconWebhook } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import type { AlertAddress } from '#contract/alerts.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { useNotify } from '../../parts/notify.ts';
import { words } from './words.ts';
import { LanguageField, TopicFields } from './fields.tsx';

const icons = { email: IconMail, webhook: IconWebhook } as const;

export function AddressTable({ addresses, may }: { addresses: readonly AlertAddress[]; may: boolean }) {
  const t = useWords(words);
  const [editing, setEditing] = useState<AlertAddress | null>(null);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('alerts')}>
      <Table verticalSpacing="sm" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('address')}</Table.Th>
            <Table.Th>{t('topics')}</Table.Th>
            {may && <Table.Th aria-label={t('actions')} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {addresses.map((address) => (
            <Table.Tr key={address.id}>
              <Table.Td>
                <Stack gap={4} align="flex-start">
                  <Text>{address.name}</Text>
                  <Chip color="gray" Icon={icons[address.channel]}>
                    {t(address.channel)}
                  </Chip>
                </Stack>
              </Table.Td>
              <Table.Td>{address.topics.map((topic) => t(topic)).join(', ')}</Table.Td>
              {may && (
                <Table.Td>
                  <Actions address={address} edit={() => setEditing(address)} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {editing && <EditDialog address={editing} close={() => setEditing(null)} />}
    </div>
  );
}

function Actions({ address, edit }: { address: AlertAddress; edit: () => void }) {
  const t = useWords(words);
  const notify = useNotify();
  const account = useAccountParams();
  const params = { ...account, address: address.id };
  const testing = useChange(endpoints.testAlertAddress);
  const removing = useChange(endpoints.removeAlertAddress);
  const refused = ({ message }: Error): void => notify('refused', message);
  const test = (): void =>
    testing.mutate({ params }, { onSuccess: () => notify('done', t('testSent')), onError: refused });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" loading={testing.isPending} onClick={test}>
        {t('test')}
      </Button>
      <Button size="xs" variant="default" aria-label={`${t('edit')}: ${address.name}`} onClick={edit}>
        {t('edit')}
      </Button>
      <ConfirmButton
        label={t('remove')}
        title={t('removeTitle', { name: address.name })}
        text={t('removeText')}
        confirm={() => removing.mutate({ params }, { onError: refused })}
      />
    </Group>
  );
}

function EditDialog({ address, close }: { address: AlertAddress; close: () => void }) {
  const t = useWords(words);
  const notify = useNotify();
  const account = useAccountParams();
  const [topics, setTopics] = useState(address.topics);
  const [language, setLanguage] = useState(address.language);
  const saving = useChange(endpoints.editAlertAddress);
  const done = (): void => {
    notify('done', t('saved'));
    close();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({ params: { ...account, address: address.id }, body: { topics, language } }, { onSuccess: done });
  };
  return (
    <Dialog opened onClose={close} title={t('editTitle', { name: address.name })} size="lg">
      <form onSubmit={submit}>
        <Stack>
          {saving.error && <Failure error={saving.error} />}
          <TopicFields chosen={topics} choose={setTopics} />
          {address.channel === 'email' && <LanguageField value={language} choose={setLanguage} />}
          <Button type="submit" loading={saving.isPending} disabled={topics.length === 0}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

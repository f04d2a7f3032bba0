import { Code, Table } from '@mantine/core';
import { endpoints } from '#contract/endpoints.ts';
import type { SshKey } from '#contract/ssh-keys.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

export function KeyList({ keys }: { keys: readonly SshKey[] }) {
  const t = useWords(words);
  const params = useAccountParams();
  const removing = useChange(endpoints.removeSshKey);
  if (keys.length === 0) return null;
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('keys')}>
      <Table miw={640}>
        <Table.Thead>
          <Table.Tr>
            {(['keyTitle', 'owner', 'fingerprint', 'lastUsed'] as const).map((column) => (
              <Table.Th key={column}>{t(column)}</Table.Th>
            ))}
            <Table.Th aria-label={t('remove')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.title}</Table.Td>
              <Table.Td>{key.owner}</Table.Td>
              <Table.Td>
                <Code>{key.fingerprint}</Code>
              </Table.Td>
              <Table.Td>{key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : t('never')}</Table.Td>
              <Table.Td>
                <ConfirmButton
                  label={t('remove')}
                  title={t('removeTitle', { title: key.title })}
                  text={t('removeText')}
                  confirm={() => removing.mutate({ params: { ...params, key: key.id } })}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

import { Code, Skeleton, Table, Text } from '@mantine/core';
import { endpoints } from '#contract/endpoints.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

export function Audit() {
  const t = useWords(words);
  const params = useAccountParams();
  const pages = usePages(endpoints.listAudit, { params, query: { size: 50 } });
  const { items: entries } = pages;
  return (
    <Page title={t('audit')} lead={t('auditLead')}>
      {pages.error && <Failure error={pages.error} retry={pages.retry} />}
      {!entries && !pages.error && <Skeleton height={240} />}
      {entries?.length === 0 && <Text c="dimmed">{t('noEntries')}</Text>}
      {entries && entries.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t('audit')}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                {(['when', 'who', 'what', 'subject', 'address'] as const).map((column) => (
                  <Table.Th key={column}>{t(column)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td>
                    <RelativeTime at={entry.at} />
                  </Table.Td>
                  <Table.Td>{entry.actorName}</Table.Td>
                  <Table.Td>
                    <Code>{entry.action}</Code>
                  </Table.Td>
                  <Table.Td>{entry.subject}</Table.Td>
                  <Table.Td>{entry.address}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <Older pages={pages} />
    </Page>
  );
}

import { Anchor, Skeleton, Stack, Table, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import type { ImportedFile } from '#contract/imports.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { ImportStatus } from './import-status.tsx';
import { words } from './words.ts';

export function ImportList() {
  const t = useWords(words);
  const params = useAccountParams();
  const pages = usePages(endpoints.listImports, { params }, () => 3_000);
  const { items: files } = pages;
  if (pages.error && !files) return <Failure error={pages.error} retry={pages.retry} />;
  if (!files) return <Skeleton height={160} radius="md" />;
  if (files.length === 0) return <EmptyState title={t('none')}>{t('noneText')}</EmptyState>;
  return (
    <Stack gap="xs">
      <Title order={2}>{t('recent')}</Title>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('recent')}>
        <Table verticalSpacing="sm" miw={720}>
          <Table.Thead>
            <Table.Tr>
              {(['file', 'status', 'rows', 'date', 'by'] as const).map((column) => (
                <Table.Th key={column}>{t(column)}</Table.Th>
              ))}
              <Table.Th ta="right">{t('skipped')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map((file) => (
              <ImportRow key={file.id} file={file} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Older pages={pages} />
    </Stack>
  );
}

function ImportRow({ file }: { file: ImportedFile }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const formats = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/a/${account}/imports/${file.id}`}>
          {file.fileName}
        </Anchor>{' '}
        · {t(file.object)}
      </Table.Td>
      <Table.Td>
        <ImportStatus status={file.status} />
      </Table.Td>
      <Table.Td>{file.status === 'review' ? '–' : `${file.progress}%`}</Table.Td>
      <Table.Td>
        <RelativeTime at={file.createdAt} />
      </Table.Td>
      <Table.Td>{file.importedBy}</Table.Td>
      <Table.Td ta="right">{formats.number(file.rows.skipped)}</Table.Td>
    </Table.Tr>
  );
}

import { Alert, Anchor, Button, Group, List, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import type { ImportedFile } from '#contract/imports.ts';
import { ask, useChange } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { ImportStatus } from './import-status.tsx';
import { Review } from './review.tsx';
import { words } from './words.ts';

/** One file: how far it is, what became of its rows, and its review while it waits for one. */
export function ImportPage() {
  const t = useWords(words);
  const say = useSentences();
  const { account } = useAccountParams();
  const { import: id = '' } = useParams({ strict: false }) as { import?: string };
  const params = { account, import: id };
  const found = useQuery({ ...ask(endpoints.getImport, { params }), refetchInterval: 2_000 });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={300} radius="md" />;
  const file = found.data;
  return (
    <Page
      title={file.fileName}
      lead={
        <Group gap="sm" component="span">
          <Anchor component={Link} to={`/a/${account}/imports`}>
            {t('back')}
          </Anchor>
          <ImportStatus status={file.status} />
        </Group>
      }
      actions={<Actions file={file} />}
    >
      {file.trouble && (
        <Alert color="red" title={say(file.trouble.message)}>
          {say(file.trouble.advice)}
        </Alert>
      )}
      {file.status === 'in_progress' && <Progress value={file.progress} aria-label={t('rows')} />}
      {file.status === 'review' ? <Review params={params} /> : <Counts file={file} />}
      {file.status !== 'review' && <Remarks file={file} />}
    </Page>
  );
}

function Actions({ file }: { file: ImportedFile }) {
  const t = useWords(words);
  const params = { ...useAccountParams(), import: file.id };
  const may = useMay('import');
  const cancelling = useChange(endpoints.cancelImport);
  const open = file.status === 'review' || file.status === 'in_progress';
  return (
    <>
      {file.rows.skipped > 0 && file.fileKept && (
        <Button
          component="a"
          variant="default"
          href={`/v1/accounts/${params.account}/imports/${file.id}/skipped`}
          download
        >
          {t('downloadSkipped')}
        </Button>
      )}
      {open && may && (
        <ConfirmButton
          label={t('cancel')}
          title={t('cancel')}
          text={t('cancelText')}
          confirm={() => cancelling.mutate({ params })}
        />
      )}
    </>
  );
}

function Counts({ file }: { file: ImportedFile }) {
  const t = useWords(words);
  const formats = useFormats();
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {(['created', 'updated', 'unchanged', 'skipped'] as const).map((name) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {t(name)}
          </Text>
          <Text fz="xl" fw={600}>
            {formats.number(file.rows[name])}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

function Remarks({ file }: { file: ImportedFile }) {
  const t = useWords(words);
  const say = useSentences();
  if (file.remarks.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2}>{t('remarks')}</Title>
      <List>
        {file.remarks.map(({ row, column, message }) => (
          <List.Item key={`${row} ${column} ${message}`}>
            {[row === null ? null : t('row', { row }), column, say(message)].filter(Boolean).join(' · ')}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

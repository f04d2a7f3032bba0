import { Collapse, Group, Loader, Paper, Progress, Skeleton, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { Run } from '#contract/history.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { runSeconds } from './run-seconds.ts';
import { RunStatus } from './run-status.tsx';
import { words } from './words.ts';

const RunChart = lazy(async () => ({ default: (await import('./run-chart.tsx')).RunChart }));

/** Runs, newest first; opened, each shows source = staged = loaded per table. */
export function RunTable({ runs }: { runs: readonly Run[] }) {
  const t = useWords(words);
  if (runs.length === 0) return null;
  return (
    <Stack gap="xs">
      <Text component="h2" fw={600} fz="lg">
        {t('runs')}
      </Text>
      {runs.filter(({ status }) => status === 'succeeded').length > 1 && (
        <Suspense fallback={<Skeleton height={170} />}>
          <RunChart runs={runs} />
        </Suspense>
      )}
      {runs.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
    </Stack>
  );
}

function RunRow({ run }: { run: Run }) {
  const t = useWords(words);
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const seconds = runSeconds(run);
  return (
    <Paper withBorder radius="md" p="sm">
      <Group wrap="nowrap">
        <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} flex={1}>
          <Group justify="space-between" wrap="wrap">
            <Group gap="xs">
              {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
              <Text fw={500}>{t('rows')}</Text>
              <Text>{formats.number(run.rows)}</Text>
              <Text c="dimmed">{formats.bytes(run.bytes)}</Text>
              {run.status !== 'succeeded' && <RunStatus run={run} />}
            </Group>
            <Group gap="md">
              {seconds !== null && (
                <Text size="sm" c="dimmed">
                  {t('duration')} {formats.duration(seconds)}
                </Text>
              )}
              {run.freshnessSeconds !== null && (
                <Text size="sm" c="dimmed">
                  {t('freshness')} {formats.duration(run.freshnessSeconds)}
                </Text>
              )}
            </Group>
          </Group>
        </UnstyledButton>
        <RelativeTime at={run.endedAt ?? run.createdAt} />
      </Group>
      {run.status === 'running' && <Progress value={run.progress} size="sm" mt="xs" aria-label={t('progress')} />}
      <Collapse expanded={open}>{open && <Reconciliation run={run.id} />}</Collapse>
    </Paper>
  );
}

function Reconciliation({ run }: { run: string }) {
  const t = useWords(words);
  const params = useAccountParams();
  const formats = useFormats();
  const details = useQuery(ask(endpoints.getRun, { params: { ...params, run } }));
  if (!details.data) return <Loader size="sm" m="sm" />;
  const { tables, status } = details.data;
  return (
    <Stack gap="xs" mt="sm">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('table')}</Table.Th>
            {(['source', 'staged', 'loaded', 'bytes'] as const).map((name) => (
              <Table.Th key={name} ta="right">
                {t(name)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tables.map(({ table, source, staged, loaded, bytes }) => (
            <Table.Tr key={table}>
              <Table.Td ff="monospace">{table}</Table.Td>
              <Table.Td ta="right">{formats.number(source)}</Table.Td>
              <Table.Td ta="right">{formats.number(staged)}</Table.Td>
              <Table.Td ta="right">{formats.number(loaded)}</Table.Td>
              <Table.Td ta="right">{formats.bytes(bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {status === 'succeeded' && (
        <Group gap={6}>
          <IconCircleCheck size={16} aria-hidden />
          <Text size="sm">{t('reconciles')}</Text>
        </Group>
      )}
    </Stack>
  );
}

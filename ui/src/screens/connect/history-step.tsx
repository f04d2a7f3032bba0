import { Radio, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Selection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import type { StepProps } from './connect.tsx';
import { StepButtons } from './step-buttons.tsx';
import { words } from './words.ts';

const choices = ['30d', '90d', '1y', 'all'] as const;

export function HistoryStep({ draft, change, back, next }: StepProps) {
  const t = useWords(words);
  const { selection } = draft;
  return (
    <Stack mt="md" maw={640}>
      <TextInput label={t('cadence')} description={t('cadenceHelp')} value={t('hourly')} readOnly maw={300} />
      <Radio.Group
        label={t('historyLabel')}
        description={t('historyHelp')}
        value={selection.history}
        onChange={(history) => change({ selection: { ...selection, history: history as Selection['history'] } })}
      >
        <Stack mt="xs" gap="xs">
          {choices.map((choice) => (
            <Radio key={choice} value={choice} label={t(choice)} />
          ))}
        </Stack>
      </Radio.Group>
      <Estimate selection={selection} />
      <StepButtons back={back} next={next} />
    </Stack>
  );
}

export function Estimate({ selection }: { selection: Selection }) {
  const t = useWords(words);
  const params = useAccountParams();
  const formats = useFormats();
  const estimate = useQuery({
    queryKey: ['estimate', params.account, selection],
    queryFn: () => api.call(endpoints.estimate, { params, body: { selection } }),
    placeholderData: keepPreviousData,
  });
  if (!estimate.data && estimate.error) return <Failure error={estimate.error} retry={() => void estimate.refetch()} />;
  if (!estimate.data) return <Skeleton height={120} />;
  return (
    <Stack gap={4}>
      <Title order={2}>{t('estimate')}</Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('table')}</Table.Th>
            <Table.Th ta="right">{t('rows')}</Table.Th>
            <Table.Th ta="right">{t('bytes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {estimate.data.data.map(({ table, rows, bytes }) => (
            <Table.Tr key={table}>
              <Table.Td>
                <Text ff="monospace" size="sm">
                  {table}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formats.number(rows)}</Table.Td>
              <Table.Td ta="right">{formats.bytes(bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm">
        {t('estimateTime', { time: formats.duration(estimate.data.seconds) })}{' '}
        <Text span c="dimmed">
          {t(estimate.data.measured ? 'timeMeasured' : 'timeGuessed')}
        </Text>
      </Text>
    </Stack>
  );
}

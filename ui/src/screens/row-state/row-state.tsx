import { Anchor, Code, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleOff, IconClock, IconPlugConnectedX, IconTruckDelivery } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { WarehouseState } from '#contract/lookup.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { Fact } from '../../parts/fact.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

const looks = {
  in_warehouse: { color: 'teal', Icon: IconCircleCheck },
  on_its_way: { color: 'blue', Icon: IconTruckDelivery },
  waiting: { color: 'harbour', Icon: IconClock },
  not_shared: { color: 'gray', Icon: IconCircleOff },
  no_warehouse: { color: 'gray', Icon: IconPlugConnectedX },
} as const;

const look = (state: WarehouseState): keyof typeof looks =>
  state.state === 'waiting' && state.runId !== null && state.syncStatus === 'in_progress' ? 'on_its_way' : state.state;

/** Whether the newest change of a row is in the warehouse, in two words. */
export function WarehouseChip({ state }: { state: WarehouseState }) {
  const t = useWords(words);
  const name = look(state);
  return (
    <Chip color={looks[name].color} Icon={looks[name].Icon}>
      {t(name)}
    </Chip>
  );
}

/** The same with times, the run, and why. */
export function WarehouseFacts({ state, acceptedAt }: { state: WarehouseState; acceptedAt: string }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <Paper withBorder p="md" component="section" aria-label={t('title')}>
      <Stack gap="sm">
        <Title order={2}>{t('title')}</Title>
        <WarehouseChip state={state} />
        <Text size="sm">
          {t(`why-${why(state)}`)}{' '}
          {state.state !== 'in_warehouse' && (
            <Anchor component={Link} to={`/a/${account}/syncing`}>
              {t('toSyncing')}
            </Anchor>
          )}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Fact label={t('accepted')}>
            <RelativeTime at={acceptedAt} />
          </Fact>
          {state.state === 'in_warehouse' && state.at && (
            <Fact label={t('loaded')}>
              <RelativeTime at={state.at} />
            </Fact>
          )}
          {state.state === 'waiting' && state.nextRunAt && (
            <Fact label={t('nextRun')}>
              <RelativeTime at={state.nextRunAt} />
            </Fact>
          )}
          {'runId' in state && state.runId && (
            <Fact label={t('run')}>
              <Code>{state.runId}</Code>
            </Fact>
          )}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}

function why(state: WarehouseState) {
  switch (state.state) {
    case 'in_warehouse':
      return state.runId === null ? 'in_warehouse-long_ago' : 'in_warehouse';
    case 'waiting':
      return look(state) === 'on_its_way' ? 'on_its_way' : state.syncStatus;
    case 'not_shared':
      return state.reason;
    case 'no_warehouse':
      return 'no_warehouse';
  }
}

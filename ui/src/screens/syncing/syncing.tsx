import { Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { Connection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccount, useAccountParams, useMay } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Fact } from '../../parts/fact.tsx';
import { Failure } from '../../parts/failure.tsx';
import { OutboundAddresses } from '../../parts/outbound-addresses.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

// few accounts see it: not part of what is fetched first
const PlanOffer = lazy(async () => ({ default: (await import('./plan-offer.tsx')).PlanOffer }));

/** Data management > Syncing: the one connection, or how to make it. */
export function Syncing() {
  const t = useWords(words);
  const params = useAccountParams();
  const plan = useAccount()?.plan;
  const found = useQuery({ ...ask(endpoints.getConnection, { params }), refetchInterval: 10_000 });
  return (
    <Page title={t('title')} lead={t('lead')}>
      {found.error && !found.data && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={140} radius="md" />}
      {found.data?.connection && <ConnectionCard connection={found.data.connection} />}
      {found.data?.connection === null && (
        <Suspense fallback={<Skeleton height={140} radius="md" />}>
          {plan === 'basic' ? <PlanOffer /> : <NoConnection />}
        </Suspense>
      )}
      {plan === 'advanced' && <OutboundAddresses />}
    </Page>
  );
}

function NoConnection() {
  const t = useWords(words);
  const { account } = useAccountParams();
  const mayConnect = useMay('connect');
  const action = mayConnect && (
    <Button component={Link} to={`/a/${account}/syncing/connect`}>
      {t('select')}
    </Button>
  );
  return (
    <EmptyState title={t('emptyTitle')} action={action}>
      {t('emptyText')}
    </EmptyState>
  );
}

function ConnectionCard({ connection }: { connection: Connection }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const formats = useFormats();
  const kinds = useQuery(ask(endpoints.listDestinations, {})).data?.data;
  const label = kinds?.find(({ kind }) => kind === connection.kind)?.label ?? connection.kind;
  const { name, enabled, errorsLastDay, lastSyncedAt } = connection;
  return (
    <Card withBorder padding="lg" radius="md" component="section" aria-label={name}>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{name}</Title>
          <Button component={Link} variant="default" to={`/a/${account}/syncing/${connection.id}`}>
            {t('open')}
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Fact label={t('destination')}>{label}</Fact>
          <Fact label={t('lastSync')}>{lastSyncedAt ? <RelativeTime at={lastSyncedAt} /> : t('never')}</Fact>
          <Fact label={t('status')}>
            <Chip color={enabled ? 'teal' : 'gray'} Icon={enabled ? IconCircleCheck : IconCircleOff}>
              {enabled ? t('enabled') : t('off')}
            </Chip>
          </Fact>
          <Fact label={t('errorsLastDay')}>
            <Text span c={errorsLastDay > 0 ? 'red' : 'inherit'} fw={errorsLastDay > 0 ? 600 : 400}>
              {formats.number(errorsLastDay)}
            </Text>
          </Fact>
        </SimpleGrid>
      </Stack>
    </Card>
  );
}

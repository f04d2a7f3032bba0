import { Anchor, Drawer, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import type { EventDetails } from '#contract/lookup.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Fact } from '../../parts/fact.tsx';
import { Failure } from '../../parts/failure.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words as sharedWords } from '../../parts/words.ts';
import { personName } from '../profiles/person-name.ts';
import { PropertyTable } from '../profiles/property-table.tsx';
import { WarehouseFacts } from '../row-state/row-state.tsx';
import { words } from './words.ts';

/** One event with its properties; closed while `id` is null. */
export function EventDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useWords(words);
  const shared = useWords(sharedWords);
  return (
    <Drawer
      closeButtonProps={{ 'aria-label': shared('close') }}
      opened={id !== null}
      onClose={close}
      position="right"
      size="lg"
      title={t('event')}
    >
      {id !== null && <EventFacts id={id} />}
    </Drawer>
  );
}

function EventFacts({ id }: { id: string }) {
  const t = useWords(words);
  const params = { ...useAccountParams(), event: id };
  const found = useQuery({ ...ask(endpoints.getEvent, { params }), refetchInterval: 5_000 });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} radius="md" />;
  const event = found.data;
  return (
    <Stack>
      <Details event={event} />
      <WarehouseFacts state={event.warehouse} acceptedAt={event.receivedAt} />
      <PropertyTable title={t('properties')} json={event.properties} empty={t('noProperties')} />
    </Stack>
  );
}

function Details({ event }: { event: EventDetails }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <Fact label={t('metric')}>{event.metric.name}</Fact>
      <Fact label={t('integration')}>{event.metric.integration.name}</Fact>
      <Fact label={t('person')}>
        <Anchor component={Link} to={`/a/${account}/profiles/${event.profile.id}`}>
          {personName(event.profile)}
        </Anchor>
      </Fact>
      <Fact label={t('happened')}>
        <RelativeTime at={event.datetime} />
      </Fact>
      <Fact label={t('id')}>{event.id}</Fact>
    </SimpleGrid>
  );
}

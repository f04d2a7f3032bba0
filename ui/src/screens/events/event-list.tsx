import { Anchor, Skeleton, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { EventSummary } from '#contract/lookup.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { Cell } from '../profiles/cell.tsx';
import { FirstRow } from '../profiles/first-row.tsx';
import { personName } from '../profiles/person-name.ts';
import { WarehouseChip } from '../row-state/row-state.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { words } from './words.ts';

interface EventListProps {
  /** Of this metric only. */
  metric?: string;
  /** Of this person only. */
  profile?: string;
}

/** Events, newest first; each opens a drawer with all that is known of it. */
export function EventList({ metric, profile }: EventListProps) {
  const params = useAccountParams();
  const [shown, setShown] = useState<string | null>(null);
  const query = { size: 50, ...(metric ? { metric } : {}), ...(profile ? { profile } : {}) };
  const pages = usePages(endpoints.listEvents, { params, query }, () => 10_000);
  const { items: events } = pages;
  if (pages.error && !events) return <Failure error={pages.error} retry={pages.retry} />;
  if (!events) return <Skeleton height={240} radius="md" />;
  if (events.length === 0) return <NoEvents metric={metric} profile={profile} />;
  return (
    <Stack gap="xs" align="flex-start">
      <EventTable events={events} ofPerson={profile !== undefined} show={setShown} />
      <Older pages={pages} />
      <EventDrawer id={shown} close={() => setShown(null)} />
    </Stack>
  );
}

const firstEvent = {
  type: 'event',
  attributes: {
    metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
    profile: { data: { type: 'profile', attributes: { email: 'ola@example.com' } } },
    value: 19.99,
    properties: { order: 1 },
  },
};

function NoEvents({ metric, profile }: { metric: string | undefined; profile: string | undefined }) {
  const t = useWords(words);
  if (profile) return <Text c="dimmed">{t('noneOfPerson')}</Text>;
  if (metric) return <EmptyState title={t('noMatch')}>{t('noMatchText')}</EmptyState>;
  const texts = { title: t('none'), text: t('noneText'), label: t('command') };
  return <FirstRow {...texts} path="/api/events" data={firstEvent} />;
}

interface EventTableProps {
  events: readonly EventSummary[];
  ofPerson: boolean;
  show: (id: string) => void;
}

function EventTable({ events, ofPerson, show }: EventTableProps) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('title')} style={{ width: '100%' }}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('metric')}</Table.Th>
            {!ofPerson && <Table.Th>{t('person')}</Table.Th>}
            <Table.Th>{t('value')}</Table.Th>
            <Table.Th>{t('when')}</Table.Th>
            <Table.Th>{t('warehouse')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Td>
                <Anchor inherit component="button" type="button" ta="start" onClick={() => show(event.id)}>
                  <Cell>{event.metric.name}</Cell>
                </Anchor>
              </Table.Td>
              {!ofPerson && (
                <Table.Td>
                  <Anchor inherit component={Link} to={`/a/${account}/profiles/${event.profile.id}`}>
                    <Cell>{personName(event.profile)}</Cell>
                  </Anchor>
                </Table.Td>
              )}
              <Table.Td>
                <Cell>{amount(event)}</Cell>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <RelativeTime at={event.datetime} />
              </Table.Td>
              <Table.Td>
                <WarehouseChip state={event.warehouse} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function amount({ value, currency }: EventSummary): string | null {
  return value === null ? null : [value, currency].filter(Boolean).join(' ');
}

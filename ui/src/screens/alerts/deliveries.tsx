import { Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClock, IconRefresh } from '@tabler/icons-react';
import type { AlertDelivery } from '#contract/alerts.ts';
import { endpoints } from '#contract/endpoints.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

const soonMs = 1_000;
const idleMs = 15_000;

/** What was sent and what came of it; looked at more often while something is on its way. */
export function Deliveries() {
  const t = useWords(words);
  const params = useAccountParams();
  const refresh = (known: readonly AlertDelivery[]): number => (known.some(isOnItsWay) ? soonMs : idleMs);
  const pages = usePages(endpoints.listAlertDeliveries, { params }, refresh);
  const { items: deliveries } = pages;
  return (
    <Stack gap="xs">
      <Title order={2}>{t('deliveries')}</Title>
      {pages.error && <Failure error={pages.error} retry={pages.retry} />}
      {!deliveries && !pages.error && <Skeleton height={120} />}
      {deliveries?.length === 0 && <Text c="dimmed">{t('noDeliveries')}</Text>}
      {deliveries && deliveries.length > 0 && <DeliveryTable deliveries={deliveries} />}
      <Older pages={pages} />
    </Stack>
  );
}

function isOnItsWay({ status, attempts }: AlertDelivery): boolean {
  return status === 'pending' && attempts === 0;
}

function DeliveryTable({ deliveries }: { deliveries: readonly AlertDelivery[] }) {
  const t = useWords(words);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('deliveries')}>
      <Table verticalSpacing="sm" miw={640}>
        <Table.Thead>
          <Table.Tr>
            {(['what', 'to', 'outcome'] as const).map((column) => (
              <Table.Th key={column}>{t(column)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((one) => (
            <Table.Tr key={`${one.id} ${one.addressId}`}>
              <Table.Td>
                <Text>{t(one.type === 'test' ? 'testAlert' : one.type)}</Text>
                <Text size="sm" c="dimmed">
                  {one.about && `${one.about} · `}
                  <RelativeTime at={one.at} />
                </Text>
              </Table.Td>
              <Table.Td>{one.addressName}</Table.Td>
              <Table.Td>
                <Outcome delivery={one} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const looks = {
  delivered: { color: 'teal', Icon: IconCircleCheck },
  refused: { color: 'red', Icon: IconCircleX },
  waiting: { color: 'blue', Icon: IconClock },
  retrying: { color: 'orange', Icon: IconRefresh },
} as const;

function Outcome({ delivery }: { delivery: AlertDelivery }) {
  const t = useWords(words);
  const say = useSentences();
  const { status, attempts, lastAttemptAt, nextAttemptAt, answer } = delivery;
  const state = status === 'pending' ? (attempts === 0 ? 'waiting' : 'retrying') : status;
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        <Chip {...looks[state]}>{t(state)}</Chip>
        {attempts > 0 && (
          <Text size="sm">
            <RelativeTime at={state === 'retrying' ? nextAttemptAt : lastAttemptAt} />
            {attempts > 1 && ` · ${t('attempts', { count: attempts })}`}
          </Text>
        )}
      </Group>
      {answer && status !== 'delivered' && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {say(answer)}
        </Text>
      )}
    </Stack>
  );
}

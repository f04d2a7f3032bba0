import { Table, Text, Title } from '@mantine/core';
import type { ProfileDetails } from '#contract/lookup.ts';
import { useWords } from '../../i18n/words.ts';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

const channels = ['email-marketing', 'sms-marketing', 'sms-transactional'] as const;
const statuses = ['SUBSCRIBED', 'UNSUBSCRIBED', 'NEVER_SUBSCRIBED'] as const;

/** What the person agreed to, channel by channel; names we do not know are shown as they came. */
export function Consents({ consents }: { consents: ProfileDetails['consents'] }) {
  const t = useWords(words);
  const channelName = (channel: string, kind: string): string => {
    const known = channels.find((one) => one === `${channel}-${kind}`);
    return known ? t(`channel-${known}`) : `${channel}, ${kind}`;
  };
  const statusName = (status: string): string => {
    const known = statuses.find((one) => one === status);
    return known ? t(`consent-${known}`) : status;
  };
  return (
    <section aria-label={t('consents')}>
      <Title order={2} mb="xs">
        {t('consents')}
      </Title>
      {consents.length === 0 ? (
        <Text c="dimmed">{t('noConsents')}</Text>
      ) : (
        <Table layout="fixed" maw={700}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('channel')}</Table.Th>
              <Table.Th>{t('status')}</Table.Th>
              <Table.Th>{t('date')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {consents.map(({ channel, kind, status, at, suppressions }) => (
              <Table.Tr key={`${channel} ${kind}`}>
                <Table.Td>{channelName(channel, kind)}</Table.Td>
                <Table.Td>
                  {statusName(status)}
                  {suppressions.length > 0 && (
                    <Text size="xs" c="dimmed">
                      {t('suppressed', { reasons: suppressions.join(', ') })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <RelativeTime at={at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

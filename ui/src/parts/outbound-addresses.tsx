import { Code, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../api/api.ts';
import { useAccountParams } from '../app/session.ts';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** What a warehouse's firewall has to let in; nothing while the operator has named no addresses. */
export function OutboundAddresses() {
  const t = useWords(words);
  const params = useAccountParams();
  const addresses = useQuery(ask(endpoints.getAlerts, { params })).data?.outboundAddresses ?? [];
  if (addresses.length === 0) return null;
  return (
    <div>
      <Text size="sm">{t('outbound')}</Text>
      <Group gap="xs" mt={4}>
        {addresses.map((address) => (
          <Code key={address}>{address}</Code>
        ))}
      </Group>
    </div>
  );
}

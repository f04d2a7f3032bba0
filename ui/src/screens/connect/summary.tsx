import { Paper, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Selection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Fact } from '../../parts/fact.tsx';
import { words } from './words.ts';

/** What is going to be sent, and what is not, before anything is. */
export function Summary({ name, selection }: { name: string; selection: Selection }) {
  const t = useWords(words);
  const params = useAccountParams();
  const integrations = useQuery(ask(endpoints.listIntegrations, { params })).data?.data ?? [];
  const { objects, excludedIntegrations, metrics, history } = selection;
  const withEvents = objects.includes('events');
  const excluded = withEvents ? integrations.filter(({ id }) => excludedIntegrations.includes(id)) : [];
  return (
    <Paper withBorder p="md" radius="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Fact label={t('name')}>{name}</Fact>
        <Fact label={t('shared')}>
          {objects.map((object) => t(object)).join(', ')}
          {withEvents && ` (${metrics === null ? t('allMetrics') : t('someMetrics', { count: metrics.length })})`}
        </Fact>
        <Fact label={t('excluded')}>{excluded.map((one) => one.name).join(', ') || t('nothing')}</Fact>
        {withEvents && <Fact label={t('history')}>{t(history)}</Fact>}
      </SimpleGrid>
    </Paper>
  );
}

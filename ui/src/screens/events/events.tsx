import { Select } from '@mantine/core';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { useAllPages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { EventList } from './event-list.tsx';
import { words } from './words.ts';

/** Data management > Events: what has come in, of all metrics or of one. */
export function Events() {
  const t = useWords(words);
  const params = useAccountParams();
  const [metric, setMetric] = useState<string | null>(null);
  const metrics = useAllPages(endpoints.listMetrics, { params, query: { size: 100 } });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Select
        label={t('metric')}
        placeholder={t('allMetrics')}
        data={metrics.map(({ id, name, integration }) => ({ value: id, label: `${name} · ${integration.name}` }))}
        value={metric}
        onChange={setMetric}
        maw={520}
        limit={100}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('allMetrics') }}
      />
      <EventList {...(metric === null ? {} : { metric })} />
    </Page>
  );
}

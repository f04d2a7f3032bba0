import { Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Metric } from '#contract/catalogue.ts';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { EventList } from './event-list.tsx';
import { words } from './words.ts';

/** Data management > Events: what has come in, of all metrics or of one. */
export function Events() {
  const t = useWords(words);
  const [metric, setMetric] = useState<string | null>(null);
  const metrics = useMetrics();
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

/** All of them, page after page. */
function useMetrics(): readonly Metric[] {
  const params = useAccountParams();
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['metrics', params.account],
    queryFn: ({ pageParam }) =>
      api.call(endpoints.listMetrics, { params, query: { size: 100, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return data?.pages.flatMap((page) => page.data) ?? [];
}

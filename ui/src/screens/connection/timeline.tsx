import { Button, Skeleton, Text, Timeline as MantineTimeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { endpoints } from '#contract/endpoints.ts';
import type { TimelineEntry } from '#contract/history.ts';
import { api } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { words } from './words.ts';

const colors: Partial<Record<TimelineEntry['kind'], string>> = {
  'run-succeeded': 'teal',
  recovered: 'teal',
  'run-error': 'orange',
  'run-failed': 'red',
  'credentials-expired': 'red',
  'credentials-expire-soon': 'orange',
};

/** What happened to a sync, newest first. */
export function Timeline({ sync }: { sync: string }) {
  const t = useWords(words);
  const params = useAccountParams();
  const pages = useInfiniteQuery({
    queryKey: ['timeline', params.account, sync],
    queryFn: ({ pageParam }) =>
      api.call(endpoints.listTimeline, { params, query: { sync, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: 15_000,
  });
  if (!pages.data && pages.error) return <Failure error={pages.error} retry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton height={160} />;
  const entries = pages.data.pages.flatMap(({ data }) => data);
  if (entries.length === 0) return <Text c="dimmed">{t('emptyTimeline')}</Text>;
  return (
    <>
      <MantineTimeline bulletSize={14} lineWidth={2} active={entries.length}>
        {entries.map((entry) => (
          <MantineTimeline.Item key={entry.id} color={colors[entry.kind] ?? 'gray'} title={t(`kind-${entry.kind}`)}>
            <Text size="sm" c="dimmed">
              <RelativeTime at={entry.at} />
              {entry.actor !== 'system' && ` · ${t('by', { actor: entry.actor })}`}
            </Text>
          </MantineTimeline.Item>
        ))}
      </MantineTimeline>
      {pages.hasNextPage && (
        <Button variant="default" size="xs" mt="sm" onClick={() => void pages.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </>
  );
}

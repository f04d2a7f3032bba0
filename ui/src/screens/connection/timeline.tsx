import { Button, Skeleton, Text, Timeline as MantineTimeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { endpoints } from '#contract/endpoints.ts';
import type { TimelineEntry } from '#contract/history.ts';
import { api } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
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
  const nameOf = ({ actor, actorName }: TimelineEntry): string => {
    if (actor === 'operator') return t('operator');
    return actor.startsWith('key:') ? t('key', { name: actorName }) : actorName;
  };
  const pages = useInfiniteQuery({
    queryKey: [endpoints.listTimeline.path, params.account, sync],
    queryFn: ({ pageParam }) =>
      api.call(endpoints.listTimeline, { params, query: { sync, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
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
              {entry.actor !== 'system' && ` · ${t('by', { actor: nameOf(entry) })}`}
            </Text>
            <Details entry={entry} />
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

/** What a run brought, or why it did not. */
function Details({ entry: { kind, details } }: { entry: TimelineEntry }) {
  const t = useWords(words);
  const formats = useFormats();
  const { rows, bytes, seconds, summary } = details;
  if (
    kind === 'run-succeeded' &&
    typeof rows === 'number' &&
    typeof bytes === 'number' &&
    typeof seconds === 'number'
  ) {
    const facts = [t('rowCount', { count: rows, number: formats.number(rows) }), formats.bytes(bytes)];
    return <Text size="sm">{[...facts, formats.duration(seconds)].join(' · ')}</Text>;
  }
  return typeof summary === 'string' ? <Text size="sm">{summary}</Text> : null;
}

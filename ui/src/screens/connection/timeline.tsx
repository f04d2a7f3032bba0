import { Skeleton, Text, Timeline as MantineTimeline } from '@mantine/core';
import { endpoints } from '#contract/endpoints.ts';
import type { TimelineEntry } from '#contract/history.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
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
  const pages = usePages(endpoints.listTimeline, { params, query: { sync } });
  const { items: entries } = pages;
  if (pages.error && !entries) return <Failure error={pages.error} retry={pages.retry} />;
  if (!entries) return <Skeleton height={160} />;
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
      <Older pages={pages} />
    </>
  );
}

/** What a run brought, or why it did not. */
function Details({ entry: { kind, details } }: { entry: TimelineEntry }) {
  const t = useWords(words);
  const say = useSentences();
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
  return typeof summary === 'string' ? <Text size="sm">{say(summary)}</Text> : null;
}

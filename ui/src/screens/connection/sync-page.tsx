import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { StatusChip } from '../../parts/status-chip.tsx';
import { ErrorList } from './error-list.tsx';
import { RunTable } from './run-table.tsx';
import { SyncActions } from './sync-actions.tsx';
import { Timeline } from './timeline.tsx';
import { useLiveSyncs } from './use-live-syncs.ts';
import { words } from './words.ts';

/** One sync: its errors, its runs with their counts, everything that happened to it. */
export function SyncPage() {
  const t = useWords(words);
  const { account } = useAccountParams();
  const { connection = '', sync: id = '' } = useParams({ strict: false }) as { connection?: string; sync?: string };
  const syncs = useLiveSyncs(account);
  const runs = useQuery(ask(endpoints.listRuns, { params: { account }, query: { sync: id, size: 50 } }));
  const sync = syncs.data?.data.find((one) => one.id === id);
  if (!syncs.data && syncs.error) return <Failure error={syncs.error} retry={() => void syncs.refetch()} />;
  if (!sync) return <Skeleton height={300} radius="md" />;
  return (
    <Page
      title={`${t(sync.object)} · ${t(sync.kind)}`}
      lead={
        <Group gap="sm" component="span">
          <Anchor component={Link} to={`/a/${account}/syncing/${connection}`}>
            {t('toSyncing')}
          </Anchor>
          <StatusChip status={sync.status} progress={sync.progress} />
        </Group>
      }
      actions={<SyncActions sync={sync} />}
    >
      <ErrorList sync={id} />
      {runs.error && !runs.data && <Failure error={runs.error} />}
      {runs.isPending && <Skeleton height={160} radius="md" />}
      {runs.data && <RunTable runs={runs.data.data} />}
      {/* what stands above it is known first, so that it is not pushed down */}
      {!runs.isPending && (
        <Stack gap="xs">
          <Text component="h2" fw={600} fz="lg">
            {t('timeline')}
          </Text>
          <Timeline sync={id} />
        </Stack>
      )}
    </Page>
  );
}

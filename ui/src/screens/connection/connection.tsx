import { Alert, Anchor, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { Connection as ConnectionFacts } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { ManageMenu } from './manage-menu.tsx';
import { SyncTable } from './sync-table.tsx';
import { useLiveSyncs } from './use-live-syncs.ts';
import { words } from './words.ts';

/** The dashboard of the destination: what was sent once, what is sent each hour. */
export function Connection() {
  const t = useWords(words);
  const params = useAccountParams();
  const found = useQuery(ask(endpoints.getConnection, { params }));
  if (!found.data && found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={300} radius="md" />;
  const { connection } = found.data;
  if (connection) return <Dashboard connection={connection} />;
  return (
    <Text>
      {t('gone')}{' '}
      <Anchor component={Link} to={`/a/${params.account}/syncing`}>
        {t('toSyncing')}
      </Anchor>
    </Text>
  );
}

function Dashboard({ connection }: { connection: ConnectionFacts }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const { connected } = useSearch({ strict: false }) as { connected?: boolean };
  const say = useSentences();
  const syncs = useLiveSyncs(account);
  const data = syncs.data?.data;
  return (
    <Page title={t('title', { name: connection.name })} actions={<ManageMenu connection={connection} />}>
      {connected && (
        <Alert color="teal" role="status">
          {t('connected')}
        </Alert>
      )}
      {!connection.enabled && <Alert color="gray">{t('off')}</Alert>}
      {connection.warnings.map(({ code, message, advice }) => (
        <Alert key={code} color="orange" title={say(message)}>
          {say(advice)}
        </Alert>
      ))}
      {syncs.error && !data && <Failure error={syncs.error} />}
      {!data && !syncs.error && <Skeleton height={200} radius="md" />}
      {data && (
        <Tabs defaultValue="periodic" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="periodic">{t('periodic')}</Tabs.Tab>
            <Tabs.Tab value="historical">{t('historical')}</Tabs.Tab>
          </Tabs.List>
          {(['periodic', 'historical'] as const).map((kind) => (
            <Tabs.Panel key={kind} value={kind} pt="md">
              <Stack>
                <Text c="dimmed">{t(`${kind}Lead`)}</Text>
                <SyncTable kind={kind} syncs={data.filter((sync) => sync.kind === kind)} connection={connection} />
              </Stack>
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Page>
  );
}

import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { ImportApp, SourceApp } from './connected-app.tsx';
import { ConnectedWarehouse } from './connected-warehouse.tsx';
import { words } from './words.ts';

/** The warehouse, SFTP import once somebody has a key, and everything events came from. */
export function useConnected() {
  const params = useAccountParams();
  const mayImport = useMay('import');
  const warehouse = useQuery(ask(endpoints.getConnection, { params }));
  const sources = useQuery(ask(endpoints.listIntegrations, { params }));
  const keys = useQuery({ ...ask(endpoints.listSshKeys, { params }), enabled: mayImport });
  const failed = [warehouse, sources].find(({ error, data }) => error && !data);
  return {
    isPending: !failed && (!warehouse.data || !sources.data || keys.isLoading),
    failure: failed?.error && { error: failed.error, retry: () => void failed.refetch() },
    connection: warehouse.data?.connection,
    sources: sources.data?.data ?? [],
    keyCount: keys.data?.data.length ?? 0,
  };
}

export function ConnectedApps({ connected }: { connected: ReturnType<typeof useConnected> }) {
  const t = useWords(words);
  const { isPending, failure, connection, sources, keyCount } = connected;
  if (failure) return <Failure {...failure} />;
  if (isPending) return <Skeleton height={140} radius="md" />;
  if (!connection && keyCount === 0 && sources.length === 0) return <Text c="dimmed">{t('nothing')}</Text>;
  return (
    <Stack gap="xs">
      {connection && <ConnectedWarehouse connection={connection} />}
      {keyCount > 0 && <ImportApp keys={keyCount} />}
      {sources.map((source) => (
        <SourceApp key={source.id} name={source.name} category={source.category} />
      ))}
    </Stack>
  );
}

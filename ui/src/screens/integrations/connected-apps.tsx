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
export function ConnectedApps() {
  const t = useWords(words);
  const params = useAccountParams();
  const mayImport = useMay('import');
  const warehouse = useQuery(ask(endpoints.getConnection, { params }));
  const sources = useQuery(ask(endpoints.listIntegrations, { params }));
  const keys = useQuery({ ...ask(endpoints.listSshKeys, { params }), enabled: mayImport });
  const failed = [warehouse, sources].find(({ error, data }) => error && !data);
  if (failed?.error) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!warehouse.data || !sources.data) return <Skeleton height={140} radius="md" />;
  const { connection } = warehouse.data;
  const keyCount = keys.data?.data.length ?? 0;
  if (!connection && keyCount === 0 && sources.data.data.length === 0) return <Text c="dimmed">{t('nothing')}</Text>;
  return (
    <Stack gap="xs">
      {connection && <ConnectedWarehouse connection={connection} />}
      {keyCount > 0 && <ImportApp keys={keyCount} />}
      {sources.data.data.map((source) => (
        <SourceApp key={source.id} name={source.name} category={source.category} />
      ))}
    </Stack>
  );
}

import { Anchor, Group, Progress, Stack, Table, Text, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Connection } from '#contract/connection.ts';
import type { Sync } from '#contract/syncs.ts';
import { useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { StatusChip } from '../../parts/status-chip.tsx';
import { SyncActions } from './sync-actions.tsx';
import { words } from './words.ts';

interface SyncTableProps {
  kind: Sync['kind'];
  syncs: readonly Sync[];
  connection: Connection;
}

export function SyncTable({ kind, syncs, connection }: SyncTableProps) {
  const t = useWords(words);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t(kind)}>
      <Table verticalSpacing="sm" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('status')}</Table.Th>
            {kind === 'historical' && <Table.Th>{t('started')}</Table.Th>}
            {kind === 'historical' && <Table.Th>{t('ended')}</Table.Th>}
            {kind === 'periodic' && (
              <Table.Th>
                <Tooltip label={t('freshnessHelp')} withArrow events={{ hover: true, focus: true, touch: true }}>
                  <span tabIndex={0}>{t('freshness')}</span>
                </Tooltip>
              </Table.Th>
            )}
            <Table.Th>{t('actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {syncs.map((sync) => (
            <SyncRow key={sync.id} sync={sync} connection={connection} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function SyncRow({ sync, connection }: { sync: Sync; connection: Connection }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/a/${account}/syncing/${connection.id}/${sync.id}`} fw={500}>
          {t(sync.object)}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Stack gap={4}>
          <Group gap="xs">
            <StatusChip status={sync.status} progress={sync.progress} />
            {sync.activeErrors > 0 && (
              <Anchor component={Link} size="sm" to={`/a/${account}/syncing/${connection.id}/${sync.id}`}>
                {t('errors', { count: sync.activeErrors })}
              </Anchor>
            )}
          </Group>
          {sync.status === 'in_progress' && sync.progress !== null && (
            <Progress value={sync.progress} size="sm" aria-label={t('status')} />
          )}
          {sync.status === 'scheduled' && sync.nextRunAt && (
            <Text size="xs" c="dimmed">
              {t('next')}: <RelativeTime at={sync.nextRunAt} />
            </Text>
          )}
        </Stack>
      </Table.Td>
      {sync.kind === 'historical' && (
        <>
          <Table.Td>
            <RelativeTime at={sync.startedAt} />
          </Table.Td>
          <Table.Td>
            <RelativeTime at={sync.endedAt} />
          </Table.Td>
        </>
      )}
      {sync.kind === 'periodic' && (
        <Table.Td>
          <Freshness seconds={sync.freshnessSeconds} />
        </Table.Td>
      )}
      <Table.Td>
        <SyncActions sync={sync} />
      </Table.Td>
    </Table.Tr>
  );
}

function Freshness({ seconds }: { seconds: number | null }) {
  const t = useWords(words);
  const formats = useFormats();
  if (seconds === null) return <span>–</span>;
  return <span>{seconds === 0 ? t('upToDate') : formats.duration(seconds)}</span>;
}

import { Menu } from '@mantine/core';
import { IconCircleCheck, IconCircleOff, IconDatabase } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Connection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { RemoveDialog } from '../connection/remove-dialog.tsx';
import { ConnectedApp } from './connected-app.tsx';
import { words } from './words.ts';

export function ConnectedWarehouse({ connection }: { connection: Connection }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const mayRemove = useMay('connect');
  const menuButton = useRef<HTMLButtonElement>(null);
  const [removing, setRemoving] = useState(false);
  const kinds = useQuery(ask(endpoints.listDestinations, {})).data?.data;
  const label = kinds?.find(({ kind }) => kind === connection.kind)?.label ?? connection.kind;
  const { enabled, lastSyncedAt, name } = connection;
  const close = (): void => setRemoving(false);
  return (
    <>
      <ConnectedApp
        Icon={IconDatabase}
        name={name}
        menuButton={menuButton}
        mark={
          <Chip color={enabled ? 'teal' : 'gray'} Icon={enabled ? IconCircleCheck : IconCircleOff}>
            {t(enabled ? 'enabled' : 'off')}
          </Chip>
        }
        text={
          <>
            {name === label ? '' : `${label} · `}
            {t('lastSync')} {lastSyncedAt ? <RelativeTime at={lastSyncedAt} /> : t('never')}
          </>
        }
      >
        <Menu.Item component={Link} to={`/a/${account}/syncing/${connection.id}`}>
          {t('openSyncing')}
        </Menu.Item>
        {mayRemove && (
          <Menu.Item color="red" onClick={() => setRemoving(true)}>
            {t('remove')}
          </Menu.Item>
        )}
      </ConnectedApp>
      <RemoveDialog connection={connection} opened={removing} close={close} opener={menuButton} removed={close} />
    </>
  );
}

import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Connection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { EditSelection } from './edit-selection.tsx';
import { EditSettings } from './edit-settings.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { TestSaved } from './test-saved.tsx';
import { words } from './words.ts';

type Asked = 'test' | 'editSettings' | 'editSelection' | 'remove';

export function ManageMenu({ connection }: { connection: Connection }) {
  const t = useWords(words);
  const notify = useNotify();
  const may = useMay('connect');
  const params = useAccountParams();
  const navigate = useNavigate();
  const opener = useRef<HTMLButtonElement>(null);
  const [dialog, setDialog] = useState<Asked | null>(null);
  const enabling = useChange(endpoints.enableConnection);
  const disabling = useChange(endpoints.disableConnection);
  if (!may) return null;
  const toggle = (): void => {
    const change = connection.enabled ? disabling : enabling;
    change.mutate({ params }, { onError: ({ message }) => notify('refused', message) });
  };
  const close = (): void => setDialog(null);
  const shared = (one: Asked) => ({ opened: dialog === one, onClose: close, title: t(one), size: 'lg', opener });
  const removed = (): void => void navigate({ to: `/a/${params.account}/syncing` });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button ref={opener} variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t('manage')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['test', 'editSettings', 'editSelection'] as const).map((one) => (
            <Menu.Item key={one} onClick={() => setDialog(one)}>
              {t(one)}
            </Menu.Item>
          ))}
          <Menu.Item onClick={toggle}>{t(connection.enabled ? 'disable' : 'enable')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setDialog('remove')}>
            {t('remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog {...shared('test')}>
        <TestSaved />
      </Dialog>
      <Dialog {...shared('editSettings')}>
        <EditSettings connection={connection} close={close} />
      </Dialog>
      <Dialog {...shared('editSelection')}>
        <EditSelection connection={connection} close={close} />
      </Dialog>
      <RemoveDialog
        connection={connection}
        opener={opener}
        opened={dialog === 'remove'}
        close={close}
        removed={removed}
      />
    </>
  );
}

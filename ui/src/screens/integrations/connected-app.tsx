import { ActionIcon, Group, Menu, Paper, Text } from '@mantine/core';
import { IconCloudUpload, IconDots, IconPlug, type Icon as IconType } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode, RefObject } from 'react';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

interface ConnectedAppProps {
  Icon: IconType;
  name: string;
  text: ReactNode;
  mark?: ReactNode;
  menuButton?: RefObject<HTMLButtonElement | null>;
  /** Items of its menu. */
  children?: ReactNode;
}

export function ConnectedApp({ Icon, name, text, mark, menuButton, children }: ConnectedAppProps) {
  const t = useWords(words);
  return (
    <Paper withBorder p="md" radius="md">
      <Group wrap="nowrap">
        <Icon size={28} aria-hidden style={{ flex: 'none' }} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            {mark}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {text}
          </Text>
        </div>
        {children && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon ref={menuButton} variant="default" size="lg" aria-label={t('menuOf', { name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>{children}</Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Paper>
  );
}

export function ImportApp({ keys }: { keys: number }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <ConnectedApp Icon={IconCloudUpload} name={t('sftp')} text={t('sshKeys', { count: keys })}>
      <Menu.Item component={Link} to={`/a/${account}/imports`}>
        {t('openImports')}
      </Menu.Item>
    </ConnectedApp>
  );
}

/** An integration that events came from; what comes through the API can be cut off by its keys. */
export function SourceApp({ name, category }: { name: string; category: string }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const text = name === 'API' ? t('sourceApi') : t('source');
  return (
    <ConnectedApp Icon={IconPlug} name={name} text={category === '' ? text : `${category} · ${text}`}>
      <Menu.Item component={Link} to={`/a/${account}/keys`}>
        {t('apiKeys')}
      </Menu.Item>
    </ConnectedApp>
  );
}

import { AppShell, Burger, Group, NavLink, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconAddressBook,
  IconApps,
  IconBell,
  IconCloudUpload,
  IconKey,
  IconListDetails,
  IconRefresh,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { allows } from '#contract/roles.ts';
import { useWords } from '../i18n/words.ts';
import { AccountMenu } from './account-menu.tsx';
import { contentProps } from './arrival.ts';
import { ServerGone } from './server-gone.tsx';
import { SessionOver } from './session-over.tsx';
import { useAccount, useAccountParams } from './session.ts';
import { words } from './words.ts';

/** The frame around every screen of an account. */
export function Shell() {
  const t = useWords(words);
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} />
            <img src="/favicon.svg" width={26} height={26} alt="" />
            <Text fw={650}>Wharf</Text>
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('menu')}>
        <Navigation onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main {...contentProps}>
        <Outlet />
      </AppShell.Main>
      <ServerGone />
      <SessionOver />
    </AppShell>
  );
}

const groups = [
  {
    title: 'dataManagement',
    places: [
      { path: 'syncing', Icon: IconRefresh, needs: 'view' },
      { path: 'integrations', Icon: IconApps, needs: 'view' },
      { path: 'profiles', Icon: IconAddressBook, needs: 'view' },
      { path: 'events', Icon: IconActivity, needs: 'view' },
      { path: 'imports', Icon: IconCloudUpload, needs: 'view' },
    ],
  },
  {
    title: 'settings',
    places: [
      { path: 'account', Icon: IconSettings, needs: 'view' },
      { path: 'people', Icon: IconUsers, needs: 'view' },
      { path: 'keys', Icon: IconKey, needs: 'view' },
      { path: 'alerts', Icon: IconBell, needs: 'view' },
      { path: 'audit', Icon: IconListDetails, needs: 'people' },
    ],
  },
] as const;

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const { pathname } = useLocation();
  const role = useAccount()?.role;
  return (
    <nav>
      {groups.map(({ title, places }) => (
        <Stack key={title} gap={0} mb="md">
          <Text size="xs" c="dimmed" fw={600} px="sm" pb={4}>
            {t(title)}
          </Text>
          {places
            .filter(({ needs }) => role && allows(role, needs))
            .map(({ path, Icon }) => {
              const active = pathname.startsWith(`/a/${params.account}/${path}`);
              return (
                <NavLink
                  key={path}
                  component={Link}
                  to={`/a/${params.account}/${path}`}
                  label={t(path)}
                  active={active}
                  aria-current={active ? 'page' : undefined}
                  leftSection={<Icon size={18} aria-hidden />}
                  onClick={onNavigate}
                />
              );
            })}
        </Stack>
      ))}
    </nav>
  );
}

import { AppShell, Burger, Group, NavLink, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useWords } from '../i18n/words.ts';
import { AccountMenu } from './account-menu.tsx';
import { useAccountParams } from './session.ts';
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
      <AppShell.Main id="content">
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

const places = [{ path: 'syncing', Icon: IconRefresh }] as const;

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const { pathname } = useLocation();
  return (
    <nav>
      <VisuallyHidden>{t('dataManagement')}</VisuallyHidden>
      {places.map(({ path, Icon }) => {
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
    </nav>
  );
}

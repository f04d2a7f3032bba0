import { Button, Menu, Skeleton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { signOut } from '../api/sign-in.ts';
import { useWords } from '../i18n/words.ts';
import { accountsQuery, useAccount, usePerson } from './session.ts';
import { words } from './words.ts';

// fetched when the menu is first opened
const Preferences = lazy(async () => ({ default: (await import('./preferences.tsx')).Preferences }));

/** Which account is looked at, who looks, in which language and light. */
export function AccountMenu() {
  const t = useWords(words);
  const person = usePerson();
  const account = useAccount();
  const accounts = useQuery(accountsQuery).data?.data ?? [];
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = async (): Promise<void> => {
    await signOut();
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={260} withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {account?.name ?? person?.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person?.email}</Menu.Label>
        {accounts.map(({ id, name }) => (
          <Menu.Item
            key={id}
            fw={id === account?.id ? 600 : 400}
            onClick={() => void navigate({ to: '/a/$account/syncing', params: { account: id } })}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Suspense fallback={<Skeleton height={112} mx="sm" my={6} w="auto" />}>
          <Preferences />
        </Suspense>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

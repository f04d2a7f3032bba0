import { Button, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { savePreferences, signOut } from '../api/sign-in.ts';
import { setLanguage, useLanguage } from '../i18n/i18n.ts';
import { useWords } from '../i18n/words.ts';
import { accountsQuery, useAccount, usePerson } from './session.ts';
import { words } from './words.ts';

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
    <Menu position="bottom-end" width={260} withinPortal>
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
        <Preferences />
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Preferences() {
  const t = useWords(words);
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap={6} px="sm" py={6}>
      <Text size="xs" c="dimmed" id="language">
        {t('language')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="language"
        value={language}
        data={[
          { value: 'en', label: 'English' },
          { value: 'pl', label: 'Polski' },
        ]}
        onChange={(chosen) => {
          setLanguage(chosen === 'pl' ? 'pl' : 'en');
          void savePreferences({ language: chosen }).catch(() => undefined);
        }}
      />
      <Text size="xs" c="dimmed" id="appearance">
        {t('theme')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="appearance"
        value={colorScheme}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(chosen) => setColorScheme(chosen as 'auto' | 'light' | 'dark')}
      />
    </Stack>
  );
}

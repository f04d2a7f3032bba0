import { SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconApi, IconCloudUpload, IconDatabase, type Icon as IconType } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccount, useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { ChoiceLink } from '../../parts/choice.tsx';
import { Failure } from '../../parts/failure.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { PlanOffer } from '../syncing/plan-offer.tsx';
import { words } from './words.ts';

interface App {
  readonly id: string;
  readonly Icon: IconType;
  readonly name: string;
  readonly text: string;
  readonly to: string;
  readonly search?: object;
}

/** Every app there is, by name. Warehouses need the plan: without it, how to get it is shown in their place. */
export function AppDirectory() {
  const t = useWords(words);
  const { account } = useAccountParams();
  const plan = useAccount()?.plan;
  const [wanted, setWanted] = useState('');
  const kinds = useQuery(ask(endpoints.listDestinations, {}));
  if (kinds.error && !kinds.data) return <Failure error={kinds.error} retry={() => void kinds.refetch()} />;
  if (!kinds.data || !plan) return <Skeleton height={240} radius="md" />;
  const warehouses: App[] = kinds.data.data.map(({ kind, label }) => ({
    id: kind,
    Icon: IconDatabase,
    name: label,
    text: t('warehouse'),
    to: `/a/${account}/syncing/connect`,
    search: { kind },
  }));
  const apps: App[] = [
    ...(plan === 'advanced' ? warehouses : []),
    { id: 'sftp', Icon: IconCloudUpload, name: t('sftp'), text: t('sftpText'), to: `/a/${account}/imports` },
    { id: 'api', Icon: IconApi, name: t('api'), text: t('apiText'), to: `/a/${account}/keys` },
  ];
  const sought = wanted.trim().toLowerCase();
  const found = apps.filter(({ name, text }) => `${name} ${text}`.toLowerCase().includes(sought));
  return (
    <Stack>
      {plan === 'basic' && <PlanOffer />}
      <SearchField label={t('search')} value={wanted} change={setWanted} />
      <Text size="sm" c="dimmed" role="status">
        {t('found', { count: found.length })}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {found.map(({ id, name, ...app }) => (
          <ChoiceLink key={id} title={name} {...app} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DestinationKind } from '#contract/destinations.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { ChoiceButton } from '../../parts/choice.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { words } from './words.ts';

interface ConnectorStepProps {
  kinds: readonly DestinationKind[];
  chosen: string | null;
  choose: (kind: DestinationKind) => void;
}

/** Which warehouse, and whether data goes to it or comes from it. */
export function ConnectorStep({ kinds, chosen, choose }: ConnectorStepProps) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const [wanted, setWanted] = useState('');
  const found = kinds.filter(({ label }) => label.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <Stack mt="md">
      <SearchField label={t('search')} value={wanted} change={setWanted} />
      {found.length === 0 && <Text c="dimmed">{t('none')}</Text>}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {found.map((kind) => (
          <ChoiceButton
            key={kind.kind}
            Icon={IconDatabase}
            title={kind.label}
            text={t('exportHelp')}
            chosen={kind.kind === chosen}
            choose={() => choose(kind)}
          />
        ))}
      </SimpleGrid>
      <Text size="sm">
        {t('importHelp')}{' '}
        <Anchor component={Link} to={`/a/${account}/imports`}>
          {t('import')}
        </Anchor>
      </Text>
    </Stack>
  );
}

import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { ProfileList } from './profile-list.tsx';
import { words } from './words.ts';

/** Data management > Profiles: find a person, see that the row is really there. */
export function Profiles() {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <TextInput
        type="search"
        label={t('search')}
        description={t('searchHelp')}
        leftSection={<IconSearch size={16} aria-hidden />}
        maw={520}
        maxLength={255}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ProfileList search={search} />
    </Page>
  );
}

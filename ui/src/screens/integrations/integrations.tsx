import { Stack, Title } from '@mantine/core';
import { useWords } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { AppDirectory } from './app-directory.tsx';
import { ConnectedApps, useConnected } from './connected-apps.tsx';
import { words } from './words.ts';

/** What the account is connected to, and what it could be connected to. */
export function Integrations() {
  const t = useWords(words);
  const connected = useConnected();
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Stack component="section" aria-labelledby="connected">
        <Title order={2} id="connected">
          {t('connected')}
        </Title>
        <ConnectedApps connected={connected} />
      </Stack>
      {!connected.isPending && (
        <Stack component="section" aria-labelledby="browse">
          <Title order={2} id="browse">
            {t('browse')}
          </Title>
          <AppDirectory />
        </Stack>
      )}
    </Page>
  );
}

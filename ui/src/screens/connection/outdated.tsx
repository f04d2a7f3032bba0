import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '#contract/client.ts';
import type { Connection } from '#contract/connection.ts';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

/**
 * The connection as it was when the form was opened: an edit names that version, so that nobody's change is written over
 * unseen. `outdated` as soon as another version is known, before or after saving.
 */
export function useOpened(connection: Connection, saving: { error: Error | null; isSuccess: boolean }) {
  const [opened, setOpened] = useState(connection);
  const refused = saving.error instanceof ApiError && saving.error.facts.code === 'CONFLICT';
  return {
    opened,
    outdated: !saving.isSuccess && (refused || connection.version !== opened.version),
    reopen: () => setOpened(connection),
  };
}

export function Outdated({ show }: { show: () => void }) {
  const t = useWords(words);
  return (
    <Alert color="orange" role="alert" title={t('outdated')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('outdatedAdvice')}</Text>
        <Button size="xs" variant="default" onClick={show}>
          {t('showPresent')}
        </Button>
      </Stack>
    </Alert>
  );
}

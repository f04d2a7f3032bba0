import { Button, Group, Paper, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { isServerGone, lookForServer } from '../api/presence.ts';
import { useWords } from '../i18n/words.ts';
import { words as sharedWords } from '../parts/words.ts';
import classes from './server-gone.module.css';
import { words } from './words.ts';

const lookEveryMs = 2_000;

/** Said while the server does not answer, above everything, dialogs included; goes by itself. */
export function ServerGone() {
  const t = useWords(words);
  const shared = useWords(sharedWords);
  const queries = useQueryClient();
  const gone = useSyncExternalStore(isServerGone.subscribe, isServerGone.get);
  useEffect(() => {
    if (!gone) return;
    const timer = setInterval(() => void lookForServer(), lookEveryMs);
    return () => {
      clearInterval(timer);
      void queries.invalidateQueries();
    };
  }, [gone, queries]);
  if (!gone) return null;
  return (
    <Paper className={classes['banner'] ?? ''} withBorder shadow="md" p="sm" role="alert">
      <Group wrap="nowrap" gap="sm">
        <IconPlugConnectedX size={22} color="var(--mantine-color-red-text)" aria-hidden style={{ flex: 'none' }} />
        <Text size="sm" flex={1}>
          {t('serverGone')}
        </Text>
        <Button size="xs" variant="default" onClick={() => void lookForServer()} style={{ flex: 'none' }}>
          {shared('retry')}
        </Button>
      </Group>
    </Paper>
  );
}

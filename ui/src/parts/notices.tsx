import { CloseButton, Group, Paper, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useWords } from '../i18n/words.ts';
import { dismiss, notices, type Notice } from './notify.ts';
import classes from './notices.module.css';
import { words } from './words.ts';

const shownMs = 6_000;

/** The corner in which short notices come and go. */
export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get);
  return (
    <div className={classes['corner']}>
      {shown.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

const looks = {
  done: { Icon: IconCircleCheck, color: 'teal', role: 'status' },
  refused: { Icon: IconCircleX, color: 'red', role: 'alert' },
} as const;

/** Goes by itself, but not while it is read with the pointer over it or the focus in it. */
function OneNotice({ notice: { id, outcome, message } }: { notice: Notice }) {
  const t = useWords(words);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, held]);
  const { Icon, color, role } = looks[outcome];
  const hold = (): void => setHeld(true);
  const release = (): void => setHeld(false);
  return (
    <Paper
      withBorder
      shadow="md"
      p="sm"
      role={role}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <Group wrap="nowrap" gap="sm">
        <Icon size={20} color={`var(--mantine-color-${color}-text)`} aria-hidden style={{ flex: 'none' }} />
        <Text size="sm" flex={1}>
          {message}
        </Text>
        <CloseButton size="sm" aria-label={t('close')} onClick={() => dismiss(id)} />
      </Group>
    </Paper>
  );
}

import { Button, Group } from '@mantine/core';
import { endpoints } from '#contract/endpoints.ts';
import type { Sync } from '#contract/syncs.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { useKeptFocus } from '../../parts/use-kept-focus.ts';
import { words } from './words.ts';

/** What can be done with a sync in its present state. */
export function SyncActions({ sync }: { sync: Sync }) {
  const t = useWords(words);
  const notify = useNotify();
  const may = useMay('operate');
  const params = { ...useAccountParams(), sync: sync.id };
  const actions = {
    syncNow: useChange(endpoints.syncNow),
    pause: useChange(endpoints.pauseSync),
    resume: useChange(endpoints.resumeSync),
    reEnable: useChange(endpoints.reEnableSync),
  };
  const group = useKeptFocus();
  if (!may) return null;
  return (
    <Group gap="xs" wrap="nowrap" ref={group}>
      {possible(sync).map((action) => (
        <Button
          // pause, resume and re-enable are one button, whose words follow the status
          key={action === 'syncNow' ? action : 'switch'}
          size="xs"
          variant="default"
          loading={actions[action].isPending}
          onClick={() => actions[action].mutate({ params }, { onError: ({ message }) => notify('refused', message) })}
        >
          {t(action)}
        </Button>
      ))}
    </Group>
  );
}

type Action = 'syncNow' | 'pause' | 'resume' | 'reEnable';

function possible({ kind, status }: Sync): readonly Action[] {
  switch (status) {
    case 'completed':
    case 'disabled':
      return [];
    case 'paused':
      return ['resume'];
    case 'failed':
      return ['reEnable'];
    case 'error':
      return ['syncNow', 'pause'];
    case 'scheduled':
    case 'in_progress':
      return kind === 'periodic' ? ['syncNow', 'pause'] : ['pause'];
  }
}

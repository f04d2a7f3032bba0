import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconCircleX,
  IconClock,
  IconPlayerPause,
  IconProgress,
} from '@tabler/icons-react';
import type { Sync } from '#contract/syncs.ts';
import { useWords } from '../i18n/words.ts';
import { Chip } from './chip.tsx';
import { words } from './words.ts';

const looks = {
  completed: { color: 'teal', Icon: IconCircleCheck },
  scheduled: { color: 'harbour', Icon: IconClock },
  in_progress: { color: 'blue', Icon: IconProgress },
  error: { color: 'orange', Icon: IconAlertTriangle },
  failed: { color: 'red', Icon: IconCircleX },
  paused: { color: 'gray', Icon: IconPlayerPause },
  disabled: { color: 'gray', Icon: IconCircleOff },
} as const;

/** A status by icon and word; colour only helps. */
export function StatusChip({ status, progress }: { status: Sync['status']; progress?: number | null }) {
  const t = useWords(words);
  const { color, Icon } = looks[status];
  return (
    <Chip color={color} Icon={Icon}>
      {t(status)}
      {status === 'in_progress' && typeof progress === 'number' ? ` ${progress}%` : ''}
    </Chip>
  );
}

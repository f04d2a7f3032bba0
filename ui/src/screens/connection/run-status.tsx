import {
  IconCircleCheck,
  IconCircleOff,
  IconClock,
  IconProgress,
  IconRefreshAlert,
  type Icon as IconType,
} from '@tabler/icons-react';
import type { Run } from '#contract/history.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { words } from './words.ts';

const looks: Record<Run['status'], { color: string; Icon: IconType }> = {
  queued: { color: 'gray', Icon: IconClock },
  running: { color: 'blue', Icon: IconProgress },
  failed: { color: 'red', Icon: IconRefreshAlert },
  succeeded: { color: 'teal', Icon: IconCircleCheck },
  cancelled: { color: 'gray', Icon: IconCircleOff },
};

export function RunStatus({ run: { status, progress } }: { run: Run }) {
  const t = useWords(words);
  return (
    <Chip {...looks[status]}>
      {t(`run-${status}`)}
      {status === 'running' && ` ${progress}%`}
    </Chip>
  );
}

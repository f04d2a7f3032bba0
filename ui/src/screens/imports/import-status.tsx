import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconEye, IconProgress } from '@tabler/icons-react';
import type { ImportedFile } from '#contract/imports.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { words } from './words.ts';

const looks = {
  review: { color: 'orange', Icon: IconEye },
  in_progress: { color: 'blue', Icon: IconProgress },
  completed: { color: 'teal', Icon: IconCircleCheck },
  incomplete: { color: 'orange', Icon: IconAlertTriangle },
  failed: { color: 'red', Icon: IconCircleX },
} as const;

export function ImportStatus({ status }: { status: ImportedFile['status'] }) {
  const t = useWords(words);
  const { color, Icon } = looks[status];
  return (
    <Chip color={color} Icon={Icon}>
      {t(status)}
    </Chip>
  );
}

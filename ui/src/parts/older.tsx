import { Button } from '@mantine/core';
import type { Pages } from '../api/pages.ts';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** Under a list that has another page. */
export function Older({ pages: { older } }: { pages: Pages<unknown> }) {
  const t = useWords(words);
  if (!older) return null;
  return (
    <Button
      variant="default"
      size="xs"
      loading={older.isReading}
      onClick={older.read}
      style={{ alignSelf: 'flex-start' }}
    >
      {t('older')}
    </Button>
  );
}

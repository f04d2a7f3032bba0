import { Modal, type ModalProps } from '@mantine/core';
import { useLayoutEffect, type RefObject } from 'react';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

interface DialogProps extends ModalProps {
  /** Where the focus goes back to when what opened it, an item of a menu, is gone by then. */
  opener?: RefObject<HTMLElement | null>;
}

/** A modal whose closing cross has a name, and which gives the focus back, also when it goes at once. */
export function Dialog({ opener, ...props }: DialogProps) {
  const t = useWords(words);
  const { opened } = props;
  useLayoutEffect(() => {
    if (!opened) return;
    const before = opener?.current ?? (document.activeElement as HTMLElement | null);
    return () => before?.focus({ preventScroll: true });
  }, [opened, opener]);
  return <Modal {...props} returnFocus={false} closeButtonProps={{ 'aria-label': t('close') }} />;
}

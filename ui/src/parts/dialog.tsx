import { Modal, type ModalProps } from '@mantine/core';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** A modal whose closing cross has a name. */
export function Dialog(props: ModalProps) {
  const t = useWords(words);
  return <Modal {...props} closeButtonProps={{ 'aria-label': t('close') }} />;
}

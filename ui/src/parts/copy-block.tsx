import { ActionIcon, Box, Code, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** Text to be taken elsewhere: a script, a command, a key. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const t = useWords(words);
  return (
    <Box pos="relative">
      <Code block tabIndex={0} aria-label={label} mah={420} style={{ overflow: 'auto', whiteSpace: 'pre' }}>
        {text}
      </Code>
      <CopyButton value={text} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')} withArrow>
            <ActionIcon
              pos="absolute"
              top={8}
              right={8}
              variant="default"
              aria-label={`${t('copy')}: ${label}`}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Box>
  );
}

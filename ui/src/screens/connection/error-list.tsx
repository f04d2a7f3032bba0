import { Alert, Button, Code, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { SyncError } from '#contract/history.ts';
import { ask } from '../../api/api.ts';
import { useAccount, useAccountParams } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Fact } from '../../parts/fact.tsx';
import { words as sharedWords } from '../../parts/words.ts';
import { words } from './words.ts';

/** Errors that are still there; each opens a drawer with all that is known of it. */
export function ErrorList({ sync }: { sync: string }) {
  const t = useWords(words);
  const say = useSentences();
  const shared = useWords(sharedWords);
  const params = useAccountParams();
  const [shown, setShown] = useState<SyncError | null>(null);
  const errors = useQuery(ask(endpoints.listErrors, { params, query: { sync, active: 'true' } })).data?.data ?? [];
  return (
    <>
      {errors.map((error) => (
        <Alert key={error.id} color="red" icon={<IconAlertTriangle aria-hidden />} title={say(error.summary)}>
          <Group justify="space-between">
            <Text size="sm">{say(error.advice)}</Text>
            <Button size="xs" variant="default" onClick={() => setShown(error)}>
              {t('showErrors')}
            </Button>
          </Group>
        </Alert>
      ))}
      <Drawer
        closeButtonProps={{ 'aria-label': shared('close') }}
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        title={t('drawer')}
      >
        {shown && <ErrorFacts error={shown} />}
      </Drawer>
    </>
  );
}

function ErrorFacts({ error }: { error: SyncError }) {
  const t = useWords(words);
  const say = useSentences();
  const shared = useWords(sharedWords);
  const formats = useFormats(useAccount()?.timeZone);
  const text = [error.summary, error.code, error.externalMessage, error.lastAt, error.advice]
    .filter(Boolean)
    .join('\n');
  return (
    <Stack>
      <Fact label={t('summary')}>{say(error.summary)}</Fact>
      <Fact label={t('code')}>
        <Code>{error.code}</Code>
      </Fact>
      {error.externalMessage && (
        <Fact label={t('external')}>
          <Code block style={{ whiteSpace: 'pre-wrap' }}>
            {error.externalMessage}
          </Code>
        </Fact>
      )}
      <Fact label={t('date')}>
        {formats.exact(error.lastAt)} · {t('times', { count: error.occurrences })}
      </Fact>
      <Fact label={t('whatToDo')}>{say(error.advice)}</Fact>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? shared('copied') : shared('copy')}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}

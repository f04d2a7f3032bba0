import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '#contract/client.ts';
import { useSentences } from '../i18n/sentences.ts';
import { useWords } from '../i18n/words.ts';
import { words } from './words.ts';

/** What went wrong, why and what to do, as the server says it. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const t = useWords(words);
  const say = useSentences();
  const facts = error instanceof ApiError ? error.facts : null;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={facts ? say(facts.message) : t('noAnswer')}
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">{facts ? say(facts.advice) : t('noAnswerAdvice')}</Text>
        {facts && (
          <Text size="xs" c="dimmed">
            {t('code')} <Code>{facts.code}</Code> · {t('requestId')} <Code>{facts.requestId}</Code>
          </Text>
        )}
        {retry && (
          <Group>
            <Button size="xs" variant="default" onClick={retry}>
              {t('retry')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

/** Messages of the server beside the fields they are about. */
export function useFieldErrors(error: Error | null): Record<string, string> {
  const say = useSentences();
  if (!(error instanceof ApiError)) return {};
  const problems = error.facts.details['problems'];
  if (!Array.isArray(problems)) return {};
  return Object.fromEntries(
    (problems as { field?: unknown; message?: unknown }[]).map(({ field, message }) => [
      String(field),
      say(String(message)),
    ]),
  );
}

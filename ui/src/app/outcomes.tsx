import { Anchor, Center, Stack, Text, Title } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useWords } from '../i18n/words.ts';
import { Failure } from '../parts/failure.tsx';
import { words } from './words.ts';

export function NotFound() {
  const t = useWords(words);
  return (
    <Center mih="60vh">
      <Stack align="center">
        <Title order={1}>{t('notFound')}</Title>
        <Anchor href="/">{t('backHome')}</Anchor>
      </Stack>
    </Center>
  );
}

export function NoAccount() {
  const t = useWords(words);
  return (
    <Center mih="60vh">
      <Stack align="center">
        <Title order={1} tabIndex={-1}>
          {t('noAccount')}
        </Title>
        <Text>{t('noAccountAdvice')}</Text>
      </Stack>
    </Center>
  );
}

export function Unavailable({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <Center mih="60vh" p="md">
      <Failure error={error instanceof Error ? error : new Error(String(error))} retry={retry} />
    </Center>
  );
}

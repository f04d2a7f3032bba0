import { Alert, Anchor, Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../api/api.ts';
import { SignInError, signIn } from '../api/sign-in.ts';
import { useWords } from '../i18n/words.ts';
import { Failure } from '../parts/failure.tsx';
import type { usePerson } from './session.ts';
import { words } from './words.ts';

interface SignInAgainProps {
  person: NonNullable<ReturnType<typeof usePerson>>;
  goOn: () => void;
}

/** The same person's password, over the page; or another way to sign in, in a tab beside it. */
export function SignInAgain({ person, goOn }: SignInAgainProps) {
  const t = useWords(words);
  const [password, setPassword] = useState('');
  const entering = useMutation({ mutationFn: () => signIn(person.email, password), onSuccess: goOn });
  useWindowEvent('focus', () => void lookWhoIsSignedIn(person.id, goOn));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('sessionOver')}
      zIndex={400}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t('sessionOverText')}</Text>
          {entering.error && <Refused error={entering.error} />}
          <TextInput label={t('email')} value={person.email} readOnly autoComplete="username" />
          <PasswordInput
            label={t('password')}
            autoComplete="current-password"
            required
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={entering.isPending}>
            {t('signInAgain')}
          </Button>
          <Anchor href="/sign-in" target="_blank" size="sm">
            {t('otherWay')}
          </Anchor>
        </Stack>
      </form>
    </Modal>
  );
}

function Refused({ error }: { error: Error }) {
  const t = useWords(words);
  if (!(error instanceof SignInError)) return <Failure error={error} />;
  return (
    <Alert color="red" role="alert">
      {error.status === 429 ? t('tooMany') : t('wrongPassword')}
    </Alert>
  );
}

/** Back from another tab. Somebody else's session must not go on with what this person sees. */
async function lookWhoIsSignedIn(expected: string, goOn: () => void): Promise<void> {
  const found = await api.call(endpoints.caller, {}).catch(() => null);
  if (!found?.person) return;
  if (found.person.id === expected) goOn();
  else window.location.assign('/');
}

import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { SignInError, signIn } from '../../api/sign-in.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Card } from './card.tsx';
import { words } from './words.ts';

export function SignIn() {
  const t = useWords(words);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { next } = useSearch({ from: '/sign-in' });
  const entering = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: next ?? '/' });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <Card title={t('signIn')}>
      <form onSubmit={submit} style={{ display: 'contents' }}>
        {entering.error && <Refused error={entering.error} />}
        <TextInput
          label={t('email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={entering.isPending}>
          {t('signIn')}
        </Button>
      </form>
    </Card>
  );
}

function Refused({ error }: { error: Error }) {
  const t = useWords(words);
  if (!(error instanceof SignInError)) return <Failure error={error} />;
  return (
    <Alert color="red" role="alert">
      {error.status === 429 ? t('tooMany') : t('wrong')}
    </Alert>
  );
}

import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { api, ask } from '../../api/api.ts';
import { signIn } from '../../api/sign-in.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure, useFieldErrors } from '../../parts/failure.tsx';
import { Card } from './card.tsx';
import { words } from './words.ts';

const empty = { name: '', email: '', password: '', accountName: '' };

/** The first person. The link's fragment, which never reaches a log, holds the operator token. */
export function SetUp() {
  const t = useWords(words);
  const [token] = useState(() => window.location.hash.slice(1));
  const [typed, setTyped] = useState(empty);
  const navigate = useNavigate();
  const state = useQuery(ask(endpoints.getSetUp, {}));
  const creating = useMutation({
    mutationFn: async () => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      await api.call(endpoints.setUp, { body: { ...typed, token, timeZone } });
      await signIn(typed.email, typed.password);
    },
    onSuccess: () => navigate({ to: '/' }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creating.mutate();
  };
  const errors = useFieldErrors(creating.error);
  const field = (name: keyof typeof empty) => ({
    name,
    required: true,
    value: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [name]: value }));
    },
  });
  if (state.data?.needed === false) return <Card title={t('setUpTitle')}>{t('alreadySetUp')}</Card>;
  return (
    <Card title={t('setUpTitle')} lead={t('setUpLead')}>
      <form onSubmit={submit} style={{ display: 'contents' }}>
        {token === '' && <Alert color="orange">{t('noToken')}</Alert>}
        {creating.error && <Failure error={creating.error} />}
        <TextInput label={t('accountName')} description={t('accountNameHelp')} {...field('accountName')} />
        <TextInput label={t('yourName')} autoComplete="name" {...field('name')} />
        <TextInput label={t('email')} type="email" autoComplete="username" {...field('email')} />
        <PasswordInput
          label={t('password')}
          description={t('passwordHelp')}
          autoComplete="new-password"
          minLength={10}
          {...field('password')}
        />
        <Button type="submit" loading={creating.isPending} disabled={token === ''}>
          {t('create')}
        </Button>
      </form>
    </Card>
  );
}

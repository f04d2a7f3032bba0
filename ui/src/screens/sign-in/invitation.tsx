import { Anchor, Button, PasswordInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../../api/api.ts';
import { signIn } from '../../api/sign-in.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Card } from './card.tsx';
import { words } from './words.ts';

/** Opened from the link of an invitation, whose fragment is the token. */
export function AcceptInvitation() {
  const t = useWords(words);
  const [token] = useState(() => window.location.hash.slice(1));
  const found = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.call(endpoints.readInvitation, { body: { token } }),
    retry: false,
  });
  if (found.error) {
    return (
      <Card title="Wharf">
        <Failure error={found.error} />
      </Card>
    );
  }
  if (!found.data) return <Card title="Wharf">…</Card>;
  const { accountName, email, role, known } = found.data;
  return (
    <Card title={t('invitationTitle', { account: accountName })} lead={t('invitationLead', { role: t(role), email })}>
      {known ? <JoinKnown token={token} email={email} /> : <JoinNew token={token} email={email} />}
    </Card>
  );
}

function JoinNew({ token, email }: { token: string; email: string }) {
  const t = useWords(words);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const joining = useMutation({
    mutationFn: async () => {
      await api.call(endpoints.acceptAsNew, { body: { token, name, password } });
      await signIn(email, password);
    },
    onSuccess: () => navigate({ to: '/' }),
  });
  return (
    <JoinForm onSubmit={() => joining.mutate()} error={joining.error} pending={joining.isPending}>
      <TextInput
        label={t('yourName')}
        name="name"
        autoComplete="name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('password')}
        description={t('passwordHelp')}
        name="password"
        autoComplete="new-password"
        minLength={10}
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </JoinForm>
  );
}

function JoinKnown({ token, email }: { token: string; email: string }) {
  const t = useWords(words);
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const joining = useMutation({
    mutationFn: async () => {
      await signIn(email, password);
      await api.call(endpoints.acceptInvitation, { body: { token } });
    },
    onSuccess: () => navigate({ to: '/' }),
  });
  return (
    <JoinForm onSubmit={() => joining.mutate()} error={joining.error} pending={joining.isPending}>
      <Text size="sm">{t('joinKnown')}</Text>
      <PasswordInput
        label={t('password')}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Anchor href="/" size="sm">
        Wharf
      </Anchor>
    </JoinForm>
  );
}

interface JoinFormProps {
  onSubmit: () => void;
  error: Error | null;
  pending: boolean;
  children: React.ReactNode;
}

function JoinForm({ onSubmit, error, pending, children }: JoinFormProps) {
  const t = useWords(words);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} style={{ display: 'contents' }}>
      {error && <Failure error={error} />}
      {children}
      <Button type="submit" loading={pending}>
        {t('join')}
      </Button>
    </form>
  );
}

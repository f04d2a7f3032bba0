import { Alert, Button, Code, Divider, PasswordInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Account } from '#contract/accounts.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { isSessionOver } from '../../api/presence.ts';
import { changePassword, SignInError } from '../../api/sign-in.ts';
import { useAccount, useAccountParams, useMay } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { words } from './words.ts';

const zones = Intl.supportedValuesOf('timeZone');

export function AccountSettings() {
  const t = useWords(words);
  const account = useAccount();
  return (
    <Page title={t('account')} lead={t('accountLead')}>
      {account && <AccountForm key={account.id} account={account} />}
      <Divider />
      {account && <PlanForm account={account} />}
      <Divider />
      <PasswordForm />
    </Page>
  );
}

function AccountForm({ account }: { account: Account }) {
  const t = useWords(words);
  const notify = useNotify();
  const params = useAccountParams();
  const may = useMay('configure');
  const [name, setName] = useState(account.name);
  const [timeZone, setTimeZone] = useState(account.timeZone);
  const saving = useChange(endpoints.editAccountSettings);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({ params, body: { name, timeZone } }, { onSuccess: () => notify('done', t('saved')) });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={460}>
        <Text size="sm">
          {t('accountId')} <Code>{account.id}</Code>
        </Text>
        {saving.error && <Failure error={saving.error} />}
        <TextInput
          label={t('name')}
          required
          disabled={!may}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('timeZone')}
          searchable
          disabled={!may}
          data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
          value={timeZone}
          allowDeselect={false}
          limit={100}
          onChange={(chosen) => setTimeZone(chosen ?? timeZone)}
        />
        {may && (
          <Button type="submit" loading={saving.isPending} w="fit-content">
            {t('save')}
          </Button>
        )}
      </Stack>
    </form>
  );
}

function PlanForm({ account }: { account: Account }) {
  const t = useWords(words);
  const params = useAccountParams();
  const may = useMay('plan');
  const enabling = useChange(endpoints.enableAdvancedPlan);
  const disabling = useChange(endpoints.disableAdvancedPlan);
  const on = account.plan === 'advanced';
  const switching = on ? disabling : enabling;
  return (
    <Stack maw={460} align="flex-start">
      <Title order={2}>{t('plan')}</Title>
      <Text size="sm">{t(on ? 'planOn' : 'planOff')}</Text>
      {switching.error && <Failure error={switching.error} />}
      {may ? (
        <Button variant="default" loading={switching.isPending} onClick={() => switching.mutate({ params })}>
          {t(on ? 'planDisable' : 'planEnable')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('planOwner')}
        </Text>
      )}
    </Stack>
  );
}

function PasswordForm() {
  const t = useWords(words);
  const notify = useNotify();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const changing = useMutation({
    mutationFn: () => changePassword(current, wanted),
    onSuccess: () => {
      notify('done', t('passwordChanged'));
      setCurrent('');
      setWanted('');
    },
    onError: (error) => {
      if (error instanceof SignInError && error.status === 401) isSessionOver.set(true);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    changing.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={460}>
        <Title order={2}>{t('profile')}</Title>
        {changing.error && <PasswordRefused error={changing.error} />}
        <PasswordInput
          label={t('currentPassword')}
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('newPassword')}
          description={t('newPasswordHelp')}
          autoComplete="new-password"
          minLength={10}
          required
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={changing.isPending} w="fit-content">
          {t('changePassword')}
        </Button>
      </Stack>
    </form>
  );
}

function PasswordRefused({ error }: { error: Error }) {
  const t = useWords(words);
  if (!(error instanceof SignInError)) return <Failure error={error} />;
  // the frame asks to sign in again
  if (error.status === 401) return null;
  return (
    <Alert color="red" role="alert">
      {t(error.status === 429 ? 'tooMany' : 'passwordWrong')}
    </Alert>
  );
}

import { Button, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { mayAssign, role as roles, type Role } from '#contract/roles.ts';
import { useChange } from '../../api/api.ts';
import { useAccount, useAccountParams } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { Failure } from '../../parts/failure.tsx';
import { words } from './words.ts';

/** Makes an invitation and shows its link, which nobody can see again. */
export function InviteDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const own = useAccount()?.role ?? 'analyst';
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const inviting = useChange(endpoints.invite);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    inviting.mutate({ params, body: { email, role } });
  };
  const leave = (): void => {
    inviting.reset();
    setEmail('');
    close();
  };
  return (
    <Dialog opened={opened} onClose={leave} title={t('invite')} size="lg">
      {inviting.data ? (
        <Stack>
          <Text>{t('inviteDone', { email: inviting.data.email })}</Text>
          <CopyBlock text={`${window.location.origin}/invitation#${inviting.data.token}`} label={t('link')} />
          <Button onClick={leave}>{t('close')}</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {inviting.error && <Failure error={inviting.error} />}
            <TextInput
              label={t('email')}
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Radio.Group label={t('role')} value={role} onChange={(chosen) => setRole(chosen as Role)}>
              <Stack gap="xs" mt="xs">
                {roles.options
                  .filter((one) => mayAssign(own, null, one))
                  .map((one) => (
                    <Radio key={one} value={one} label={t(one)} description={t(`${one}Help`)} />
                  ))}
              </Stack>
            </Radio.Group>
            <Button type="submit" loading={inviting.isPending}>
              {t('invite')}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

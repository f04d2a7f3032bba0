import { Button, Checkbox, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams, usePerson } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { words } from './words.ts';

export function KeyDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const person = usePerson();
  const [title, setTitle] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const [mayConsent, setMayConsent] = useState(false);
  const adding = useChange(endpoints.addSshKey);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const owner = person?.name ?? '';
    adding.mutate(
      { params, body: { title, owner, publicKey, mayConsent } },
      {
        onSuccess: () => {
          setTitle('');
          setPublicKey('');
          close();
        },
      },
    );
  };
  return (
    <Dialog opened={opened} onClose={close} title={t('addKey')} size="lg">
      <form onSubmit={submit}>
        <Stack>
          {adding.error && <Failure error={adding.error} />}
          <TextInput
            label={t('keyTitle')}
            description={t('keyTitleHelp')}
            required
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Textarea
            label={t('publicKey')}
            description={t('publicKeyHelp')}
            required
            autosize
            minRows={3}
            value={publicKey}
            onChange={(event) => setPublicKey(event.currentTarget.value)}
          />
          <Checkbox
            label={t('mayConsent')}
            checked={mayConsent}
            onChange={(event) => setMayConsent(event.currentTarget.checked)}
          />
          <Button type="submit" loading={adding.isPending}>
            {t('addKey')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { AlertTopic } from '#contract/alerts.ts';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useLanguage } from '../../i18n/i18n.ts';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { words } from './words.ts';
import { LanguageField, TopicFields } from './fields.tsx';

/** Adds an e-mail address or a webhook; a webhook's secret is shown before the dialog goes. */
export function AddAddress({ channel, close }: { channel: 'email' | 'webhook'; close: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const own = useLanguage();
  const [address, setAddress] = useState('');
  const [topics, setTopics] = useState<AlertTopic[]>(['failed', 'recovered', 'credentials', 'imports']);
  const [language, setLanguage] = useState(own);
  const adding = useChange(endpoints.addAlertAddress);
  const isEmail = channel === 'email';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    adding.mutate({ params, body: { channel, address, topics, language } }, { onSuccess: () => isEmail && close() });
  };
  return (
    <Dialog opened onClose={close} title={t(isEmail ? 'addEmail' : 'addWebhook')} size="lg">
      {adding.data?.secret ? (
        <Stack>
          <Text>{t('secretText')}</Text>
          <CopyBlock text={adding.data.secret} label={t('secretTitle')} />
          <Button onClick={close}>{t('close')}</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {adding.error && <Failure error={adding.error} />}
            <TextInput
              label={t(isEmail ? 'emailAddress' : 'url')}
              description={isEmail ? undefined : t('urlHelp')}
              type={isEmail ? 'email' : 'url'}
              required
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
            <TopicFields chosen={topics} choose={setTopics} />
            {isEmail && <LanguageField value={language} choose={setLanguage} />}
            <Button type="submit" loading={adding.isPending} disabled={topics.length === 0}>
              {t('add')}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

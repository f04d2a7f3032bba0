import { Alert, Button, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { words } from './words.ts';
import { AddAddress } from './add.tsx';
import { AddressTable } from './addresses.tsx';
import { Deliveries } from './deliveries.tsx';

/** Where alerts go, what became of the last ones, and from where Wharf connects. */
export function Alerts() {
  const t = useWords(words);
  const params = useAccountParams();
  const may = useMay('configure');
  const [adding, setAdding] = useState<'email' | 'webhook' | null>(null);
  const alerts = useQuery(ask(endpoints.getAlerts, { params }));
  const actions = may && (
    <>
      <Button onClick={() => setAdding('email')}>{t('addEmail')}</Button>
      <Button variant="default" onClick={() => setAdding('webhook')}>
        {t('addWebhook')}
      </Button>
    </>
  );
  return (
    <Page title={t('alerts')} lead={t('lead')} actions={actions}>
      {alerts.error && <Failure error={alerts.error} retry={() => void alerts.refetch()} />}
      {alerts.isPending && <Skeleton height={240} />}
      {alerts.data && !alerts.data.sendsMail && <NoMail />}
      {alerts.data?.addresses.length === 0 && (
        <EmptyState title={t('noAddresses')}>{t(may ? 'noAddressesText' : 'noAddressesView')}</EmptyState>
      )}
      {alerts.data && alerts.data.addresses.length > 0 && (
        <>
          <AddressTable addresses={alerts.data.addresses} may={may} />
          <Deliveries />
        </>
      )}
      {alerts.data && <Outbound addresses={alerts.data.outboundAddresses} />}
      {adding && <AddAddress channel={adding} close={() => setAdding(null)} />}
    </Page>
  );
}

function NoMail() {
  const t = useWords(words);
  return (
    <Alert color="gray" icon={<IconMailOff aria-hidden />} title={t('noMail')}>
      {t('noMailText')}
    </Alert>
  );
}

function Outbound({ addresses }: { addresses: readonly string[] }) {
  const t = useWords(words);
  return (
    <Paper withBorder p="lg" radius="md">
      <Stack gap="sm">
        <Title order={2}>{t('outbound')}</Title>
        {addresses.length === 0 ? (
          <Text c="dimmed">{t('noOutbound')}</Text>
        ) : (
          <>
            <Text>{t('outboundText')}</Text>
            <CopyBlock text={addresses.join('\n')} label={t('outbound')} />
          </>
        )}
      </Stack>
    </Paper>
  );
}

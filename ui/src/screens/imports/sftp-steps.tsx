import { Button, Code, Group, List, Skeleton, Stack, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { SftpCredentials } from '#contract/ssh-keys.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { Failure } from '../../parts/failure.tsx';
import { ExportExample } from './export-example.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyList } from './key-list.tsx';
import { words } from './words.ts';

/** Export, key, upload. The credentials are shown once there is a key. */
export function SftpSteps() {
  const t = useWords(words);
  const params = useAccountParams();
  const [adding, setAdding] = useState(false);
  const keys = useQuery(ask(endpoints.listSshKeys, { params }));
  const credentials = useQuery(ask(endpoints.sftpCredentials, { params }));
  const error = keys.error ?? credentials.error;
  if (error) return <Failure error={error} />;
  if (!keys.data || !credentials.data) return <Skeleton height={200} radius="md" />;
  const hasKeys = keys.data.data.length > 0;
  return (
    <>
      <Timeline bulletSize={24} lineWidth={2}>
        <Timeline.Item bullet={1} title={t('step1')}>
          <Text c="dimmed">{t('step1Text')}</Text>
          <ExportExample />
        </Timeline.Item>
        <Timeline.Item bullet={2} title={t('step2')}>
          <Stack gap="sm">
            <Text c="dimmed">{t('step2Text')}</Text>
            <CopyBlock text={'ssh-keygen -t ed25519 -f wharf_key\ncat wharf_key.pub'} label={t('command')} />
            <KeyList keys={keys.data.data} />
            <Group>
              <Button variant={hasKeys ? 'default' : 'filled'} onClick={() => setAdding(true)}>
                {t('addKey')}
              </Button>
            </Group>
          </Stack>
        </Timeline.Item>
        <Timeline.Item bullet={3} title={t('step3')}>
          <Stack gap="sm">
            <Text c="dimmed">{t('step3Text')}</Text>
            {hasKeys && <Credentials credentials={credentials.data} />}
          </Stack>
        </Timeline.Item>
      </Timeline>
      <KeyDialog opened={adding} close={() => setAdding(false)} />
    </>
  );
}

function Credentials({ credentials }: { credentials: SftpCredentials }) {
  const t = useWords(words);
  const { server, userName, hostKeys } = credentials;
  if (!server) return <Text>{t('noServer')}</Text>;
  return (
    <Stack gap="xs">
      <Group gap="xl">
        {(
          [
            ['host', server.host],
            ['port', server.port],
            ['userName', userName],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {t(name)}
            </Text>
            <Code>{value}</Code>
          </div>
        ))}
      </Group>
      <CopyBlock text={server.command} label={t('command')} />
      <Text size="sm">
        {t('hostKeys')}: {t('hostKeysHelp')}
      </Text>
      <List size="sm">
        {hostKeys.map(({ type, fingerprint }) => (
          <List.Item key={fingerprint}>
            {type} <Code>{fingerprint}</Code>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

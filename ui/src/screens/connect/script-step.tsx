import { Code, List, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Settings } from '#contract/destinations.ts';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../../api/api.ts';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { Failure } from '../../parts/failure.tsx';
import { OutboundAddresses } from '../../parts/outbound-addresses.tsx';
import type { StepProps } from './connect.tsx';
import { withoutSecrets } from './draft.ts';
import { SettingField } from './setting-field.tsx';
import { StepButtons } from './step-buttons.tsx';
import { words } from './words.ts';

/** The names first, so that the script can be run as it stands. */
export function ScriptStep({ kind, draft, change, back, next }: StepProps) {
  const t = useWords(words);
  const names = kind.fields.filter(({ secret, required, name }) => !secret && required && name !== 'name');
  return (
    <Stack mt="md">
      <Text>{t('scriptLead')}</Text>
      <Stack maw={460}>
        {names.map((field) => (
          <SettingField
            key={field.name}
            kind={kind.kind}
            field={field}
            value={draft.settings[field.name]}
            change={(value) => change({ settings: { ...draft.settings, [field.name]: value } })}
          />
        ))}
      </Stack>
      <OutboundAddresses />
      <Script kind={kind.kind} settings={withoutSecrets(draft.settings, kind)} />
      <StepButtons back={back} next={next} />
    </Stack>
  );
}

function Script({ kind, settings }: { kind: string; settings: Settings }) {
  const t = useWords(words);
  const [typed] = useDebouncedValue(settings, 300);
  const script = useQuery({
    queryKey: ['script', kind, typed],
    queryFn: () => api.call(endpoints.setupScript, { params: { kind }, body: { settings: typed } }),
    placeholderData: keepPreviousData,
  });
  if (!script.data && script.error) return <Failure error={script.error} retry={() => void script.refetch()} />;
  if (!script.data) return <Skeleton height={200} />;
  return (
    <Stack gap="xs">
      <List type="ordered" size="sm">
        {script.data.instructions.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <CopyBlock text={script.data.text} label={t('script')} />
      <Text size="xs" c="dimmed">
        <Code>{script.data.language}</Code>
      </Text>
    </Stack>
  );
}

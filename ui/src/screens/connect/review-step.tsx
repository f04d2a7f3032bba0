import { Alert, Button, Loader, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { CheckSteps } from './check-steps.tsx';
import type { StepProps } from './connect.tsx';
import { credentialsStep } from './draft.ts';
import { Summary } from './summary.tsx';
import { StepButtons } from './step-buttons.tsx';
import { useChecks } from './use-checks.ts';
import { words } from './words.ts';

/** Runs the checks, each shown as it ends; connects when none has failed. */
export function ReviewStep({ kind, draft, change, back, finish }: StepProps & { finish: (id: string) => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const checks = useChecks(params.account, { kind: kind.kind, settings: draft.settings });
  const queries = useQueryClient();
  const connecting = useChange(endpoints.connect);
  const connect = (): void => {
    const body = { kind: kind.kind, name: draft.name, settings: draft.settings, selection: draft.selection };
    const onSuccess = ({ id }: { id: string }): void => {
      // those of a connection before are not to be seen beside the new one
      queries.removeQueries({ queryKey: [endpoints.listSyncs.path] });
      finish(id);
    };
    connecting.mutate({ params, body }, { onSuccess });
  };
  const failed = checks.steps.some(({ outcome }) => outcome === 'failed');
  return (
    <Stack mt="md" maw={760}>
      <Summary name={draft.name} selection={draft.selection} />
      {checks.state === 'running' && (
        <Text role="status">
          <Loader size="xs" mr="xs" />
          {t('testing')}
        </Text>
      )}
      <CheckSteps steps={checks.steps} />
      {checks.error && <Failure error={checks.error} retry={checks.start} />}
      {checks.state === 'done' && failed && (
        <Alert color="red" title={t('unable')} role="alert">
          {t('unableLead')}
        </Alert>
      )}
      {checks.state === 'done' && !failed && (
        <Alert color="teal" icon={<IconCircleCheck aria-hidden />} role="status">
          {t('ready')}
        </Alert>
      )}
      {connecting.error && <Failure error={connecting.error} />}
      <StepButtons back={back}>
        {failed && (
          <Button variant="default" onClick={() => change({ step: credentialsStep })}>
            {t('edit')}
          </Button>
        )}
        <Button
          variant={checks.state === 'done' && !failed ? 'default' : 'filled'}
          onClick={checks.start}
          loading={checks.state === 'running'}
        >
          {checks.state === 'idle' ? t('test') : t('again')}
        </Button>
        {checks.state === 'done' && !failed && (
          <Button onClick={connect} loading={connecting.isPending}>
            {t('connect')}
          </Button>
        )}
      </StepButtons>
    </Stack>
  );
}

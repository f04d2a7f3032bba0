import { Button, Stack } from '@mantine/core';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { CheckSteps } from '../connect/check-steps.tsx';
import { useChecks } from '../connect/use-checks.ts';
import { words } from './words.ts';

/** The checks over the settings as they are saved. */
export function TestSaved() {
  const t = useWords(words);
  const { account } = useAccountParams();
  const checks = useChecks(account, { saved: true });
  return (
    <Stack>
      <CheckSteps steps={checks.steps} />
      {checks.error && <Failure error={checks.error} />}
      <Button onClick={checks.start} loading={checks.state === 'running'}>
        {t('test')}
      </Button>
    </Stack>
  );
}

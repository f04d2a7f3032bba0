import { Button, List, Paper, Stack, Text, Title } from '@mantine/core';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams, useMay } from '../../app/session.ts';
import { Failure } from '../../parts/failure.tsx';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

/** For an account without the advanced data platform: what it is, and who can switch it on. */
export function PlanOffer() {
  const t = useWords(words);
  const params = useAccountParams();
  const may = useMay('plan');
  const enabling = useChange(endpoints.enableAdvancedPlan);
  return (
    <Paper withBorder p="xl" radius="md" component="section" aria-labelledby="plan-offer">
      <Stack align="flex-start" gap="sm" maw={620}>
        <Title order={2} id="plan-offer">
          {t('planTitle')}
        </Title>
        <Text>{t('planText')}</Text>
        <List size="sm">
          {(['planPoint1', 'planPoint2', 'planPoint3'] as const).map((point) => (
            <List.Item key={point}>{t(point)}</List.Item>
          ))}
        </List>
        {enabling.error && <Failure error={enabling.error} />}
        {may ? (
          <Button onClick={() => enabling.mutate({ params })} loading={enabling.isPending}>
            {t('planEnable')}
          </Button>
        ) : (
          <Text c="dimmed">{t('planAskOwner')}</Text>
        )}
      </Stack>
    </Paper>
  );
}

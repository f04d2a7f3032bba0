import { Code, Group, List, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react';
import type { CheckStep } from '#contract/connection.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Chip } from '../../parts/chip.tsx';
import { words } from './words.ts';

const looks = {
  passed: { color: 'teal', Icon: IconCircleCheck },
  failed: { color: 'red', Icon: IconCircleX },
  skipped: { color: 'gray', Icon: IconCircleMinus },
} as const;

export function CheckSteps({ steps }: { steps: readonly CheckStep[] }) {
  return (
    <List listStyleType="none" spacing="sm" aria-live="polite">
      {steps.map((step) => (
        <List.Item key={step.id}>
          <Step step={step} />
        </List.Item>
      ))}
    </List>
  );
}

function Step({ step }: { step: CheckStep }) {
  const t = useWords(words);
  const say = useSentences();
  const { color, Icon } = looks[step.outcome];
  return (
    <Group align="flex-start" wrap="nowrap" gap="sm">
      <Chip color={color} Icon={Icon} miw={120}>
        {t(step.outcome)}
      </Chip>
      <Stack gap={2}>
        <Text fw={500}>{say(step.label)}</Text>
        {step.message && (
          <Text size="sm" c="dimmed">
            {say(step.message)}
          </Text>
        )}
        {step.error && (
          <>
            <Text size="sm">{say(step.error.message)}</Text>
            <Text size="sm" fw={500}>
              {say(step.error.advice)}
            </Text>
            {step.error.externalMessage && (
              <Text size="xs" c="dimmed">
                {t('vendorSays')}: <Code>{step.error.externalMessage}</Code>
              </Text>
            )}
          </>
        )}
      </Stack>
    </Group>
  );
}

import { Checkbox, Radio, Stack } from '@mantine/core';
import { alertTopic, type AlertTopic } from '#contract/alerts.ts';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

export function TopicFields({
  chosen,
  choose,
}: {
  chosen: readonly AlertTopic[];
  choose: (topics: AlertTopic[]) => void;
}) {
  const t = useWords(words);
  return (
    <Checkbox.Group
      label={t('topics')}
      required
      value={[...chosen]}
      onChange={(values) => choose(values as AlertTopic[])}
    >
      <Stack gap="xs" mt="xs">
        {alertTopic.options.map((topic) => (
          <Checkbox key={topic} value={topic} label={t(topic)} description={t(`${topic}Help`)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

export function LanguageField({ value, choose }: { value: 'en' | 'pl'; choose: (language: 'en' | 'pl') => void }) {
  const t = useWords(words);
  return (
    <Radio.Group label={t('language')} value={value} onChange={(chosen) => choose(chosen as 'en' | 'pl')}>
      <Stack gap="xs" mt="xs">
        <Radio value="en" label="English" />
        <Radio value="pl" label="Polski" />
      </Stack>
    </Radio.Group>
  );
}

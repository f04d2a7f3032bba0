import { Center, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { setLanguage, useLanguage } from '../../i18n/i18n.ts';

/** The frame of the pages one sees before signing in. */
export function Card({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const language = useLanguage();
  useEffect(() => {
    document.title = `${title} · Wharf`;
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400}>
        <Group justify="space-between">
          <Group gap="xs">
            <img src="/favicon.svg" width={28} height={28} alt="" />
            <Text fw={650}>Wharf</Text>
          </Group>
          <SegmentedControl
            size="xs"
            aria-label="Language · Język"
            value={language}
            data={[
              { value: 'en', label: 'English' },
              { value: 'pl', label: 'Polski' },
            ]}
            onChange={(chosen) => setLanguage(chosen === 'pl' ? 'pl' : 'en')}
          />
        </Group>
        <Paper withBorder p="xl" radius="md">
          <Stack>
            <div>
              <Title order={1} tabIndex={-1}>
                {title}
              </Title>
              {lead && (
                <Text c="dimmed" mt={4}>
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}

import { Text } from '@mantine/core';

/** Somebody else's text in a table: two lines at most, its direction kept to itself. */
export function Cell({ children }: { children: string | null }) {
  return (
    <Text inherit component="bdi" lineClamp={2} miw={110} maw={260} style={{ overflowWrap: 'anywhere' }}>
      {children ?? '–'}
    </Text>
  );
}

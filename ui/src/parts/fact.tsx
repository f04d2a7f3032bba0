import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One thing that is known, under its name. Foreign text keeps its direction to itself and breaks anywhere. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" style={{ overflowWrap: 'anywhere', unicodeBidi: 'isolate' }}>
        {children ?? '–'}
      </Text>
    </div>
  );
}

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A label and what stands under it. Foreign text keeps its direction to itself and breaks anywhere. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" style={{ overflowWrap: 'anywhere' }}>
        <bdi>{children ?? '–'}</bdi>
      </Text>
    </div>
  );
}

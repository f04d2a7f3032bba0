import { Badge } from '@mantine/core';
import type { Icon as IconType } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A state by icon and word; the colour is the icon's alone, so that the word can be read in any light. */
export function Chip({
  color,
  Icon,
  children,
  miw,
}: {
  color: string;
  Icon: IconType;
  children: ReactNode;
  miw?: number;
}) {
  return (
    <Badge
      variant="default"
      tt="none"
      size="lg"
      fw={500}
      miw={miw ?? 'max-content'}
      leftSection={<Icon size={16} color={`var(--mantine-color-${color}-text)`} aria-hidden />}
    >
      {children}
    </Badge>
  );
}

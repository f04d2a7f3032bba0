import { Group, Text, UnstyledButton } from '@mantine/core';
import type { Icon as IconType } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './choice.module.css';

interface ChoiceProps {
  Icon: IconType;
  title: string;
  text: string;
  /** What is to be said of it beside its name: that it is connected already. */
  mark?: ReactNode;
}

/** One of several things to choose from, as a card. */
export function ChoiceButton({ chosen, choose, ...facts }: ChoiceProps & { chosen: boolean; choose: () => void }) {
  return (
    <UnstyledButton className={classes['choice'] ?? ''} aria-pressed={chosen} onClick={choose}>
      <Facts {...facts} />
    </UnstyledButton>
  );
}

/** The same, where choosing it opens another page. */
export function ChoiceLink({ to, search = {}, ...facts }: ChoiceProps & { to: string; search?: object }) {
  return (
    <UnstyledButton className={classes['choice'] ?? ''} component={Link} to={to} search={search as never}>
      <Facts {...facts} />
    </UnstyledButton>
  );
}

function Facts({ Icon, title, text, mark }: ChoiceProps) {
  return (
    <Group wrap="nowrap">
      <Icon size={28} aria-hidden style={{ flex: 'none' }} />
      <div>
        <Group gap="xs">
          <Text fw={600}>{title}</Text>
          {mark}
        </Group>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
    </Group>
  );
}

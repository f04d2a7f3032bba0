import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

/** Above what it narrows down. */
export function SearchField({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (value: string) => void;
}) {
  return (
    <TextInput
      label={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      maw={400}
    />
  );
}

import { NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import type { DestinationKind } from '#contract/destinations.ts';
import { fieldWords } from './field-words.ts';
import { useLanguage } from '../../i18n/i18n.ts';

interface SettingFieldProps {
  kind: string;
  field: DestinationKind['fields'][number];
  value: string | number | null | undefined;
  error?: string | undefined;
  /** A secret that is stored already, and kept while nothing is typed. */
  stored?: boolean;
  change: (value: string | number) => void;
}

/** One field of a credentials form, as the destination describes it. */
export function SettingField({ kind, field, value, error, stored = false, change }: SettingFieldProps) {
  const language = useLanguage();
  const { label, help } = fieldWords(language, kind, field);
  const shared = {
    name: field.name,
    label,
    description: help,
    required: field.required && !stored,
    error,
    ...(stored ? { placeholder: '••••••••' } : {}),
  };
  const text = value === null || value === undefined ? '' : String(value);
  if (field.input === 'number') {
    return <NumberInput {...shared} value={text} onChange={change} allowDecimal={false} hideControls />;
  }
  if (field.input === 'choice') {
    return (
      <Select
        {...shared}
        data={[...(field.choices ?? [])]}
        value={text}
        allowDeselect={false}
        onChange={(chosen) => change(chosen ?? '')}
      />
    );
  }
  const onChange = (event: { currentTarget: { value: string } }): void => change(event.currentTarget.value);
  const typed = { ...shared, value: text, onChange, autoComplete: 'off', spellCheck: false };
  if (field.input === 'text') return <Textarea {...typed} autosize minRows={4} maxRows={12} />;
  return field.secret ? <PasswordInput {...typed} autoComplete="new-password" /> : <TextInput {...typed} />;
}

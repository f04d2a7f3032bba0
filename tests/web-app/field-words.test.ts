import { expect, test } from 'vitest';
import { destinations } from '../../src/destinations/registry.ts';
import { fieldWords } from '../../ui/src/screens/connect/field-words.ts';

const fields = Object.entries(destinations).flatMap(([kind, { spec }]) =>
  spec.fields.map((field) => ({ kind, name: field.name, field })),
);

test.each(fields)('$kind $name is worded in Polish', ({ kind, field }) => {
  const english = fieldWords('en', kind, field);
  const polish = fieldWords('pl', kind, field);
  expect(english).toEqual({ label: field.label, help: field.help });
  expect(polish.help).not.toBe(english.help);
});

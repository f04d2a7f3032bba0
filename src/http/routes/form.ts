import type { Settings } from '../../contract/destinations.ts';
import type { AnyDestination } from '../../destinations/destination.ts';

export interface Form {
  readonly kind: string;
  readonly settings: Settings;
  /** What to call the connection. */
  readonly name?: string | undefined;
}

export interface FilledForm {
  readonly kind: string;
  readonly settings: Settings;
  readonly name: string;
}

/** The form as its screen would send it: defaults in the fields left out, and one name for field and connection. */
export function filled(destinations: Readonly<Record<string, AnyDestination>>, form: Form): FilledForm {
  const spec = Object.hasOwn(destinations, form.kind) ? destinations[form.kind]?.spec : undefined;
  const settings: Settings = { ...form.settings };
  for (const field of spec?.fields ?? []) {
    const value = settings[field.name] ?? (field.name === 'name' ? form.name : undefined) ?? field.default;
    if (value !== undefined) settings[field.name] = value;
  }
  const called = form.name ?? settings['name'];
  return { kind: form.kind, settings, name: typeof called === 'string' && called !== '' ? called : form.kind };
}

import { notesBelow, objectMembers, arrayItems, JsonText } from '../../kernel/json-text.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import type { PropertyPatch } from '../../store/profile-properties.ts';
import type { Body, BodyCheck, Members } from './body.ts';
import { locationMembers } from './field-sets.ts';

/** Names of text attributes: in the API, and in a write. */
const textAttributes = [
  ['email', 'email'],
  ['phone_number', 'phoneNumber'],
  ['external_id', 'externalId'],
  ['anonymous_id', 'anonymousId'],
  ['first_name', 'firstName'],
  ['last_name', 'lastName'],
  ['organization', 'organization'],
  ['locale', 'locale'],
  ['title', 'title'],
  ['image', 'image'],
] as const;

type Writable = { -readonly [Key in keyof ProfileWrite]: ProfileWrite[Key] };

/**
 * Reads a `profile` resource object into a write. Shape problems go to `check`; whether values make sense
 * (an address, a phone number, sizes) is the store's to say.
 */
export function readProfile(check: BodyCheck, value: unknown, pointer: string, notes: Body['notes']): ProfileWrite {
  const write: Writable = {};
  const resource = check.resource(value, 'profile', pointer);
  const attributes = resource && check.object(resource['attributes'], `${pointer}/attributes`);
  if (!resource || !attributes) return write;
  const at = `${pointer}/attributes`;
  const id = check.text(resource, 'id', pointer);
  if (typeof id === 'string') write.id = id;
  for (const [name, key] of textAttributes) {
    const text = check.text(attributes, name, at);
    if (text !== undefined) write[key] = text;
  }
  const location = readLocation(check, attributes['location'], `${at}/location`);
  if (location !== undefined) write.location = location;
  const properties = readProperties(check, attributes['properties'], `${at}/properties`);
  if (properties) write.properties = properties;
  // events carry the meta of their profile inside its attributes
  const [meta, metaAt] =
    'meta' in attributes ? [attributes['meta'], `${at}/meta`] : [resource['meta'], `${pointer}/meta`];
  const patch = readPatch(check, meta, metaAt);
  if (patch) write.patch = patch;
  if (notes.length > 0) write.notes = notesBelow(notes, at);
  return write;
}

/** True when the write names somebody. */
export function isIdentified(write: ProfileWrite): boolean {
  return !!(write.id || write.email || write.phoneNumber || write.externalId || write.anonymousId);
}

function readProperties(check: BodyCheck, value: unknown, pointer: string): JsonText | null {
  if (!(value instanceof JsonText) || value.text === 'null') return null;
  if (value.text.startsWith('{')) return value;
  check.add(pointer, 'This must be an object.');
  return null;
}

/** Undefined when absent; null clears the whole location. */
function readLocation(check: BodyCheck, value: unknown, pointer: string): JsonText | null | undefined {
  if (!(value instanceof JsonText)) return undefined;
  if (value.text === 'null') return null;
  const members = objectMembers(value);
  if (!members) {
    check.add(pointer, 'This must be an object.');
    return undefined;
  }
  for (const [name, { text }] of members) {
    if (!(locationMembers as readonly string[]).includes(name))
      check.add(`${pointer}/${name}`, 'This is not part of a location.');
    else if (!isLocationValue(name, text)) check.add(`${pointer}/${name}`, 'This must be text or null.');
  }
  return value;
}

function isLocationValue(name: string, text: string): boolean {
  const isNumber = /^[-\d]/.test(text);
  return text === 'null' || text.startsWith('"') || (isNumber && (name === 'latitude' || name === 'longitude'));
}

/** `meta.patch_properties`. */
function readPatch(check: BodyCheck, value: unknown, pointer: string): PropertyPatch | null {
  if (value === undefined || value === null) return null;
  const meta = check.object(value, pointer);
  // identifiers are changed through the attributes only; to pass this over in silence would lose data
  if ((meta?.['patch_identifiers'] ?? null) !== null)
    check.add(`${pointer}/patch_identifiers`, 'Identifiers cannot be patched here.');
  const given = meta?.['patch_properties'];
  if (given === undefined || given === null) return null;
  const patch = check.object(given, `${pointer}/patch_properties`);
  if (!patch) return null;
  const at = `${pointer}/patch_properties`;
  const append = readProperties(check, patch['append'], `${at}/append`);
  const unappend = readProperties(check, patch['unappend'], `${at}/unappend`);
  const unset = readUnset(check, patch, `${at}/unset`);
  return { ...(append ? { append } : {}), ...(unappend ? { unappend } : {}), ...(unset.length > 0 ? { unset } : {}) };
}

/** One name, or a list of names. */
function readUnset(check: BodyCheck, patch: Members, pointer: string): string[] {
  const value = patch['unset'];
  if (!(value instanceof JsonText) || value.text === 'null') return [];
  const names = (arrayItems(value) ?? [value]).map(({ text }) => JSON.parse(text) as unknown);
  if (names.every((name) => typeof name === 'string')) return names;
  check.add(pointer, 'This must be the name of a property or a list of names.');
  return [];
}

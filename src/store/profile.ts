import { type JsonText, parseJson, stringifyJson } from '../kernel/json-text.ts';
import type { DoorNote } from '../kernel/json-text-scanner.ts';
import { applyConsents, type ConsentChange } from './consent.ts';
import { ObjectDraft, type PropertyPatch } from './profile-properties.ts';

/** Strongest first; a profile's own id is stronger than all of them. */
export const identifierKinds = ['externalId', 'email', 'phoneNumber', 'anonymousId'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

export const nameKinds = ['firstName', 'lastName', 'organization', 'title', 'locale', 'image'] as const;
export type NameKind = (typeof nameKinds)[number];

type Fields<Kind extends string> = { readonly [K in Kind]?: string | null | undefined };

/** What a writer knows about a person. `null` clears a field, an absent one is left alone. */
export interface ProfileWrite extends Fields<IdentifierKind>, Fields<NameKind> {
  /** Of a profile that exists; ids merged away lead to the survivor. */
  readonly id?: string | undefined;
  /** An object, merged key by key; a `null` clears its key. `null` as a whole clears all. */
  readonly location?: JsonText | null | undefined;
  /** An object, merged key by key; a `null` clears its key. */
  readonly properties?: JsonText | undefined;
  readonly patch?: PropertyPatch | undefined;
  /** Merged into the subscriptions in their order; one that is older than the latest opt-out changes nothing. */
  readonly consents?: readonly ConsentChange[] | undefined;
  /** What the door replaced in the fields above. */
  readonly notes?: readonly DoorNote[] | undefined;
}

/** A profile while it is being written. Identifiers are changed by `ProfileBook` only, which keeps them apart. */
export interface Profile extends Record<IdentifierKind | NameKind, string | null> {
  readonly id: string;
  /** Whether there is a row. */
  stored: boolean;
  /** Where the row was read; null when there is none, or this transaction has moved it. */
  place: string | null;
  /** Of its newest change that is stored; 0 when there is none. */
  changeNumber: number;
  lastEventMs: number | null;
  /** As `lastEventMs` is stored. */
  storedEventMs: number | null;
  /** Stored as null while it is empty. */
  readonly location: ObjectDraft;
  readonly properties: ObjectDraft;
  subscriptions: string | null;
  predictiveAnalytics: string | null;
  doorNotes: string | null;
  /** Something else than `lastEventMs` is to be written. */
  changed: boolean;
}

export function newProfile(id: string): Profile {
  return {
    id,
    stored: false,
    place: null,
    changeNumber: 0,
    changed: true,
    externalId: null,
    email: null,
    phoneNumber: null,
    anonymousId: null,
    firstName: null,
    lastName: null,
    organization: null,
    title: null,
    locale: null,
    image: null,
    lastEventMs: null,
    storedEventMs: null,
    location: new ObjectDraft('{}'),
    properties: new ObjectDraft('{}'),
    subscriptions: null,
    predictiveAnalytics: null,
    doorNotes: null,
  };
}

/** Everything of a write but identifiers. Sets `changed` only when something is different afterwards. */
export function applyAttributes(profile: Profile, write: ProfileWrite, now: Date): void {
  for (const kind of nameKinds) {
    const value = write[kind];
    if (value === undefined || value === profile[kind]) continue;
    profile[kind] = value;
    profile.changed = true;
  }
  const { location, properties, patch, consents } = write;
  if (location === null) note(profile, profile.location.clear());
  else if (location) note(profile, profile.location.merge(location));
  if (properties) note(profile, profile.properties.merge(properties));
  if (patch) note(profile, profile.properties.patch(patch));
  const subscriptions = consents ? applyConsents(profile.subscriptions, consents, now) : null;
  if (subscriptions !== null) {
    profile.subscriptions = subscriptions;
    profile.changed = true;
  }
  if (profile.changed && write.notes?.length) profile.doorNotes = addNotes(profile.doorNotes, write.notes);
}

/** Fills what the survivor of a merge lacks from a profile that goes. */
export function fillAttributes(survivor: Profile, source: Profile): void {
  for (const kind of nameKinds) survivor[kind] ??= source[kind];
  survivor.location.fillFrom(source.location);
  survivor.properties.fillFrom(source.properties);
  survivor.subscriptions ??= source.subscriptions;
  survivor.predictiveAnalytics ??= source.predictiveAnalytics;
  survivor.lastEventMs = latest(survivor.lastEventMs, source.lastEventMs);
  if (source.doorNotes) survivor.doorNotes = addNotes(survivor.doorNotes, readNotes(source.doorNotes));
}

export function latest(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a;
}

/** At most so many are kept on a row, the newest ones. */
const maxNotes = 20;

/** The text of a row's `door_notes`; null when there is nothing to note. */
export function notesText(notes: readonly DoorNote[] | undefined): string | null {
  return notes?.length ? stringifyJson(notes.slice(-maxNotes)) : null;
}

function addNotes(present: string | null, notes: readonly DoorNote[]): string | null {
  const byText = new Map([...readNotes(present), ...notes].map((note) => [stringifyJson(note), note]));
  return notesText([...byText.values()]);
}

function readNotes(text: string | null): DoorNote[] {
  return text === null ? [] : (parseJson(text).value as DoorNote[]);
}

function note(profile: Profile, changed: boolean): void {
  if (changed) profile.changed = true;
}

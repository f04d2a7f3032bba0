/** What the store lets in: limits and canonical forms, the same for the API, imports and mirrors. */
import type { DoorNote } from '../kernel/json-text-scanner.ts';
import { arrayItems, objectMembers, type JsonText } from '../kernel/json-text.ts';
import type { EventWrite } from './event.ts';
import { identifierKinds, nameKinds, type ProfileWrite } from './profile.ts';

export interface DoorProblem {
  /** As in the API's attributes, with slashes: `email`, `properties/a/0`, `profile/phone_number`. */
  readonly path: string;
  readonly message: string;
}

export const limits = {
  emailLength: 100,
  identifierLength: 255,
  nameLength: 1000,
  profileBytes: 100 * 1024,
  /** Of a profile that comes with an event. */
  eventProfileBytes: 95 * 1024,
  metricNameLength: 127,
  uniqueIdLength: 255,
  properties: 400,
  stringBytes: 100 * 1024,
  arrayItems: 4000,
  nesting: 10,
  earliestMs: Date.UTC(1990, 0, 1),
} as const;

const yearMs = 366 * 86_400_000;

export type Admitted<Write> =
  | { readonly write: Write }
  | { readonly problems: readonly [DoorProblem, ...DoorProblem[]] };

/** Trimmed and lower-cased; null when it cannot be an address. */
export function canonicalEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return email.length <= limits.emailLength && emailPattern.test(email) ? email : null;
}

const emailPattern = /^[^\s@(),:;<>[\]"\\\p{Cc}]+@[^\s@(),:;<>[\]"\\\p{Cc}]+\.[^\s@(),:;<>[\]"\\.\p{Cc}]+$/u;

/** E.164, with spaces, dots, hyphens and brackets taken out; null when it is not international or not a number. */
export function canonicalPhone(text: string): string | null {
  const phone = text.replaceAll(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(phone) ? phone : null;
}

/** The profile in canonical form, or everything that is wrong with it. A write that is canonical already is given back. */
export function admitProfile(write: ProfileWrite, maxBytes: number = limits.profileBytes): Admitted<ProfileWrite> {
  const problems: DoorProblem[] = [];
  const say: Say = (path, message) => void problems.push({ path, message });
  const admitted = checkedIdentifiers(withCleanTexts(write), say);
  for (const kind of nameKinds) {
    const name = write[kind];
    if (name && name.length > limits.nameLength) checkLength(name, 0, limits.nameLength, snakeCase(kind), say);
  }
  checkObject(write.location, 'location', say);
  checkObject(write.properties, 'properties', say);
  checkObject(write.patch?.append, 'patch_properties/append', say);
  checkObject(write.patch?.unappend, 'patch_properties/unappend', say);
  checkConsents(write, say);
  if (mayBeLonger(write, maxBytes) && isLonger(textsOf(write), maxBytes))
    say('', `A profile may have ${maxBytes / 1024} KB at most.`);
  return verdict(admitted, problems);
}

/** The event with its time cut to the second and its profile in canonical form, or everything that is wrong with it. */
export function admitEvent(write: EventWrite, now: Date): Admitted<EventWrite> {
  const problems: DoorProblem[] = [];
  const say: Say = (path, message) => void problems.push({ path, message });
  const profile = admitProfile(write.profile, limits.eventProfileBytes);
  if ('problems' in profile) for (const { path, message } of profile.problems) say(`profile/${path}`, message);
  const { name, integration } = write.metric;
  checkLength(name, 1, limits.metricNameLength, 'metric/name', say);
  checkLength(integration, 1, limits.metricNameLength, 'metric/service', say);
  checkLength(write.uniqueId, 1, limits.uniqueIdLength, 'unique_id', say);
  const datetime = checkTime(write.datetime, now, say);
  if (write.value && !/^-?\d/.test(write.value.text)) say('value', 'The value must be a number.');
  if (write.currency !== undefined && !/^[A-Z]{3}$/.test(write.currency)) {
    say('value_currency', 'The currency must be an ISO 4217 code such as USD.');
  }
  checkProperties(write.properties, say);
  return verdict(
    admittedEvent(write, { profile: 'write' in profile ? profile.write : write.profile, datetime }),
    problems,
  );
}

function admittedEvent(write: EventWrite, canonical: Pick<EventWrite, 'profile' | 'datetime'>): EventWrite {
  const { metric, uniqueId } = write;
  const isCanonical = canonical.profile === write.profile && canonical.datetime === write.datetime;
  if (isCanonical && [metric.name, metric.integration, uniqueId].every(isCleanOrAbsent)) return write;
  const { name, integration } = metric;
  return {
    ...write,
    ...canonical,
    metric: { name: cleanText(name), integration: integration && cleanText(integration) },
    uniqueId: uniqueId && cleanText(uniqueId),
  };
}

type Say = (path: string, message: string) => void;

function verdict<Write>(write: Write, problems: readonly DoorProblem[]): Admitted<Write> {
  if (problems.length === 0) return { write };
  const [first, ...rest] = problems as readonly [DoorProblem, ...DoorProblem[]];
  return { problems: [first, ...rest] };
}

/** Texts that did not come through the JSON scanner may hold what PostgreSQL cannot store. */
function withCleanTexts(write: ProfileWrite): ProfileWrite {
  if (textKinds.every((kind) => isCleanOrAbsent(write[kind]))) return write;
  const dirty = textKinds.filter((kind) => !isCleanOrAbsent(write[kind]));
  const notes = dirty.map((kind): DoorNote => {
    const change = write[kind]?.includes('\0') ? 'nul-replaced' : 'surrogate-replaced';
    return { path: `/${snakeCase(kind)}`, change };
  });
  const texts = dirty.map((kind) => [kind, cleanText(write[kind] ?? '')]);
  return { ...write, ...Object.fromEntries(texts), notes: [...(write.notes ?? []), ...notes] };
}

function isCleanOrAbsent(text: string | null | undefined): boolean {
  return typeof text !== 'string' || isClean(text);
}

function isClean(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function cleanText(text: string): string {
  return isClean(text) ? text : text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function checkedIdentifiers(write: ProfileWrite, say: Say): ProfileWrite {
  const email = canonicalOf(write.email, canonicalEmail);
  if (email === null && write.email !== null) say('email', 'This is not a valid e-mail address.');
  const phoneNumber = canonicalOf(write.phoneNumber, canonicalPhone);
  if (phoneNumber === null && write.phoneNumber !== null) {
    say('phone_number', 'A phone number must be in E.164 form, such as +48123456789.');
  }
  checkLength(write.externalId, 1, limits.identifierLength, 'external_id', say);
  checkLength(write.anonymousId, 1, limits.identifierLength, 'anonymous_id', say);
  return email === write.email && phoneNumber === write.phoneNumber ? write : { ...write, email, phoneNumber };
}

function canonicalOf(
  text: string | null | undefined,
  canonical: (text: string) => string | null,
): string | null | undefined {
  return typeof text === 'string' ? canonical(text) : text;
}

function checkLength(text: string | null | undefined, min: number, max: number, path: string, say: Say): void {
  if (typeof text !== 'string' || (text.length >= min && text.length <= max)) return;
  say(path, text.length < min ? 'This must not be empty.' : `This may have ${max} characters at most.`);
}

function checkObject(json: JsonText | null | undefined, path: string, say: Say): void {
  if (json && !json.text.startsWith('{')) say(path, 'This must be an object.');
}

function checkConsents({ consents = [] }: ProfileWrite, say: Say): void {
  for (const { channel, kind, at } of consents) {
    const path = `subscriptions/${channel}/${kind}`;
    if (channel === 'email' && kind !== 'marketing') say(path, 'Consent to e-mail is for marketing only.');
    if (at && !(at.getTime() >= limits.earliestMs)) {
      say(`${path}/consented_at`, 'The time must be a valid date from the year 1990 on.');
    }
  }
}

function checkTime(datetime: Date, now: Date, say: Say): Date {
  const exact = datetime.getTime();
  const ms = Math.floor(exact / 1000) * 1000;
  if (!(ms >= limits.earliestMs && ms <= now.getTime() + yearMs)) {
    say('time', 'The time must be a valid date from the year 1990 to one year from now.');
  }
  return ms === exact ? datetime : new Date(ms);
}

const textKinds = [...identifierKinds, ...nameKinds] as const;

/** Without counting bytes, which few profiles are long enough to need. */
function mayBeLonger(write: ProfileWrite, maxBytes: number): boolean {
  let length = write.properties?.text.length ?? 0;
  length += (write.location?.text.length ?? 0) + (write.patch?.append?.text.length ?? 0);
  for (const kind of textKinds) length += write[kind]?.length ?? 0;
  return length * 3 > maxBytes;
}

function textsOf(write: ProfileWrite): string[] {
  const plain = textKinds.map((kind) => write[kind] ?? '');
  const json = [write.properties, write.location, write.patch?.append].map((value) => value?.text ?? '');
  return [...plain, ...json];
}

/** In bytes of UTF-8, counted only when the length leaves it open. */
function isLonger(texts: readonly string[], maxBytes: number): boolean {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length * 3 <= maxBytes) return false;
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0) > maxBytes;
}

/** A short text with few brackets cannot break a limit, so most events are not taken apart. */
function checkProperties(properties: JsonText, say: Say): void {
  const { text } = properties;
  if (!text.startsWith('{')) return say('properties', 'This must be an object.');
  if (text.length < 5 * limits.properties && brackets(text) <= limits.nesting) return;
  const members = objectMembers(properties) ?? [];
  if (members.length > limits.properties) {
    say('properties', `An event may have ${limits.properties} properties at most.`);
  }
  for (const [key, value] of members) checkValue(value, `properties/${key}`, 2, say);
}

function brackets(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x7b || c === 0x5b) count++;
  }
  return count;
}

function checkValue(value: JsonText, path: string, depth: number, say: Say): void {
  const { text } = value;
  if (text.startsWith('"')) {
    if (isLonger([text], limits.stringBytes + 2)) {
      say(path, `A text may have ${limits.stringBytes / 1024} KB at most.`);
    }
    return;
  }
  if (!text.startsWith('{') && !text.startsWith('[')) return;
  if (depth > limits.nesting) return say(path, `Properties may be nested ${limits.nesting} levels deep at most.`);
  const items = arrayItems(value) ?? [];
  if (items.length > limits.arrayItems) say(path, `A list may have ${limits.arrayItems} items at most.`);
  for (const [index, item] of items.entries()) checkValue(item, `${path}/${index}`, depth + 1, say);
  for (const [key, member] of objectMembers(value) ?? []) checkValue(member, `${path}/${key}`, depth + 1, say);
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

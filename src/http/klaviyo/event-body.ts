import { JsonText, notesBelow } from '../../kernel/json-text.ts';
import { admitEvent } from '../../store/door.ts';
import type { EventWrite } from '../../store/event.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import { BodyCheck, pointerTo, type Body, type Members } from './body.ts';
import { readInstant } from './instant.ts';
import { isIdentified, readProfile } from './profile-body.ts';

const maxEvents = 1000;

/** `POST /api/events` and `/client/events`. Like all below, the writes have passed the store's door. @throws ApiError 400 with every problem */
export function readEvent(body: Body, now: Date): EventWrite {
  const check = new BodyCheck();
  const at = '/data/attributes';
  const attributes = check.attributes(check.data(body), 'event', '/data');
  let write: EventWrite | null = null;
  if (attributes) {
    const profile = readEventProfile(check, attributes, at, body.notes);
    const given = readAttributes(check, attributes, at, profile, body.notes, now);
    write = check.problems.length === 0 ? admit(check, given, at, now) : given;
  }
  check.throwIfAny();
  if (!write) throw new TypeError('an event without problems was not read');
  return write;
}

/** `POST /api/event-bulk-create-jobs`. @throws ApiError 400 with every problem */
export function readBulkEvents(body: Body, now: Date): EventWrite[] {
  const check = new BodyCheck();
  const attributes = check.attributes(check.data(body), 'event-bulk-create-job', '/data');
  const at = '/data/attributes/events-bulk-create';
  const list = attributes && check.object(attributes['events-bulk-create'], at);
  const entries = (list && check.array(list['data'], `${at}/data`)) ?? [];
  const writes: EventWrite[] = [];
  entries.forEach((entry, index) => readEntry(check, entry, `${at}/data/${index}`, body.notes, now, writes));
  return checkedBulk(check, writes, `${at}/data`);
}

/** `POST /client/event-bulk-create`: the events of one profile. @throws ApiError 400 with every problem */
export function readClientBulkEvents(body: Body, now: Date): EventWrite[] {
  const check = new BodyCheck();
  const writes: EventWrite[] = [];
  readEntry(check, check.data(body), '/data', body.notes, now, writes);
  return checkedBulk(check, writes, '/data/attributes/events/data');
}

function checkedBulk(check: BodyCheck, writes: EventWrite[], pointer: string): EventWrite[] {
  if (writes.length > maxEvents) {
    // the many problems of too many events would only hide this one
    check.problems.length = 0;
    check.add(pointer, `A request may hold ${maxEvents} events; this one holds ${writes.length}.`);
  } else if (writes.length === 0 && check.problems.length === 0) check.add(pointer, 'At least one event is required.');
  refuseRepeats(check, writes, pointer);
  check.throwIfAny();
  return writes;
}

/** An `event-bulk-create` resource object: one profile and its events. */
function readEntry(
  check: BodyCheck,
  value: unknown,
  pointer: string,
  notes: Body['notes'],
  now: Date,
  writes: EventWrite[],
): void {
  const entry = check.attributes(value, 'event-bulk-create', pointer);
  if (!entry) return;
  const at = `${pointer}/attributes`;
  check.boolean(entry, 'backfill', at);
  const profile = readEventProfile(check, entry, at, notes);
  const list = check.object(entry['events'], `${at}/events`);
  const events = (list && check.array(list['data'], `${at}/events/data`)) ?? [];
  for (let i = 0; i < events.length; i++) {
    const eventAt = `${at}/events/data/${i}`;
    const attributes = check.attributes(events[i], 'event', eventAt);
    if (!attributes) continue;
    const before = check.problems.length;
    const write = readAttributes(check, attributes, `${eventAt}/attributes`, profile, notes, now);
    writes.push(check.problems.length === before ? admit(check, write, `${eventAt}/attributes`, now) : write);
  }
}

/** The store would leave a senseless event out; here it refuses the request, so that nothing of it is stored. */
function admit(check: BodyCheck, write: EventWrite, pointer: string, now: Date): EventWrite {
  const admitted = admitEvent(write, now);
  if ('write' in admitted) return admitted.write;
  for (const { path, message } of admitted.problems) check.add(pointerTo(pointer, inEvent(path)), message);
  return write;
}

/** The store's `profile/email` and `metric/name` in the API's nested shape. */
function inEvent(path: string): string {
  return path.replace(/^(profile|metric)(\/|$)/, '$1/data/attributes$2').replace(/\/$/, '');
}

function readEventProfile(check: BodyCheck, owner: Members, pointer: string, notes: Body['notes']): ProfileWrite {
  const at = `${pointer}/profile/data`;
  const before = check.problems.length;
  const wrapper = check.object(owner['profile'], `${pointer}/profile`);
  const profile = wrapper ? readProfile(check, wrapper['data'], at, notes) : {};
  if (check.problems.length === before && !isIdentified(profile)) {
    check.add(`${at}/attributes`, 'One of id, email, phone_number, external_id or anonymous_id is required.');
  }
  return profile;
}

function readAttributes(
  check: BodyCheck,
  attributes: Members,
  pointer: string,
  profile: ProfileWrite,
  notes: Body['notes'],
  now: Date,
): EventWrite {
  const properties = attributes['properties'];
  const isObject = properties instanceof JsonText && properties.text.startsWith('{');
  if (!isObject) check.add(`${pointer}/properties`, 'This object is required.');
  check.boolean(attributes, 'backfill', pointer);
  const uniqueId = check.text(attributes, 'unique_id', pointer);
  const currency = check.text(attributes, 'value_currency', pointer);
  const value = readValue(check, attributes['value'], `${pointer}/value`);
  return {
    metric: readMetric(check, attributes['metric'], `${pointer}/metric`),
    profile,
    datetime: readTime(check, attributes, pointer, now),
    properties: isObject ? properties : new JsonText('{}'),
    ...(typeof uniqueId === 'string' ? { uniqueId } : {}),
    ...(value ? { value } : {}),
    ...(typeof currency === 'string' ? { currency } : {}),
    notes: notes.length > 0 ? notesBelow(notes, pointer) : [],
  };
}

function readMetric(check: BodyCheck, value: unknown, pointer: string): EventWrite['metric'] {
  const wrapper = check.object(value, pointer);
  const attributes = wrapper && check.attributes(wrapper['data'], 'metric', `${pointer}/data`);
  if (!attributes) return { name: '' };
  const at = `${pointer}/data/attributes`;
  const name = check.requiredText(attributes, 'name', at) ?? '';
  const service = check.text(attributes, 'service', at);
  // the API's default service is called "api"
  return !service || service === 'api' ? { name } : { name, integration: service };
}

function readValue(check: BodyCheck, value: unknown, pointer: string): JsonText | null {
  if (!(value instanceof JsonText) || value.text === 'null') return null;
  if (/^[-\d]/.test(value.text)) return value;
  check.add(pointer, 'This must be a number or null.');
  return null;
}

function readTime(check: BodyCheck, attributes: Members, pointer: string, now: Date): Date {
  const text = check.text(attributes, 'time', pointer);
  const instant = typeof text !== 'string' ? now.toISOString() : readInstant(text);
  if (instant === null) check.add(`${pointer}/time`, 'This must be a date and time such as 2026-01-31T12:00:00+00:00.');
  return new Date(instant === null ? 0 : Date.parse(instant));
}

/** A unique_id given twice for one profile and metric is a mistake of the sender: the whole request is refused. */
function refuseRepeats(check: BodyCheck, writes: readonly EventWrite[], pointer: string): void {
  const seen = new Set<string>();
  for (const { profile, metric, uniqueId } of writes) {
    if (uniqueId === undefined) continue;
    const person = profile.id ?? profile.externalId ?? profile.email ?? profile.phoneNumber ?? profile.anonymousId;
    // NUL is in no text that came through the parser
    const key = `${person}\0${metric.integration}\0${metric.name}\0${uniqueId}`;
    if (seen.has(key))
      check.add(
        pointer,
        `The unique_id ${uniqueId.slice(0, 80).toWellFormed()} is given twice for one profile and metric.`,
      );
    seen.add(key);
  }
}

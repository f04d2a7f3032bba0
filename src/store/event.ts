import { hash } from 'node:crypto';
import { JsonText, objectMembers, objectText } from '../kernel/json-text.ts';
import type { DoorNote } from '../kernel/json-text-scanner.ts';
import type { MetricName } from './metrics.ts';
import type { ProfileWrite } from './profile.ts';

/** One thing a person did, at a time. */
export interface EventWrite {
  readonly metric: MetricName;
  /** Who did it; attributes it carries update the profile, one that is not known yet is made. */
  readonly profile: ProfileWrite;
  /** Kept to the second. */
  readonly datetime: Date;
  /** With profile and metric it makes the event unique for ever; the second of `datetime` when absent. */
  readonly uniqueId?: string | undefined;
  /** A number as text; becomes the property `$value`. */
  readonly value?: JsonText | undefined;
  /** ISO 4217; becomes the property `$currency_code`. */
  readonly currency?: string | undefined;
  /** An object. */
  readonly properties: JsonText;
  /** What the door replaced in `properties`. */
  readonly notes?: readonly DoorNote[] | undefined;
}

export function uniqueIdOf(event: EventWrite): string {
  return event.uniqueId ?? String(Math.floor(event.datetime.getTime() / 1000));
}

/**
 * 32 bytes, a Latin-1 character each: the same for the same profile, metric and unique id. Texts take a quarter of the time that
 * Buffers take. The first 16 are the event's key (SQL: `event_key_of`).
 */
export function eventDigest(profileId: string, metricId: string, uniqueId: string): string {
  return hash('sha256', `${profileId}\u0001${metricId}\u0001${uniqueId}`, 'binary');
}

/** Which event it is, as the 16 bytes of a UUID. */
export function writeEventKey(target: Buffer, pos: number, digest: string): void {
  target.write(digest, pos, 16, 'latin1');
}

/** A UUIDv8 that sorts by time: 48 bits of milliseconds, then bits of the half of the digest that is not the key. */
export function writeEventId(target: Buffer, pos: number, digest: string, datetimeMs: number): void {
  target.write(digest.slice(16), pos, 16, 'latin1');
  target.writeUIntBE(datetimeMs, pos, 6);
  target[pos + 6] = 0x80 | ((target[pos + 6] ?? 0) & 0x0f);
  target[pos + 8] = 0x80 | ((target[pos + 8] ?? 0) & 0x3f);
}

/** The properties as stored: value, currency and a given unique id join them under Klaviyo's reserved names. */
export function storedProperties(event: EventWrite): string {
  const { text } = event.properties;
  let reserved = '';
  if (event.value) reserved += `,"$value":${event.value.text}`;
  if (event.currency !== undefined) reserved += `,"$currency_code":${JSON.stringify(event.currency)}`;
  if (event.uniqueId !== undefined) reserved += `,"$event_id":${JSON.stringify(event.uniqueId)}`;
  if (reserved === '') return text;
  const own = `{${reserved.slice(1)}}`;
  // a reserved name can only be there already when a dollar sign is, plain or escaped
  if (text.includes('"$') || text.includes('\\u0024')) {
    const members = new Map(objectMembers(event.properties));
    for (const [key, value] of objectMembers(new JsonText(own)) ?? []) members.set(key, value);
    return objectText(members).text;
  }
  return text === '{}' ? own : `${text.slice(0, -1)}${reserved}}`;
}

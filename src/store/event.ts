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
 * `key` says which event it is: the same for the same profile, metric and unique id (SQL: `event_key_of`).
 * `id` is a UUIDv8 that sorts by time: 48 bits of milliseconds, then bits of the hash the key comes from.
 */
export function eventIdentity(
  profileId: string,
  metricId: string,
  uniqueId: string,
  datetimeMs: number,
): { key: Buffer; id: Buffer } {
  const digest = hash('sha256', `${profileId}\u0001${metricId}\u0001${uniqueId}`, 'buffer');
  const id = digest.subarray(16);
  id.writeUIntBE(datetimeMs, 0, 6);
  id[6] = 0x80 | ((id[6] ?? 0) & 0x0f);
  id[8] = 0x80 | ((id[8] ?? 0) & 0x3f);
  return { key: digest.subarray(0, 16), id };
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

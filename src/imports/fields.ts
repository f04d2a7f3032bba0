/** What a column can be, and the headers by which it is known. */
import type { ImportObject } from './import.ts';

export const valueTypes = ['text', 'number', 'boolean', 'date', 'list', 'json', 'consent'] as const;
export type ValueType = (typeof valueTypes)[number];

export interface Field {
  /** As in the API: `email`, `location/city`, `metric/name`. */
  readonly name: string;
  /** The first one is how the documentation writes it. */
  readonly headers: readonly string[];
  readonly type: ValueType;
  /** Names the person. */
  readonly isIdentifier?: true;
}

const identifiers: readonly Field[] = [
  { name: 'external_id', headers: ['ExternalID'], type: 'text', isIdentifier: true },
  { name: 'email', headers: ['Email', 'Email Address'], type: 'text', isIdentifier: true },
  { name: 'phone_number', headers: ['PhoneNumber', 'Phone'], type: 'text', isIdentifier: true },
  { name: 'id', headers: ['ProfileID', 'Klaviyo ID'], type: 'text', isIdentifier: true },
];

const profileFields: readonly Field[] = [
  ...identifiers,
  { name: 'first_name', headers: ['FirstName', 'Given Name'], type: 'text' },
  { name: 'last_name', headers: ['LastName', 'Surname', 'Family Name'], type: 'text' },
  { name: 'organization', headers: ['Organization', 'Organisation', 'Company'], type: 'text' },
  { name: 'title', headers: ['Title', 'Job Title'], type: 'text' },
  { name: 'locale', headers: ['Locale'], type: 'text' },
  { name: 'image', headers: ['Image', 'Image URL'], type: 'text' },
  { name: 'location/address1', headers: ['Address1', 'Address', 'Street'], type: 'text' },
  { name: 'location/address2', headers: ['Address2'], type: 'text' },
  { name: 'location/city', headers: ['City', 'Town'], type: 'text' },
  { name: 'location/region', headers: ['Region', 'State', 'Province', 'State / Region'], type: 'text' },
  { name: 'location/country', headers: ['Country'], type: 'text' },
  { name: 'location/zip', headers: ['Zip', 'Zip Code', 'Postal Code', 'Postcode'], type: 'text' },
  { name: 'location/latitude', headers: ['Latitude'], type: 'number' },
  { name: 'location/longitude', headers: ['Longitude'], type: 'number' },
  { name: 'location/timezone', headers: ['Timezone'], type: 'text' },
  { name: 'location/ip', headers: ['IP', 'IP Address'], type: 'text' },
  { name: 'consent/email/marketing', headers: ['Email Marketing Consent'], type: 'consent' },
  { name: 'consent/sms/marketing', headers: ['SMS Marketing Consent'], type: 'consent' },
  { name: 'consent/sms/transactional', headers: ['SMS Transactional Consent'], type: 'consent' },
  { name: 'consent_at/email/marketing', headers: ['Email Marketing Consent Timestamp'], type: 'date' },
  {
    name: 'consent_at/sms/marketing',
    headers: ['SMS Marketing Timestamp', 'SMS Marketing Consent Timestamp'],
    type: 'date',
  },
  {
    name: 'consent_at/sms/transactional',
    headers: ['SMS Transactional Timestamp', 'SMS Transactional Consent Timestamp'],
    type: 'date',
  },
  { name: 'properties', headers: ['Properties'], type: 'json' },
];

const eventFields: readonly Field[] = [
  ...identifiers,
  { name: 'metric/name', headers: ['MetricName', 'Metric', 'EventName', 'Event'], type: 'text' },
  { name: 'metric/service', headers: ['Integration', 'Integration Name', 'Service'], type: 'text' },
  { name: 'time', headers: ['Timestamp', 'Time', 'DateTime', 'Event Timestamp', 'Event Time'], type: 'date' },
  { name: 'value', headers: ['Value'], type: 'number' },
  { name: 'value_currency', headers: ['ValueCurrency', 'Currency', 'CurrencyCode'], type: 'text' },
  { name: 'unique_id', headers: ['UniqueID', 'EventID'], type: 'text' },
  { name: 'properties', headers: ['Properties', 'Event Properties'], type: 'json' },
];

export const fields: Readonly<Record<ImportObject, readonly Field[]>> = {
  profiles: profileFields,
  events: eventFields,
};

/** Columns that a file of skipped rows has more than the file that was uploaded; passed over when it comes back. */
export const skippedHeaders = { row: 'Skipped row', column: 'Skipped column', reason: 'Skipped reason' } as const;

/** Headers match whatever their case, blanks and punctuation: `E-mail`, `email` and `$email` are one. */
function plainName(header: string): string {
  return header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function byHeader(known: readonly Field[]): ReadonlyMap<string, Field> {
  return new Map(known.flatMap((field) => field.headers.map((header) => [plainName(header), field] as const)));
}

const known = { profiles: byHeader(profileFields), events: byHeader(eventFields) };
const ignored = new Set(Object.values(skippedHeaders).map(plainName));

/** The field a header names; `ignore` for what the product itself adds; null for everything else. */
export function fieldOf(object: ImportObject, header: string): Field | 'ignore' | null {
  // three underscores nest a property, so such a header is never a field
  if (header.includes(nesting)) return null;
  const name = plainName(header);
  return ignored.has(name) ? 'ignore' : (known[object].get(name) ?? null);
}

export function fieldNamed(object: ImportObject, name: string): Field | null {
  return fields[object].find((field) => field.name === name) ?? null;
}

/** `parent___child`: a property inside another. */
export const nesting = '___';

/** A cell that holds just this clears the field; an empty one leaves it alone. */
export const nullMarker = '\\N';

/** Profiles and events as the API shows them. */
import type { EventSummary, ProfileDetails, ProfileSummary, WarehouseState } from '../../contract/lookup.ts';
import type { Delivery } from '../../exports/delivery.ts';
import { JsonText, objectMembers } from '../../kernel/json-text.ts';
import type { EventRow } from '../../store/event-reads.ts';
import type { Metric } from '../../store/metrics.ts';
import type { ProfileRow } from '../../store/profile-reads.ts';
import { iso } from './route.ts';

export interface FoundProfile {
  readonly row: ProfileRow;
  readonly delivery: Delivery;
}

export interface FoundEvent {
  readonly row: EventRow;
  readonly metric: Metric;
  readonly profile: ProfileRow;
  readonly receivedAt: Date;
  readonly delivery: Delivery;
}

export function summaryReply({ row, delivery }: FoundProfile): ProfileSummary {
  return {
    ...person(row),
    created: iso(row.created),
    updated: iso(row.updated),
    lastEventAt: iso(row.last_event_date),
    warehouse: stateReply(delivery),
  };
}

export function profileReply(found: FoundProfile): ProfileDetails {
  const { organization, title, locale, image, location, properties, subscriptions, ...row } = found.row;
  return {
    ...summaryReply(found),
    organization,
    title,
    locale,
    image,
    location,
    properties,
    subscriptions,
    predictiveAnalytics: row.predictive_analytics,
    consents: consentsOf(subscriptions),
  };
}

export function eventReply({ row, metric, profile, receivedAt, delivery }: FoundEvent): EventSummary {
  const { value, currency } = amountOf(row.properties);
  return {
    id: row.id,
    datetime: iso(row.datetime),
    receivedAt: iso(receivedAt),
    metric,
    profile: person(profile),
    value,
    currency,
    warehouse: stateReply(delivery),
  };
}

function person(row: ProfileRow): EventSummary['profile'] {
  const { id, email } = row;
  return {
    id,
    email,
    phoneNumber: row.phone_number,
    externalId: row.external_id,
    firstName: row.first_name,
    lastName: row.last_name,
  };
}

function stateReply(delivery: Delivery): WarehouseState {
  if (delivery.state === 'in_warehouse') return { ...delivery, at: iso(delivery.at) };
  if (delivery.state === 'waiting') return { ...delivery, nextRunAt: iso(delivery.nextRunAt) };
  return delivery;
}

/** The number keeps all its digits. */
function amountOf(properties: string): { value: string | null; currency: string | null } {
  const members = new Map(objectMembers(new JsonText(properties)));
  const value = members.get('$value')?.text ?? '';
  const currency: unknown = JSON.parse(members.get('$currency_code')?.text ?? 'null');
  return { value: /^-?\d/.test(value) ? value : null, currency: typeof currency === 'string' ? currency : null };
}

type Consents = ProfileDetails['consents'];

/** Whatever has a consent, also in channels that we do not know. */
function consentsOf(subscriptions: string | null): Consents {
  const channels = Object.entries(objectOf(JSON.parse(subscriptions ?? 'null')));
  return channels.flatMap(([channel, kinds]) =>
    Object.entries(objectOf(kinds)).flatMap(([kind, said]) => consentOf(channel, kind, objectOf(said))),
  );
}

function consentOf(channel: string, kind: string, said: Readonly<Record<string, unknown>>): Consents {
  const { consent: status, consent_timestamp: at, suppression } = said;
  if (typeof status !== 'string') return [];
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const reasons = Array.isArray(suppression) ? suppression.map((one) => objectOf(one)['reason']) : [];
  const suppressions = reasons.filter((reason) => typeof reason === 'string');
  return [{ channel, kind, status, at: Number.isNaN(ms) ? null : iso(new Date(ms)), suppressions }];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

import { parseJson, stringifyJson } from '../kernel/json-text.ts';
import { neverSubscribed } from './subscriptions.ts';

/** One channel's consent as a writer knows it; kept in a profile's `subscriptions`. */
export interface ConsentChange {
  readonly channel: 'email' | 'sms';
  /** E-mail knows `marketing` only. */
  readonly kind: 'marketing' | 'transactional';
  /** `NEVER_SUBSCRIBED` takes back nothing that a person has said. */
  readonly status: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NEVER_SUBSCRIBED';
  /** When the person said so; the moment of the write when absent or still to come. Kept to the second. */
  readonly at?: Date | undefined;
}

/**
 * The text of `subscriptions` after the changes, or null when they change nothing. The newest word of a person counts, in
 * whatever order it arrives, and of two at the same second the refusal; so what is older than the latest opt-out changes
 * nothing. A status that stands already is dated anew only by a time that was given.
 */
export function applyConsents(present: string | null, changes: readonly ConsentChange[], now: Date): string | null {
  let subscriptions: Subscriptions | null = null;
  let changed = false;
  for (const change of changes) {
    if (change.status === 'NEVER_SUBSCRIBED') continue;
    subscriptions ??= read(present);
    changed = applyOne(subscriptions, change, now) || changed;
  }
  return changed ? stringifyJson(subscriptions) : null;
}

interface Suppression {
  readonly reason: string;
  readonly timestamp: string;
}

interface Consent {
  consent: string;
  consent_timestamp: string | null;
  last_updated: string | null;
  can_receive_email_marketing?: boolean;
  can_receive_sms_marketing?: boolean;
  can_receive_sms_transactional?: boolean;
  suppression?: Suppression[] | null;
}

interface Subscriptions {
  readonly email: { readonly marketing: Consent };
  readonly sms: { readonly marketing: Consent; readonly transactional: Consent };
}

/** Members of another origin that are shown but never looked into. */
const rawKeys = new Set(['open_tracking', 'mobile_push', 'whatsapp', 'list_suppressions', 'custom_method_detail']);

const template = stringifyJson(neverSubscribed);

/** A channel that a stored text lacks is one nobody subscribed to. */
function read(present: string | null): Subscriptions {
  const never = JSON.parse(template) as Subscriptions;
  if (present === null) return never;
  const { email, sms, ...others } = parseJson(present, { rawKeys }).value as Partial<Subscriptions>;
  return {
    ...never,
    ...others,
    email: { ...never.email, ...email, marketing: { ...never.email.marketing, ...email?.marketing } },
    sms: {
      ...never.sms,
      ...sms,
      marketing: { ...never.sms.marketing, ...sms?.marketing },
      transactional: { ...never.sms.transactional, ...sms?.transactional },
    },
  };
}

function applyOne({ email, sms }: Subscriptions, { channel, kind, status, at }: ConsentChange, now: Date): boolean {
  const consent = channel === 'email' ? email.marketing : sms[kind];
  const isSame = consent.consent === status;
  if (isSame && !at) return false;
  const atMs = wholeSeconds(Math.min(at?.getTime() ?? now.getTime(), now.getTime()));
  const stoodMs = consent.consent_timestamp === null ? Number.NEGATIVE_INFINITY : Date.parse(consent.consent_timestamp);
  if (atMs < stoodMs || (atMs === stoodMs && (isSame || consent.consent === 'UNSUBSCRIBED'))) return false;
  const timestamp = written(atMs);
  consent.consent = status;
  consent.consent_timestamp = timestamp;
  consent.last_updated = written(wholeSeconds(now.getTime()));
  if (channel === 'sms') consent[`can_receive_sms_${kind}`] = status === 'SUBSCRIBED';
  else suppress(consent, status === 'UNSUBSCRIBED' ? timestamp : null);
  return true;
}

/** Consent lifts the suppression that an opt-out made; a bounce or a complaint stays. */
function suppress(marketing: Consent, optedOutAt: string | null): void {
  const others = (marketing.suppression ?? []).filter(({ reason }) => reason !== 'UNSUBSCRIBE');
  marketing.suppression = optedOutAt ? [...others, { reason: 'UNSUBSCRIBE', timestamp: optedOutAt }] : others;
  marketing.can_receive_email_marketing = marketing.suppression.length === 0;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** As the API writes times. */
function written(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', '+00:00');
}

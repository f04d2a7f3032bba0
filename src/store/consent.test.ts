import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyConsents, type ConsentChange } from './consent.ts';
import { neverSubscribed } from './subscriptions.ts';

const now = new Date('2026-06-01T12:00:00Z');
const on = (day: string): Date => new Date(`${day}T00:00:00Z`);
const email = (status: ConsentChange['status'], at?: Date): ConsentChange => ({
  channel: 'email',
  kind: 'marketing',
  status,
  at,
});

function marketing(text: string | null): Record<string, unknown> {
  return (JSON.parse(text ?? '{}') as { email: { marketing: Record<string, unknown> } }).email.marketing;
}

test('consent is kept in the shape of the public API', () => {
  const text = applyConsents(null, [email('SUBSCRIBED', on('2026-01-02'))], now);
  expect(JSON.parse(text ?? '')).toEqual({
    ...neverSubscribed,
    email: {
      ...neverSubscribed.email,
      marketing: {
        ...neverSubscribed.email.marketing,
        consent: 'SUBSCRIBED',
        consent_timestamp: '2026-01-02T00:00:00+00:00',
        last_updated: '2026-06-01T12:00:00+00:00',
      },
    },
  });
});

test('an opt-out suppresses e-mail, and a newer consent lifts that suppression only', () => {
  const bounced = JSON.stringify({
    email: { marketing: { suppression: [{ reason: 'HARD_BOUNCE', timestamp: '2025-01-01T00:00:00+00:00' }] } },
  });
  const out = applyConsents(bounced, [email('UNSUBSCRIBED', on('2026-01-02'))], now);
  expect(marketing(out)).toMatchObject({
    consent: 'UNSUBSCRIBED',
    can_receive_email_marketing: false,
    suppression: [{ reason: 'HARD_BOUNCE' }, { reason: 'UNSUBSCRIBE', timestamp: '2026-01-02T00:00:00+00:00' }],
  });
  expect(marketing(applyConsents(out, [email('SUBSCRIBED')], now))).toMatchObject({
    consent: 'SUBSCRIBED',
    can_receive_email_marketing: false,
    suppression: [{ reason: 'HARD_BOUNCE' }],
  });
});

test('what is older than the latest opt-out changes nothing, nor does what stands already', () => {
  const out = applyConsents(null, [email('UNSUBSCRIBED', on('2026-03-01'))], now);
  for (const change of [
    email('SUBSCRIBED', on('2026-02-28')),
    email('SUBSCRIBED', on('2026-03-01')),
    email('UNSUBSCRIBED', on('2026-02-01')),
    email('UNSUBSCRIBED', on('2026-03-01')),
    email('UNSUBSCRIBED'),
    email('NEVER_SUBSCRIBED'),
  ]) {
    expect(applyConsents(out, [change], now)).toBeNull();
  }
  const back = applyConsents(out, [email('SUBSCRIBED', on('2026-04-01'))], now);
  expect(marketing(back)['consent']).toBe('SUBSCRIBED');
  expect(applyConsents(back, [email('SUBSCRIBED', on('2026-02-01'))], now)).toBeNull();
});

test('never subscribed says nothing about a stranger', () => {
  expect(applyConsents(null, [email('NEVER_SUBSCRIBED')], now)).toBeNull();
});

test('a time to come counts as now, so that it cannot stand against what is said later', () => {
  const text = applyConsents(null, [email('UNSUBSCRIBED', on('2099-01-01'))], now);
  expect(marketing(text)['consent_timestamp']).toBe('2026-06-01T12:00:00+00:00');
});

test('text messages have two consents of their own', () => {
  const text = applyConsents(null, [{ channel: 'sms', kind: 'transactional', status: 'SUBSCRIBED' }], now);
  const { sms } = JSON.parse(text ?? '') as typeof neverSubscribed;
  expect(sms.transactional).toMatchObject({ consent: 'SUBSCRIBED', can_receive_sms_transactional: true });
  expect(sms.marketing).toEqual(neverSubscribed.sms.marketing);
});

test('members of another origin keep every digit', () => {
  const stored = '{"mobile_push":{"n":1.10},"email":{"open_tracking":{"n":12345678901234567890}}}';
  const text = applyConsents(stored, [email('SUBSCRIBED')], now);
  expect(text).toContain('"mobile_push":{"n":1.10}');
  expect(text).toContain('"open_tracking":{"n":12345678901234567890}');
});

test('dated words come to the same consent in any order', () => {
  const change = fc.record({
    status: fc.constantFrom('SUBSCRIBED' as const, 'UNSUBSCRIBED' as const, 'NEVER_SUBSCRIBED' as const),
    at: fc.integer({ min: 1, max: 6 }).map((day) => on(`2026-01-0${day}`)),
  });
  fc.assert(
    fc.property(
      fc
        .array(change, { maxLength: 6 })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        const after = (changes: typeof all): string | null =>
          changes.reduce<string | null>(
            (text, { status, at }) => applyConsents(text, [email(status, at)], now) ?? text,
            null,
          );
        expect(after(shuffled)).toBe(after(all));
      },
    ),
  );
});

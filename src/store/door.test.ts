import { describe, expect, test } from 'vitest';
import { JsonText, toJsonText } from '../kernel/json-text.ts';
import { admitEvent, admitProfile, canonicalEmail, canonicalPhone } from './door.ts';
import type { EventWrite } from './event.ts';

const now = new Date('2026-06-01T00:00:00Z');

function problemsOf(changes: Partial<EventWrite>): string[] {
  const event = { metric: { name: 'Seen' }, profile: { email: 'a@x.co' }, datetime: now, properties: toJsonText({}) };
  const admitted = admitEvent({ ...event, ...changes }, now);
  return 'problems' in admitted ? admitted.problems.map((problem) => problem.path) : [];
}

test('e-mail addresses are trimmed and lower-cased, or refused', () => {
  expect(canonicalEmail('  Ada.Lovelace+1@Example.ORG ')).toBe('ada.lovelace+1@example.org');
  expect(canonicalEmail('żółw@przykład.pl')).toBe('żółw@przykład.pl');
  for (const bad of [
    '',
    'a',
    'a@b',
    'a@@b.co',
    'a b@c.co',
    'a,b@c.co',
    '[a]@b.co',
    'a@b.',
    `${'a'.repeat(96)}@x.co`,
    'a\u0000@b.co',
  ]) {
    expect(canonicalEmail(bad)).toBeNull();
  }
});

test('phone numbers become E.164, or are refused', () => {
  expect(canonicalPhone('+48 (12) 345-67.89')).toBe('+48123456789');
  for (const bad of ['', '48123456789', '+0123456789', '+48x23456789', '+123', `+${'1'.repeat(16)}`]) {
    expect(canonicalPhone(bad)).toBeNull();
  }
});

describe('profiles', () => {
  test('consent is for a kind the channel has, at a real time', () => {
    const consents = [
      { channel: 'email', kind: 'transactional', status: 'SUBSCRIBED' },
      { channel: 'sms', kind: 'transactional', status: 'SUBSCRIBED', at: new Date('never') },
      { channel: 'sms', kind: 'marketing', status: 'UNSUBSCRIBED', at: new Date('1989-12-31') },
      { channel: 'email', kind: 'marketing', status: 'UNSUBSCRIBED', at: new Date('1990-01-01') },
    ] as const;
    const admitted = admitProfile({ email: 'a@x.co', consents });
    expect('problems' in admitted && admitted.problems.map(({ path }) => path)).toEqual([
      'subscriptions/email/transactional',
      'subscriptions/sms/transactional/consented_at',
      'subscriptions/sms/marketing/consented_at',
    ]);
  });

  test('null clears and passes; every wrong field is named', () => {
    expect(admitProfile({ email: null, firstName: null })).toEqual({ write: { email: null, firstName: null } });
    const admitted = admitProfile({ email: 'no', phoneNumber: '1', externalId: '', properties: new JsonText('[]') });
    expect('problems' in admitted && admitted.problems.map((problem) => problem.path)).toEqual([
      'email',
      'phone_number',
      'external_id',
      'properties',
    ]);
  });

  test('100 KB are the most, in bytes and not in characters', () => {
    const ofLength = (text: string) => admitProfile({ email: 'a@x.co', properties: toJsonText({ text }) });
    expect('write' in ofLength('a'.repeat(102_000))).toBe(true);
    expect('problems' in ofLength('a'.repeat(102_400))).toBe(true);
    expect('problems' in ofLength('ż'.repeat(52_000))).toBe(true);
  });
});

describe('events', () => {
  test('the time is cut to the second and must lie between 1990 and a year from now', () => {
    const event = {
      metric: { name: 'Seen' },
      profile: { email: 'A@x.co' },
      datetime: new Date(1_700_000_000_999),
      properties: toJsonText({}),
    };
    expect(admitEvent(event, now)).toMatchObject({
      write: { datetime: new Date(1_700_000_000_000), profile: { email: 'a@x.co' } },
    });
    expect(problemsOf({ datetime: new Date('1989-12-31T23:59:59Z') })).toEqual(['time']);
    expect(problemsOf({ datetime: new Date('2027-06-01T00:00:00Z') })).toEqual([]);
    expect(problemsOf({ datetime: new Date('2027-06-03T00:00:00Z') })).toEqual(['time']);
    expect(problemsOf({ datetime: new Date(Number.NaN) })).toEqual(['time']);
  });

  test('names, ids, value and currency are checked', () => {
    expect(problemsOf({ metric: { name: '' } })).toEqual(['metric/name']);
    expect(problemsOf({ metric: { name: 'm'.repeat(128) } })).toEqual(['metric/name']);
    expect(problemsOf({ uniqueId: 'u'.repeat(256) })).toEqual(['unique_id']);
    expect(problemsOf({ value: new JsonText('"1"'), currency: 'usd' })).toEqual(['value', 'value_currency']);
    expect(problemsOf({ profile: { email: 'x' } })).toEqual(['profile/email']);
  });

  test('properties keep within their limits', () => {
    const nested = (levels: number): JsonText => new JsonText(`{"a":`.repeat(levels) + '1' + '}'.repeat(levels));
    expect(problemsOf({ properties: new JsonText('[]') })).toEqual(['properties']);
    expect(problemsOf({ properties: nested(10) })).toEqual([]);
    expect(problemsOf({ properties: nested(11) })).toEqual([`properties${'/a'.repeat(10)}`]);
    const many = (count: number) =>
      toJsonText(Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, 1])));
    expect(problemsOf({ properties: many(400) })).toEqual([]);
    expect(problemsOf({ properties: many(401) })).toEqual(['properties']);
    expect(problemsOf({ properties: toJsonText({ a: ['x'.repeat(102_400)] }) })).toEqual([]);
    expect(problemsOf({ properties: toJsonText({ a: ['x'.repeat(102_401)] }) })).toEqual(['properties/a/0']);
    expect(problemsOf({ properties: toJsonText({ a: Array.from({ length: 4001 }, () => 1) }) })).toEqual([
      'properties/a',
    ]);
  });
});

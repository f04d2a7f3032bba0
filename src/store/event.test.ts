import { expect, test } from 'vitest';
import { JsonText } from '../kernel/json-text.ts';
import { eventIdentity, storedProperties, uniqueIdOf, type EventWrite } from './event.ts';

function event(properties: string, more: Partial<EventWrite> = {}): EventWrite {
  return {
    metric: { name: 'm' },
    profile: {},
    datetime: new Date(1_700_000_000_000),
    properties: new JsonText(properties),
    ...more,
  };
}

test('value, currency and unique id join the properties and win over what stands there', () => {
  const reserved = { value: new JsonText('12.50'), currency: 'USD', uniqueId: 'a"b' };
  expect(storedProperties(event('{"a":1}'))).toBe('{"a":1}');
  expect(storedProperties(event('{"$value":1}'))).toBe('{"$value":1}');
  expect(storedProperties(event('{}', reserved))).toBe('{"$value":12.50,"$currency_code":"USD","$event_id":"a\\"b"}');
  expect(storedProperties(event('{"a":"$"}', { value: new JsonText('0') }))).toBe('{"a":"$","$value":0}');
  expect(storedProperties(event('{"$value":1,"b":2}', reserved))).toBe(
    '{"$value":12.50,"b":2,"$currency_code":"USD","$event_id":"a\\"b"}',
  );
  expect(storedProperties(event('{"\\u0024value":1}', { value: new JsonText('2') }))).toBe('{"$value":2}');
});

test('without a unique id the second stands for it', () => {
  expect(uniqueIdOf(event('{}'))).toBe('1700000000');
  expect(uniqueIdOf(event('{}', { uniqueId: 'u' }))).toBe('u');
});

test('the id is a UUID of version 8 that carries the time; the same event has the same id', () => {
  const { id, key } = eventIdentity('p', 'm', 'u', 1_700_000_000_000);
  expect(id.toString('hex')).toMatch(/^018bcfe568008[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(eventIdentity('p', 'm', 'u', 1_700_000_000_000)).toEqual({ id, key });
  expect(eventIdentity('p', 'm', 'v', 1_700_000_000_000).key).not.toEqual(key);
});

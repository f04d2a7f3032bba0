import { expect, test } from 'vitest';
import { JsonText } from '../kernel/json-text.ts';
import { eventDigest, storedProperties, uniqueIdOf, writeEventId, writeEventKey, type EventWrite } from './event.ts';

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
  const bytesOf = (uniqueId: string): [id: string, key: string] => {
    const digest = eventDigest('p', 'm', uniqueId);
    const [id, key] = [Buffer.alloc(18), Buffer.alloc(18)];
    writeEventId(id, 1, digest, 1_700_000_000_000);
    writeEventKey(key, 1, digest);
    return [id.toString('hex'), key.toString('hex')];
  };
  const [id, key] = bytesOf('u');
  expect(id).toMatch(/^00018bcfe568008[0-9a-f]{3}[89ab][0-9a-f]{15}00$/);
  expect(key).toMatch(/^00(?!0{32})[0-9a-f]{32}00$/);
  expect(bytesOf('u')).toEqual([id, key]);
  expect(bytesOf('v')[1]).not.toBe(key);
});

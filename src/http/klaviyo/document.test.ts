import { expect, test } from 'vitest';
import { JsonText, stringifyJson } from '../../kernel/json-text.ts';
import { sparse } from './document.ts';

const attributes = {
  email: 'a@b.pl',
  location: new JsonText('{"city":"Łódź","latitude":51.75900000000000001}'),
  subscriptions: { email: { marketing: { consent: 'X', method: null } }, sms: {} },
};

test('without a fieldset everything is there', () => {
  expect(sparse(attributes, undefined)).toEqual(attributes);
});

test('a fieldset picks members, of raw JSON too, without touching a digit', () => {
  const fields = [
    'id',
    'location.latitude',
    'location.zip',
    'subscriptions.email.marketing.consent',
    'subscriptions.sms',
  ];
  expect(stringifyJson(sparse(attributes, fields))).toBe(
    '{"location":{"latitude":51.75900000000000001},"subscriptions":{"email":{"marketing":{"consent":"X"}},"sms":{}}}',
  );
});

test('a whole object and one of its members give the whole object', () => {
  expect(stringifyJson(sparse(attributes, ['location.city', 'location']))).toBe(
    `{"location":${attributes.location.text}}`,
  );
  expect(stringifyJson(sparse(attributes, ['location', 'location.city']))).toContain('51.75900000000000001');
});

import { expect, test } from 'vitest';
import { asItCame, sayIn } from '../sentences/say.ts';
import { letterOf as letterWith } from './letter.ts';
import { linkOf, payloadOf } from './message.ts';
import { topicOf, type Alert, type AlertFacts, type AlertType } from './types.ts';

const subject = { id: 'AbC123', name: 'Corner shop', timeZone: 'Europe/Warsaw' };
const connection = { id: 'c1', name: 'Hurtownia', kind: 'duckdb' };
const sync = { id: 's1', object: 'events', kind: 'periodic' };
const error = {
  code: 'AUTH_EXPIRED',
  summary: 'The credentials have expired.',
  advice: 'Create new credentials.',
  externalMessage: 'Signature not valid in the specified time frame',
};
const file = {
  id: 'i1',
  object: 'profiles',
  fileName: 'people.csv',
  skippedRows: 12,
  message: 'Bad.',
  advice: 'Mend it.',
};
const facts: AlertFacts = {
  connection,
  sync,
  error,
  since: '2026-03-01T10:00:00.000Z',
  expireAt: '2026-03-08T10:00:00.000Z',
  import: file,
};
const sayings = { en: asItCame, pl: await sayIn('pl') };
const types = Object.keys(topicOf) as AlertType[];

function alert(type: AlertType, given: AlertFacts = facts): Alert {
  return { accountId: 1, id: '01ABC', type, at: new Date('2026-03-02T10:00:00Z'), facts: given };
}

function letterOf(about: Alert, whose: typeof subject, link: string | null, language: 'en' | 'pl') {
  return letterWith(about, whose, link, language, sayings[language]);
}

test.each(types.flatMap((type) => [[type, 'en'] as const, [type, 'pl'] as const]))(
  '%s in %s: every sentence is whole, and leads to the page',
  (type, language) => {
    const { subject: title, text, html } = letterOf(alert(type), subject, 'https://wharf.example/a/x', language);
    for (const written of [title, text, html]) expect(written).not.toMatch(/undefined|null|Invalid|\[object/);
    expect(text).toContain('https://wharf.example/a/x');
    expect(text).toContain('Corner shop');
    expect(html).toContain(`<html lang="${language}">`);
  },
);

test('a failure says what happened, why in the words of the vendor, and what to do; times are in the zone of the account', () => {
  const { subject: title, text } = letterOf(alert('sync.failed'), subject, null, 'en');
  expect(title).toBe('Wharf: The periodic sync of events to Hurtownia failed and waits for you');
  expect(text).toContain('The credentials have expired.\nSignature not valid in the specified time frame');
  expect(text).toContain('Create new credentials.\nThen re-enable the sync.');
  expect(text).toContain('March 2, 2026 at 11:00 AM (Europe/Warsaw)');
  expect(letterOf(alert('sync.failed'), subject, null, 'pl').text).toContain('2 marca 2026 11:00 (Europe/Warsaw)');
});

test('a Polish letter speaks Polish of an error and of a file; the words of the vendor stay', () => {
  const corrupt = { ...error, summary: 'The file exists, but it is not a DuckDB database.' };
  const failed = letterOf(alert('sync.failed', { connection, sync, error: corrupt }), subject, null, 'pl');
  expect(failed.text).toContain(
    'Plik istnieje, ale nie jest bazą danych DuckDB.\nSignature not valid in the specified',
  );
  expect(failed.html).toContain('Plik istnieje, ale nie jest bazą danych DuckDB.');
  const empty = { ...file, message: 'The file is empty.' };
  expect(letterOf(alert('import.failed', { import: empty }), subject, null, 'pl').text).toContain('Plik jest pusty.');
});

test('names cannot begin a header, nor a tag', () => {
  const fileName = 'a\r\nBcc: all@shop.example\r\n\r\n<script>alert("1")</script>\u2028.csv';
  const { subject: title, html } = letterOf(
    alert('import.failed', { import: { ...file, fileName } }),
    subject,
    null,
    'en',
  );
  expect(title).toBe('Wharf: The file a Bcc: all@shop.example <script>alert("1")</script> .csv could not be imported');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
});

test('each alert leads to what it is about', () => {
  const link = (type: AlertType, given: AlertFacts) => linkOf(alert(type, given), subject, 'https://wharf.example');
  expect(link('sync.failed', { connection, sync })).toBe('https://wharf.example/a/AbC123/syncing/c1/s1');
  expect(link('credentials.expired', { connection })).toBe('https://wharf.example/a/AbC123/syncing/c1');
  expect(link('import.failed', { import: file })).toBe('https://wharf.example/a/AbC123/imports/i1');
  expect(link('test', {})).toBe('https://wharf.example/a/AbC123/alerts');
  expect(linkOf(alert('test', {}), subject, undefined)).toBeNull();
});

test('a webhook says it in JSON', () => {
  expect(JSON.parse(payloadOf(alert('sync.failed', { connection, sync, error }), subject, null))).toEqual({
    type: 'sync.failed',
    timestamp: '2026-03-02T10:00:00.000Z',
    data: { id: '01ABC', account: { id: 'AbC123', name: 'Corner shop' }, connection, sync, error, url: null },
  });
});

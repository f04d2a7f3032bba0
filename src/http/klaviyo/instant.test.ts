import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInstant, writeInstant } from './instant.ts';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
  ['2026-01-31T12:00:00.123456+02:00', '2026-01-31T12:00:00.123456+02:00'],
  ['2026-01-31T12:00:00 02:00', '2026-01-31T12:00:00+02:00'],
  ['2026-01-31t12:00:00z', '2026-01-31T12:00:00Z'],
  ['2026-01-31 12:00', '2026-01-31T12:00:00Z'],
  ['2026-01-31T12:00:00-0530', '2026-01-31T12:00:00-05:30'],
  ['2024-02-29', '2024-02-29T00:00:00Z'],
])('%s is read as %s', (text, iso) => {
  expect(readInstant(text)).toBe(iso);
});

test.each([
  '2026-02-29',
  '2026-02-30T00:00:00Z',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-01-31T24:30:00Z',
  '0000-01-01',
  '31.01.2026',
  '1700000000',
  '',
  'now',
  '2026-01-31T12:00:00+99:00',
  // read by JavaScript, but not by PostgreSQL
  '2026-01-10T12:00:00+20:00',
  '2026-01-31T12:00:00-16:00',
  '2026-13-10T12:00:00Z',
  '2026-01-10T25:00:00Z',
])('%j is no instant', (text) => {
  expect(readInstant(text)).toBeNull();
});

test('what is written is read back as the same instant', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
      (date) => {
        expect(new Date(readInstant(writeInstant(date)) ?? '')).toEqual(date);
      },
    ),
  );
  expect(writeInstant(new Date('2026-01-31T12:00:00Z'))).toBe('2026-01-31T12:00:00+00:00');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDate } from './dates.ts';

test.each([
  ['2024-02-29', '2024-02-29', '2024-02-29T00:00:00Z'],
  ['2024-01-31 10:20', '2024-01-31T10:20:00Z', '2024-01-31T10:20:00Z'],
  ['2024-01-31T10:20:30Z', '2024-01-31T10:20:30Z', '2024-01-31T10:20:30Z'],
  ['2024-01-31 10:20:30.123456 UTC', '2024-01-31T10:20:30.123456Z', '2024-01-31T10:20:30.123Z'],
  ['2024-01-31 10:20:30+02', '2024-01-31T10:20:30+02:00', '2024-01-31T08:20:30Z'],
  ['2024-01-31 10:20:30.000 -0800', '2024-01-31T10:20:30.000-08:00', '2024-01-31T18:20:30Z'],
  ['1/2/2024', '2024-01-02', '2024-01-02T00:00:00Z'],
  ['12/31/99 23:59', '1999-12-31T23:59:00Z', '1999-12-31T23:59:00Z'],
  ['12/31/24 8:05:09', '2024-12-31T08:05:09Z', '2024-12-31T08:05:09Z'],
  ['1704067200', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
  [' 2024-01-01 ', '2024-01-01', '2024-01-01T00:00:00Z'],
])('%s', (cell, text, instant) => {
  expect(readDate(cell)).toEqual({ ms: Date.parse(instant), text });
});

test.each([
  '2023-02-29',
  '2024-13-01',
  '2024-01-01 25:00',
  '31/12/2024',
  '02/30/2024',
  '31-12-2024',
  '1.2.2024',
  'now',
  '',
  '1704067200000',
])('%s is no date, and it is said why', (cell) => {
  expect(readDate(cell)).toEqual({ problem: expect.stringMatching(/^\S.*\.$/) });
});

test('whatever JavaScript writes as an instant is read as that instant', () => {
  const instants = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (date) => {
      expect(readDate(date.toISOString())).toMatchObject({ ms: date.getTime() });
      expect(readDate(date.toISOString().replace('T', ' ').replace('Z', ' UTC'))).toMatchObject({ ms: date.getTime() });
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, count, duration, facts, plain, progressBar, table, time } from './output.ts';

test('a table aligns its columns and writes a dash for nothing', () => {
  const rows = [
    { name: 'klaviyo_event', rows: 69_659 },
    { name: 'x', rows: null },
  ];
  const columns = [
    { title: 'table', value: (row: (typeof rows)[number]) => row.name },
    { title: 'rows', value: (row: (typeof rows)[number]) => row.rows, right: true },
  ];
  expect(table(rows, columns, 'None.')).toBe('TABLE            ROWS\nklaviyo_event  69,659\nx                   -\n');
  expect(table([], columns, 'None.')).toBe('None.\n');
});

test('text from elsewhere cannot steer the terminal, whatever it holds', () => {
  expect(plain('\u001b]0;owned\u0007 red\u001b[31m\r\nError: fake')).not.toMatch(/\p{Cc}/u);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plain(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
      expect(facts([['Name', text]]).split('\n')).toHaveLength(2);
    }),
  );
});

test('figures are for people', () => {
  expect(count(2_500_315)).toBe('2,500,315');
  expect([bytes(0), bytes(999), bytes(1000), bytes(12_345_678)]).toEqual(['0 B', '999 B', '1.0 kB', '12.3 MB']);
  expect([duration(0), duration(59), duration(60), duration(3725), duration(200_000)]).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 h 2 min',
    '2 d',
  ]);
  expect(time('2026-11-23T16:22:13.123Z')).toBe('2026-11-23 16:22:13');
});

test('a progress bar keeps its width for every percentage', () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 150, noNaN: true }), (percent) => {
      expect(progressBar(percent, 20)).toMatch(/^\[[#.]{20}\] /);
    }),
  );
  expect(progressBar(50, 10)).toBe('[#####.....]  50 %');
});

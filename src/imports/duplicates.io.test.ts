import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CsvRow } from './csv/layout.ts';
import { findDuplicates, type IdentifierColumn } from './duplicates.ts';

const signal = new AbortController().signal;
const exact = (cell: string): string => cell;
const columns: IdentifierColumn[] = [
  { index: 0, canonical: (cell) => cell.toLowerCase() },
  { index: 2, canonical: exact },
];

async function* inBatches(rows: readonly CsvRow[], size: number): AsyncGenerator<readonly CsvRow[]> {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}

const rowOf = (cells: readonly string[], index: number): CsvRow => {
  const number = index + 2;
  return { number, offset: 0, next: 0, cells, fault: null };
};

function find(rows: readonly CsvRow[], partEntries = 4096) {
  return findDuplicates(inBatches(rows, 100), columns, { tempDir: tmpdir(), partEntries, signal });
}

test('the first row wins, each column on its own, blank cells are nobody', async () => {
  const rows = [
    ['Ann@x.pl', '', '1'],
    ['', '', '2'],
    ['ann@X.pl', '', '3'],
    ['bob@x.pl', '', '2'],
    ['', '', ''],
    ['1', '', ''],
  ].map(rowOf);
  const found = await find(rows);
  expect(rows.map(({ number }) => found.columnOf(number))).toEqual([null, null, 0, 2, null, null]);
});

test('it finds what a set would, also when it has to use the disk', async () => {
  const name = fc.integer({ min: 0, max: 5_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, name), { minLength: 3_000, maxLength: 6_000 }), async (pairs) => {
      const rows = pairs.map(([a, b], index) => rowOf([`P${a}`, 'x', String(b)], index));
      const found = await find(rows, 8);
      const first = new Set<string>();
      const second = new Set<string>();
      const expected = rows.map(({ cells: [a = '', , b = ''] }) => {
        const repeated = first.has(a) ? 0 : second.has(b) ? 2 : null;
        first.add(a);
        second.add(b);
        return repeated;
      });
      expect(rows.map(({ number }) => found.columnOf(number))).toEqual(expected);
    }),
    { numRuns: 10 },
  );
});

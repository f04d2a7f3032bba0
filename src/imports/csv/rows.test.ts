import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLimits, delimiters, type CsvRow, type Delimiter } from './layout.ts';
import { readRows } from './rows.ts';

type Written = { readonly delimiter: Delimiter; readonly lineBreak: '\n' | '\r' };
const plain: Written = { delimiter: ',', lineBreak: '\n' };

async function read(
  bytes: Buffer,
  options: {
    layout?: Written;
    columns?: number;
    cuts?: readonly number[];
    from?: { offset: number; row: number };
  } = {},
): Promise<CsvRow[]> {
  const { layout = plain, columns = null, cuts = [], from = { offset: 0, row: 1 } } = options;
  const rows: CsvRow[] = [];
  for await (const some of readRows(blocks(bytes.subarray(from.offset), cuts), layout, columns, from))
    rows.push(...some);
  return rows;
}

async function* blocks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of places) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

const cells = async (text: string, layout = plain): Promise<(readonly string[])[]> =>
  (await read(Buffer.from(text), { layout })).map((row) => row.cells);

test('RFC 4180: quotes, doubled quotes, line breaks and delimiters in cells, empty cells', async () => {
  expect(await cells('a,b\r\n"x, ""y""\r\nz",\r\n,"" \n')).toEqual([['a', 'b'], ['x, "y"\r\nz', ''], []]);
  expect(await cells('a;b\n"1;2";3', { ...plain, delimiter: ';' })).toEqual([
    ['a', 'b'],
    ['1;2', '3'],
  ]);
  expect(await cells('a,b\r1,"x\ry"\r', { ...plain, lineBreak: '\r' })).toEqual([
    ['a', 'b'],
    ['1', 'x\ry'],
  ]);
  expect(await cells('a,b\n5" pipe,""\n')).toEqual([
    ['a', 'b'],
    ['5" pipe', ''],
  ]);
});

test('blank rows are left out and counted, and every row knows its bytes', async () => {
  const bytes = Buffer.from('é,b\n\n,,\nx,"ü\ny"\r\n');
  expect(await read(bytes)).toEqual([
    { number: 1, offset: 0, next: 5, cells: ['é', 'b'], fault: null },
    { number: 4, offset: 9, next: bytes.length, cells: ['x', 'ü\ny'], fault: null },
  ]);
});

test.each([
  ['too few cells', 'a,b\n1\n3,4\n', 'The row has 1 cells, the header has 2.', null],
  ['too many cells', 'a,b\n1,2,3\n3,4\n', 'The row has 3 cells, the header has 2.', null],
  ['text after a quote', 'a,b\n1,"2"x\n3,4\n', 'There is text after the closing quote.', 1],
  ['a quote that is not closed', 'a,b\n"1,2\n3,4\n', 'not closed before the end of the file', 0],
  ['an open quote before quoted rows', 'a,b\n"1,2\n3,"4"\n', 'There is text after the closing quote.', 0],
  ['a NUL', 'a,b\n1,\0\n3,4\n', 'The cell holds a NUL character.', 1],
])('%s: told of where it is, and the next row is read', async (_, text, message, column) => {
  const [, bad, good] = await read(Buffer.from(text), { columns: 2 });
  expect(bad).toMatchObject({ number: 2, offset: 4, cells: [], fault: { column } });
  expect(bad?.fault?.message).toContain(message);
  expect(good).toMatchObject({ number: 3, cells: ['3', '4'], fault: null });
});

test('extra cells that are blank are no fault', async () => {
  const [, row] = await read(Buffer.from('a,b\n1,2,,\n'), { columns: 2 });
  expect(row?.fault).toBeNull();
});

test('the file ends in the middle of a row', async () => {
  const [, row] = await read(Buffer.from('a,b,c\n1,2'), { columns: 3 });
  expect(row?.fault?.message).toContain('The file ends in the middle of this row.');
});

test('a cell that is not UTF-8 is told of with its column; other rows are read', async () => {
  const bytes = Buffer.concat([Buffer.from('a,b\nż,'), Buffer.from([0xb9]), Buffer.from('\nż,ó\n')]);
  const [, bad, good] = await read(bytes);
  expect(bad?.fault).toMatchObject({ column: 1, message: expect.stringContaining('not UTF-8') });
  expect(good?.cells).toEqual(['ż', 'ó']);
});

test.each([
  ['without quotes', 'x'.repeat(3 * csvLimits.rowBytes), ''],
  ['in quotes', `"${'x'.repeat(3 * csvLimits.rowBytes)}"`, ''],
  ['with an open quote', `"${'x'.repeat(3 * csvLimits.rowBytes)}`, ''],
])('a cell of many megabytes %s is passed over', async (_, cell) => {
  const bytes = Buffer.from(`a,b\n1,${cell}\n3,4\n`);
  const cuts = Array.from({ length: 50 }, (_, i) => i * 65_536);
  const rows = await read(bytes, { columns: 2, cuts });
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({ number: 2, offset: 4, next: bytes.length - 4, fault: { column: 1 } });
  expect(rows[1]?.fault?.message).toBe('The row is larger than 1024 KB.');
  expect(rows[2]).toMatchObject({ number: 3, cells: ['3', '4'] });
});

test('a quote that is never closed costs its own row, not the rest of a large file', async () => {
  const line = `${'y'.repeat(98)},z\n`;
  const count = Math.ceil((3 * csvLimits.rowBytes) / line.length);
  const bytes = Buffer.from(`a,b\n"open,2\n${line.repeat(count)}`);
  const rows = await read(bytes, { columns: 2, cuts: Array.from({ length: 40 }, (_, i) => i * 100_000) });
  expect(rows[1]?.fault).toMatchObject({ column: 0, message: expect.stringContaining('not closed within 1024 KB') });
  expect(rows).toHaveLength(count + 2);
  expect(rows.filter((row) => row.fault)).toHaveLength(1);
});

const letters = fc.constantFrom('a', 'ż', '😀', '"', '"', ',', ',', ';', '\n', '\n', '\r', '\r\n', '\0', ' ');
const files = fc
  .array(fc.oneof(letters, fc.constantFrom('x,y\n', '"q,""r",', '1,"2\n3"\n')))
  .map((parts) => parts.join(''));
const layouts = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  lineBreak: fc.constantFrom<'\n' | '\r'>('\n', '\r'),
});

test('whatever the file and wherever its blocks end, it is read as a simple reader reads it', async () => {
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(files, cuts, layouts, async (text, cuts, layout) => {
      const rows = await read(Buffer.from(text), { layout, cuts });
      expect(rows.map(({ number, cells, fault }) => (fault ? [number, fault.column] : [number, cells]))).toEqual(
        simpleReader(text, layout),
      );
    }),
    { numRuns: 2000 },
  );
});

test('reading can begin again at any row', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), async (text, choice) => {
      const bytes = Buffer.from(text);
      const rows = await read(bytes);
      const done = rows[choice % Math.max(rows.length, 1)];
      if (!done) return;
      const from = { offset: done.next, row: done.number + 1 };
      expect(await read(bytes, { from })).toEqual(rows.slice(rows.indexOf(done) + 1));
    }),
  );
});

/** Number and cells of each row that is not blank; of a broken one the number and the column. Character by character. */
function simpleReader(text: string, { delimiter, lineBreak }: Written): [number, readonly string[] | number][] {
  const rows: [number, readonly string[] | number][] = [];
  const endOfLine = (at: number): number => (text + lineBreak).indexOf(lineBreak, at);
  let i = 0;
  for (let number = 1; i < text.length; number++) {
    const cells: string[] = [];
    let broken = false;
    for (let ended = false; !ended && !broken;) {
      const opened = i;
      let cell = '';
      const isQuoted = text[i] === '"';
      if (isQuoted) {
        for (i++; i < text.length && (text[i] !== '"' || text[i + 1] === '"'); i++) {
          cell += text[i];
          if (text[i] === '"') i++;
        }
        broken = i++ >= text.length;
      } else {
        while (i < endOfLine(i) && text[i] !== delimiter) cell += text[i++];
      }
      const isEnd = i === endOfLine(i) || (lineBreak === '\n' && text[i] === '\r' && i + 1 === endOfLine(i));
      if (!isQuoted && isEnd && lineBreak === '\n') cell = cell.replace(/\r$/, '');
      broken ||= isQuoted && !isEnd && text[i] !== delimiter;
      if (broken) {
        rows.push([number, cells.length]);
        i = endOfLine(opened) + 1;
      } else {
        cells.push(cell);
        ended = isEnd;
        if (ended) i = endOfLine(i) + 1;
        else i += 1;
      }
    }
    const nul = cells.findIndex((cell) => cell.includes('\0'));
    if (!broken && nul !== -1) rows.push([number, nul]);
    else if (!broken && cells.some((cell) => cell !== '')) rows.push([number, cells]);
  }
  return rows;
}

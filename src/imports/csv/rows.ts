import { csvLimits, type CsvRow, type Layout } from './layout.ts';
import { RowSplitter, tooLong } from './row-splitter.ts';

/** Where reading begins: the first byte of `source` and the number of the row there. */
export interface Place {
  readonly offset: number;
  readonly row: number;
}

/**
 * The rows of a file, in lists as they come; blank rows are left out. Memory is bounded by the longest row that is
 * allowed, whatever the file. A row that cannot be read is told of and passed over. `columns` null: any number of cells.
 */
export async function* readRows(
  source: AsyncIterable<Buffer>,
  layout: Pick<Layout, 'delimiter' | 'lineBreak'>,
  columns: number | null,
  from: Place,
): AsyncGenerator<CsvRow[], void, void> {
  const splitter = new RowSplitter(layout, columns);
  let { offset, row } = from;
  let rest: Buffer = Buffer.alloc(0);
  let endless: CsvRow | null = null;
  for await (const block of source) {
    let bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    if (endless) {
      const end = bytes.indexOf(layout.lineBreak);
      if (end === -1) {
        offset += bytes.length;
        rest = Buffer.alloc(0);
        continue;
      }
      offset += end + 1;
      yield [{ ...endless, next: offset }];
      bytes = bytes.subarray(end + 1);
      endless = null;
    }
    const split = splitter.split({ bytes, offset, row, isLast: false });
    if (split.rows.length > 0) yield split.rows;
    offset += split.done;
    row = split.nextRow;
    rest = bytes.subarray(split.done);
    if (rest.length > csvLimits.rowBytes) {
      const fault = tooLong(rest.toString('latin1'), layout.delimiter);
      endless = { number: row, offset, next: offset, cells: [], fault };
      row += 1;
      offset += rest.length;
      rest = Buffer.alloc(0);
    }
  }
  if (endless) yield [{ ...endless, next: offset }];
  const last = splitter.split({ bytes: rest, offset, row, isLast: true });
  if (last.rows.length > 0) yield last.rows;
}

/** Rows of a file gathered into what is written at once. */
import type { CsvRow } from './csv/layout.ts';
import { CellError, type Cells } from './cells.ts';
import type { Duplicates } from './duplicates.ts';
import type { SkippedRow } from './skipped-table.ts';

export interface Batch<Write> {
  /** Number of its first row, and of the one after its last; the latter's place in the file. */
  readonly row: number;
  readonly nextRow: number;
  readonly nextOffset: number;
  readonly writes: readonly Write[];
  /** Of each write: its row's number, its place, and the place of the next row. Plain numbers, so that rows can be forgotten. */
  readonly places: readonly number[];
  readonly skipped: readonly SkippedRow[];
}

export interface RowReader<Write> {
  readonly headers: readonly string[];
  /** @throws CellError */
  readonly read: (cells: Cells) => Write;
  readonly duplicates: Duplicates | null;
}

/** Few enough that an account's other writers wait for fractions of a second, and that memory stays small. */
const batchRows = 5_000;
const batchBytes = 4 * 1024 * 1024;

export async function* batchesOf<Write>(
  source: AsyncIterable<readonly CsvRow[]>,
  start: number,
  reader: RowReader<Write>,
): AsyncGenerator<Batch<Write>, void, void> {
  let batch = emptyBatch<Write>(start);
  let begin = -1;
  for await (const rows of source) {
    for (const row of rows) {
      if (begin === -1) begin = row.offset;
      addRow(batch, row, reader);
      batch.nextRow = row.number + 1;
      batch.nextOffset = row.next;
      if (batch.writes.length + batch.skipped.length < batchRows && row.next - begin < batchBytes) continue;
      yield batch;
      batch = emptyBatch(batch.nextRow);
      begin = -1;
    }
  }
  if (batch.nextRow > batch.row) yield batch;
}

interface GrowingBatch<Write> extends Batch<Write> {
  nextRow: number;
  nextOffset: number;
  readonly writes: Write[];
  readonly places: number[];
  readonly skipped: SkippedRow[];
}

function emptyBatch<Write>(row: number): GrowingBatch<Write> {
  return { row, nextRow: row, nextOffset: 0, writes: [], places: [], skipped: [] };
}

function addRow<Write>(batch: GrowingBatch<Write>, row: CsvRow, reader: RowReader<Write>): void {
  const { headers, read, duplicates } = reader;
  if (row.fault) return void batch.skipped.push(skippedRow(row, headers, row.fault.column, row.fault.message));
  const repeated = duplicates?.columnOf(row.number) ?? null;
  if (repeated !== null) {
    const reason = `An earlier row of the file has the same ${headers[repeated] ?? 'identifier'}; the first one counts.`;
    return void batch.skipped.push(skippedRow(row, headers, repeated, reason));
  }
  try {
    batch.writes.push(read(row.cells));
    batch.places.push(row.number, row.offset, row.next);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    const { column, message } = error.problem;
    batch.skipped.push(skippedRow(row, headers, column, message));
  }
}

/** Where the row of a write is. */
export function placeOfWrite({ places }: Pick<Batch<unknown>, 'places'>, index: number): RowPlace | null {
  const [number, offset, next] = places.slice(3 * index, 3 * index + 3);
  return number === undefined || offset === undefined || next === undefined ? null : { number, offset, next };
}

export type RowPlace = Pick<CsvRow, 'number' | 'offset' | 'next'>;

export function skippedRow(
  row: RowPlace,
  headers: readonly string[],
  column: number | null,
  reason: string,
): SkippedRow {
  const header = column === null ? null : (headers[column] ?? `column ${column + 1}`);
  return { row: row.number, offset: row.offset, bytes: row.next - row.offset, column: header, reason };
}

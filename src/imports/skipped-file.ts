/** The skipped rows of an import as a CSV that can be mended and uploaded again. */
import { existing } from './actions.ts';
import { csvLimits } from './csv/layout.ts';
import { RowSplitter } from './csv/row-splitter.ts';
import { csvLine } from './csv/write.ts';
import { skippedHeaders } from './fields.ts';
import { missingFile } from './files.ts';
import type { FileLayout } from './import-table.ts';
import type { ImportsDeps } from './parts.ts';
import { skippedRows, type SkippedRow } from './skipped-table.ts';

type Deps = Pick<ImportsDeps, 'db' | 'files'>;

/** The file's own columns, then the row, the column and the reason; in the file's own delimiter. */
export async function skippedFile(
  deps: Deps,
  accountId: number,
  importId: string,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  const row = await existing(deps.db, accountId, importId);
  if (row.storedName === null) throw missingFile();
  return lines(deps, accountId, importId, { name: row.storedName, layout: row.layout }, signal);
}

interface File {
  readonly name: string;
  readonly layout: FileLayout | null;
}

async function* lines(
  { db, files }: Deps,
  accountId: number,
  importId: string,
  { name, layout }: File,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  if (!layout) return;
  const { headers, delimiter } = layout;
  const { row, column, reason } = skippedHeaders;
  yield csvLine([...headers, row, column, reason], delimiter);
  for await (const batch of skippedRows(db, accountId, importId)) {
    for (const group of groupsOf(batch)) {
      const [first] = group;
      const last = group.at(-1);
      if (!first || !last) continue;
      const end = last.offset + Math.min(last.bytes, csvLimits.rowBytes + 1);
      const blocks: Buffer[] = [];
      for await (const block of files.read(name, first.offset, end, signal)) blocks.push(block);
      const bytes = Buffer.concat(blocks);
      yield group.map((one) => skippedLine(one, bytes.subarray(one.offset - first.offset), layout)).join('');
    }
  }
}

const groupBytes = 4 * 1024 * 1024;

/** Rows that lie together are read together. */
function groupsOf(rows: readonly SkippedRow[]): SkippedRow[][] {
  const groups: SkippedRow[][] = [];
  let start = 0;
  for (const row of rows) {
    const group = groups.at(-1);
    if (group && row.offset + row.bytes - start <= groupBytes) group.push(row);
    else {
      groups.push([row]);
      start = row.offset;
    }
  }
  return groups;
}

function skippedLine(row: SkippedRow, from: Buffer, layout: FileLayout): string {
  const cells = cellsOf(row, from, layout);
  return csvLine([...cells, String(row.row), row.column ?? '', row.reason], layout.delimiter);
}

/** A row that cannot be split into its cells is given as it stands, in the first column; a huge one is left out. */
function cellsOf(row: SkippedRow, from: Buffer, layout: FileLayout): string[] {
  const columns = layout.headers.length;
  const blank = Array.from({ length: columns - 1 }, () => '');
  if (row.bytes > csvLimits.rowBytes) return ['', ...blank];
  const bytes = from.subarray(0, row.bytes);
  const splitter = new RowSplitter(layout, columns);
  const [found] = splitter.split({ bytes, offset: 0, row: row.row, isLast: true }).rows;
  if (found && !found.fault) return found.cells.slice(0, columns);
  return [bytes.toString('utf8').replace(/\r?[\r\n]$/, ''), ...blank];
}

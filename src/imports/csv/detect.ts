/** How a CSV is written: its delimiter, its line breaks and its header, from a sample of its beginning. */
import { delimiters, type CsvRow, type Delimiter, type Layout } from './layout.ts';
import { RowSplitter } from './row-splitter.ts';
import { textStart } from './sniff.ts';

export interface Detected {
  readonly layout: Layout;
  readonly header: CsvRow;
  /** Rows after the header, as many as the sample holds whole. */
  readonly rows: readonly CsvRow[];
  /** False when another delimiter would fit as well. */
  readonly isCertain: boolean;
}

/** `isKnown`: whether a header is the name of a field. `isWhole`: the sample is the whole file. null: there is no header. */
export function detect(sample: Buffer, isWhole: boolean, isKnown: (header: string) => boolean): Detected | null {
  const start = textStart(sample);
  const lineBreak = lineBreakOf(sample.toString('latin1', start, sample.length));
  const candidates = delimiters.flatMap((delimiter) =>
    readAs({ delimiter, lineBreak, start }, sample, isWhole, isKnown),
  );
  candidates.sort((a, b) => b.score - a.score || a.columns - b.columns);
  const [best, next] = candidates;
  if (!best) return null;
  const { layout, header, rows } = best;
  return { layout, header, rows, isCertain: best.columns === 1 || best.score > (next?.score ?? 0) };
}

interface Candidate extends Omit<Detected, 'isCertain'> {
  readonly columns: number;
  readonly score: number;
}

const rowsCompared = 200;

/** A delimiter fits the better, the more rows have as many cells as the header; then the more headers are known. */
function readAs(layout: Layout, sample: Buffer, isWhole: boolean, isKnown: (header: string) => boolean): Candidate[] {
  const splitter = new RowSplitter(layout, null);
  const piece = { bytes: sample.subarray(layout.start), offset: layout.start, row: 1, isLast: isWhole };
  const [header, ...rows] = splitter.split(piece).rows;
  if (!header) return [];
  const columns = header.cells.length;
  const compared = rows.slice(0, rowsCompared);
  const fitting = compared.filter((row) => row.cells.length === columns).length;
  const share = compared.length === 0 ? 1 : fitting / compared.length;
  const known = header.cells.filter(isKnown).length;
  const isPlausible = columns > 1 && share >= 0.5 && !header.fault;
  const score = isPlausible
    ? 100 * Math.round(10 * share) + 10 * known + 1
    : header.fault
      ? -1
      : columns === 1
        ? known
        : 0;
  return [{ layout, header, rows, columns, score }];
}

function lineBreakOf(text: string): Layout['lineBreak'] {
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === '\n') return '\n';
    else if (letter === '\r') return text.charAt(i + 1) === '\n' ? '\n' : '\r';
  }
  return '\n';
}

export const delimiterNames: Readonly<Record<Delimiter, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
};

/** The first look at a file: can it be read, how is it written, what are its columns. */
import { canonicalEmail } from '../store/door.ts';
import { delimiterNames, detect } from './csv/detect.ts';
import { csvLimits, type CsvRow, type Layout } from './csv/layout.ts';
import { sniff, textStart, type Unreadable } from './csv/sniff.ts';
import { isDayFirst } from './dates.ts';
import { fieldOf } from './fields.ts';
import { proposeMapping, type Mapping, type Proposal } from './mapping.ts';
import type { ImportObject, Remark } from './import.ts';
import { quoted } from './values.ts';

export interface Inspection extends Proposal {
  readonly layout: Layout;
  readonly headers: readonly string[];
  /** Where the rows begin. */
  readonly first: { readonly offset: number; readonly row: number };
  /** Rows of the sample. */
  readonly rows: readonly CsvRow[];
}

/** As much as is looked at; the header must fit in. */
export const sampleBytes = csvLimits.rowBytes;
const sampleRows = 1_000;

/** Looks at the first `sampleBytes` of a file. */
export function inspect(object: ImportObject, sample: Buffer, isWhole: boolean): Inspection | Unreadable {
  const unreadable = sniff(sample.subarray(0, 64 * 1024));
  if (unreadable) return unreadable;
  const detected = detect(sample, isWhole, (header) => fieldOf(object, header) !== null);
  if (!detected) return noHeader(sample);
  const { layout, header } = detected;
  const headers = header.cells.map((cell) => cell.trim());
  const wrong = header.fault ? brokenHeader(header) : headerTrouble(headers);
  if (wrong) return wrong;
  const rows = detected.rows.slice(0, sampleRows).map((row) => shaped(row, headers.length));
  const proposal = proposeMapping(
    object,
    headers,
    rows.flatMap((row) => (row.fault ? [] : [row.cells])),
  );
  const doubts = [...proposal.doubts];
  if (!detected.isCertain) {
    doubts.unshift({
      row: null,
      column: null,
      message: `It is not certain that the columns are divided by ${delimiterNames[layout.delimiter]}s.`,
    });
  }
  doubts.push(...dayFirstProperties(proposal.mapping, rows));
  const first = { offset: header.next, row: header.number + 1 };
  return { ...proposal, doubts, layout, headers, first, rows };
}

/** Rows of the sample were read without knowing how many cells there should be. */
function shaped(row: CsvRow, columns: number): CsvRow {
  if (row.fault || row.cells.length === columns) return row;
  const extra = row.cells.slice(columns);
  if (row.cells.length > columns && extra.every((cell) => cell === '')) return row;
  const message = `The row has ${row.cells.length} cells, the header has ${columns}.`;
  return { ...row, fault: { column: null, message } };
}

function noHeader(sample: Buffer): Unreadable {
  const isBlank = sample.subarray(textStart(sample)).toString('latin1').trim() === '';
  return isBlank
    ? { message: 'The file is empty.', advice: 'Upload a file with a header and at least one row.' }
    : tooLongHeader;
}

const tooLongHeader: Unreadable = {
  message: `Row 1, the header, does not end within ${sampleBytes / 1024} KB.`,
  advice: 'Look whether the file has line breaks, and whether a quote is left open in its first row.',
};

function brokenHeader(header: CsvRow): Unreadable {
  const column = header.fault?.column ?? null;
  const where = column === null ? '' : `, column ${column + 1}`;
  return {
    message: `Row ${header.number}, the header${where}: ${header.fault?.message}`,
    advice: 'Correct the header and upload the file again.',
  };
}

function headerTrouble(headers: readonly string[]): Unreadable | null {
  if (headers.length > csvLimits.columns) {
    return {
      message: `The file has ${headers.length} columns; ${csvLimits.columns} are possible.`,
      advice: 'Export fewer columns, or put many of them into one column of JSON named Properties.',
    };
  }
  const value = headers.find(
    (header) => canonicalEmail(header) !== null || /^\d{4}-\d\d-\d\d|^\+?\d{6,}$/.test(header),
  );
  if (value !== undefined) {
    return {
      message: `Row 1 should hold the headers, but it holds a value: ${quoted(value)}.`,
      advice: 'Put a row with the names of the columns first, and upload the file again.',
    };
  }
  return null;
}

/** Where a date is expected each such row is told of; elsewhere nobody would notice. */
function dayFirstProperties(mapping: Mapping, rows: readonly CsvRow[]): Remark[] {
  return mapping.columns.flatMap(({ header, target }, index) => {
    const row = target === 'property' && rows.find(({ cells }) => isDayFirst(cells[index] ?? ''));
    if (!row) return [];
    const cell = quoted(row.cells[index] ?? '');
    const message = `${cell} may be a date that begins with the day or with the month. Dates are YYYY-MM-DD; as text it can stay.`;
    return [{ row: row.number, column: header, message }];
  });
}

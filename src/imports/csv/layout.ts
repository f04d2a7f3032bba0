/** How a CSV file is written. */
export interface Layout {
  readonly delimiter: Delimiter;
  /** What ends a row outside quotes: a line feed, with or without a carriage return before it, or a carriage return alone. */
  readonly lineBreak: '\n' | '\r';
  /** Where the header begins: after a byte order mark, if there is one. */
  readonly start: number;
}

export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

export const csvLimits = {
  /** Of one row, quotes and line break included. No profile and no event of ours is larger. */
  rowBytes: 1024 * 1024,
  columns: 1_000,
} as const;

export interface CsvRow {
  /** The header is row 1; blank lines count, so that editors and spreadsheets agree. */
  readonly number: number;
  /** Byte of the file where it begins, and where the next one does. */
  readonly offset: number;
  readonly next: number;
  /** Empty when there is a fault. */
  readonly cells: readonly string[];
  readonly fault: RowFault | null;
}

/** Why a row cannot be read. */
export interface RowFault {
  /** Place of the cell, from 0; null when the whole row is meant. */
  readonly column: number | null;
  readonly message: string;
}

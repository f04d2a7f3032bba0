import { isUtf8 } from 'node:buffer';
import { csvLimits, type CsvRow, type Layout, type RowFault } from './layout.ts';

/** Some bytes of a file, from the beginning of a row on. */
export interface Piece {
  readonly bytes: Buffer;
  /** Place of the first byte in the file. */
  readonly offset: number;
  /** Number of the first row. */
  readonly row: number;
  /** The file ends with this piece. */
  readonly isLast: boolean;
}

export interface Split {
  readonly rows: CsvRow[];
  /** Bytes of the piece that are done; the rest is the beginning of a row. */
  readonly done: number;
  readonly nextRow: number;
}

/**
 * Splits pieces of a file into rows. A piece is read as Latin-1, where a character is a byte and what gives a CSV its
 * structure is the same as in UTF-8, so that places in the text are places in the file; only cells are decoded.
 */
export class RowSplitter {
  readonly #delimiter: string;
  readonly #lineBreak: string;
  /** null: rows may have any number of cells. */
  readonly #columns: number | null;
  #text = '';
  #isLast = true;
  #isAscii = true;
  #hasNul = false;
  #nextQuote = -1;
  /** Decoded cells: names and places come again and again. */
  readonly #known = new Map<string, string>();

  constructor({ delimiter, lineBreak }: Pick<Layout, 'delimiter' | 'lineBreak'>, columns: number | null) {
    this.#delimiter = delimiter;
    this.#lineBreak = lineBreak;
    this.#columns = columns;
  }

  split(piece: Piece): Split {
    this.#text = piece.bytes.toString('latin1');
    this.#isLast = piece.isLast;
    this.#isAscii = !beyondAscii.test(this.#text);
    this.#hasNul = this.#text.includes('\0');
    this.#nextQuote = this.#text.indexOf('"');
    const rows: CsvRow[] = [];
    let number = piece.row;
    let pos = 0;
    while (pos < this.#text.length) {
      const found = this.#rowAt(pos);
      if (!found) break;
      const { cells, fault, next } = found;
      if (fault || !isBlank(cells)) {
        rows.push({ number, offset: piece.offset + pos, next: piece.offset + next, cells, fault });
      }
      number += 1;
      pos = next;
    }
    return { rows, done: pos, nextRow: number };
  }

  /** null when the piece ends before the row does. */
  #rowAt(start: number): FoundRow | null {
    if (this.#nextQuote !== -1 && this.#nextQuote < start) this.#nextQuote = this.#text.indexOf('"', start);
    const line = this.#lineAt(start);
    if (this.#nextQuote !== -1 && this.#nextQuote < line.end) return this.#quotedRow(start);
    if (!line.isWhole) return null;
    const text = this.#text.slice(start, line.end);
    if (line.next - start > csvLimits.rowBytes) return broken(line.next, tooLong(text, this.#delimiter));
    const decoded = this.#isAscii || !beyondAscii.test(text) ? text : decode(text);
    if (decoded !== null) return this.#checked(decoded.split(this.#delimiter), line);
    return this.#decoded(text.split(this.#delimiter), line);
  }

  /** A row with quotes in it, cell by cell; it may go over several lines. */
  #quotedRow(start: number): FoundRow | null {
    const cells: string[] = [];
    let line = this.#lineAt(start);
    let pos = start;
    for (;;) {
      if (this.#text.charAt(pos) === '"') {
        const quoted = this.#quotedCell(pos);
        if (!quoted) return this.#openQuote(start, pos, cells.length);
        if (quoted.end > line.end) line = this.#lineAt(quoted.end);
        if (quoted.end < line.end && this.#text.charAt(quoted.end) !== this.#delimiter) {
          const message = 'There is text after the closing quote. Inside a quoted cell every quote is written twice.';
          return this.#brokenQuote(pos, { column: cells.length, message });
        }
        cells.push(quoted.value);
        pos = quoted.end;
      } else {
        const delimiter = this.#text.indexOf(this.#delimiter, pos);
        const end = delimiter === -1 || delimiter > line.end ? line.end : delimiter;
        cells.push(this.#text.slice(pos, end));
        pos = end;
      }
      if (pos >= line.end) break;
      pos += 1;
    }
    if (!line.isWhole) return null;
    if (line.next - start > csvLimits.rowBytes) {
      return broken(line.next, tooLong(this.#text.slice(start, line.end), this.#delimiter));
    }
    return this.#decoded(cells, line);
  }

  /** What is in the cell whose opening quote is at `pos`, and the place after its closing quote; null without one. */
  #quotedCell(pos: number): { readonly value: string; readonly end: number } | null {
    const text = this.#text;
    let isEscaped = false;
    let close = text.indexOf('"', pos + 1);
    while (close !== -1 && text.charAt(close + 1) === '"') {
      isEscaped = true;
      close = text.indexOf('"', close + 2);
    }
    if (close === -1) return null;
    const inside = text.slice(pos + 1, close);
    return { value: isEscaped ? inside.replaceAll('""', '"') : inside, end: close + 1 };
  }

  /** Either there is more to read, or the row is broken. */
  #openQuote(start: number, quote: number, column: number): FoundRow | null {
    const isEndless = this.#text.length - start > csvLimits.rowBytes;
    if (!this.#isLast && !isEndless) return null;
    const limit = isEndless ? `within ${rowLimit}` : 'before the end of the file';
    return this.#brokenQuote(quote, { column, message: `The quote that opens this cell is not closed ${limit}.` });
  }

  /** Reading goes on with the line after the quote, so that it costs no other row. */
  #brokenQuote(quote: number, fault: RowFault): FoundRow | null {
    const line = this.#lineAt(quote);
    return line.isWhole ? broken(line.next, fault) : null;
  }

  /** The end of the line at `pos`, without its break, and the beginning of the next. */
  #lineAt(pos: number): Line {
    const text = this.#text;
    const found = text.indexOf(this.#lineBreak, pos);
    const end = found === -1 ? text.length : found;
    const hasReturn = this.#lineBreak === '\n' && end > pos && text.charAt(end - 1) === '\r';
    return {
      end: hasReturn ? end - 1 : end,
      next: found === -1 ? end : end + 1,
      isWhole: found !== -1 || this.#isLast,
      isOpen: found === -1,
    };
  }

  #decoded(cells: string[], line: Line): FoundRow {
    if (this.#isAscii) return this.#checked(cells, line);
    let column = 0;
    for (const cell of cells) {
      if (beyondAscii.test(cell)) {
        const decoded = this.#known.get(cell) ?? this.#decodeCell(cell);
        if (decoded === null) return broken(line.next, { column, message: notUtf8 });
        cells[column] = decoded;
      }
      column++;
    }
    return this.#checked(cells, line);
  }

  #decodeCell(cell: string): string | null {
    const decoded = decode(cell);
    if (decoded !== null && cell.length <= knownLength && this.#known.size < knownCells) this.#known.set(cell, decoded);
    return decoded;
  }

  #checked(cells: string[], line: Line): FoundRow {
    const columns = this.#columns ?? cells.length;
    const isMisshapen = cells.length < columns || (cells.length > columns && !isBlank(cells.slice(columns)));
    if (isMisshapen && !isBlank(cells)) {
      const cut = line.isOpen && cells.length < columns ? 'The file ends in the middle of this row. ' : '';
      return broken(line.next, {
        column: null,
        message: `${cut}The row has ${cells.length} cells, the header has ${columns}.`,
      });
    }
    if (this.#hasNul) {
      const column = cells.findIndex((cell) => cell.includes('\0'));
      if (column !== -1) return broken(line.next, { column, message: 'The cell holds a NUL character.' });
    }
    return { cells, next: line.next, fault: null };
  }
}

interface FoundRow {
  readonly cells: readonly string[];
  /** Where the next row begins in the piece. */
  readonly next: number;
  readonly fault: RowFault | null;
}

interface Line {
  readonly end: number;
  readonly next: number;
  readonly isWhole: boolean;
  /** It ends with the piece, not with a line break. */
  readonly isOpen: boolean;
}

const knownCells = 1000;
const knownLength = 50;
const beyondAscii = /[\x80-\xff]/;
const rowLimit = `${csvLimits.rowBytes / 1024} KB`;
const notUtf8 = 'The cell is not UTF-8. Save the file as UTF-8 and upload it again.';

/** Names the column of the longest cell. */
export function tooLong(row: string, delimiter: string): RowFault {
  let column = 0;
  let longest = -1;
  for (const [index, cell] of row.split(delimiter).entries()) {
    if (cell.length <= longest) continue;
    longest = cell.length;
    column = index;
  }
  return { column, message: `The row is larger than ${rowLimit}.` };
}

function broken(next: number, fault: RowFault): FoundRow {
  return { cells: [], next, fault };
}

function decode(latin1: string): string | null {
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

function isBlank(cells: readonly string[]): boolean {
  return cells[0] === '' && cells.every((cell) => cell === '');
}

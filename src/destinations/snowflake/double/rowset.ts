/** Rows of DuckDB in the form in which Snowflake's JSON answers hold them: all values as text. */
import {
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBResultReader,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

export interface RowType {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly length: number | null;
  readonly byteLength: number | null;
}

export interface Rowset {
  readonly rowtype: readonly RowType[];
  readonly rowset: readonly (readonly (string | null)[])[];
}

export function rowsetOf(reader: DuckDBResultReader): Rowset {
  const names = reader.columnNames();
  const types = reader.columnTypes();
  return {
    rowtype: names.map((name, i) => rowType(name, String(types[i]), types[i])),
    rowset: reader.getRows().map((row) => row.map(cell)),
  };
}

/** Of values that a statement makes itself; numbers become numbers, the rest text. */
export function rowsetFrom(names: readonly string[], rows: readonly (readonly (string | number | null)[])[]): Rowset {
  const numeric = names.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  return {
    rowtype: names.map((name, i) => ({
      ...rowType(name, numeric[i] ? 'BIGINT' : 'VARCHAR', undefined),
    })),
    rowset: rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
  };
}

function rowType(name: string, text: string, type: DuckDBType | undefined): RowType {
  const column = { name, nullable: true, precision: null, scale: null, length: null, byteLength: null };
  if (/^(HUGE|BIG|SMALL|TINY|U\w*)?INT/.test(text)) return { ...column, type: 'fixed', precision: 38, scale: 0 };
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)/.exec(text) ?? [];
  if (precision) return { ...column, type: 'fixed', precision: Number(precision), scale: Number(scale) };
  if (/^DOUBLE|^FLOAT/.test(text)) return { ...column, type: 'real' };
  if (text === 'BOOLEAN') return { ...column, type: 'boolean' };
  if (text === 'DATE') return { ...column, type: 'date' };
  if (text === 'TIMESTAMP') return { ...column, type: 'timestamp_ntz', precision: 0, scale: 9 };
  if (text.startsWith('TIMESTAMP')) return { ...column, type: 'timestamp_ltz', precision: 0, scale: 9 };
  if (type?.alias === 'JSON') return { ...column, type: 'variant' };
  return { ...column, type: 'text', length: 16_777_216, byteLength: 16_777_216 };
}

function cell(value: DuckDBValue): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return epoch(value.micros);
  if (value instanceof DuckDBDateValue) return String(value.days);
  return String(value);
}

/** Seconds since 1970 with nine digits after the point. */
function epoch(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  return `${sign}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, '0')}000`;
}

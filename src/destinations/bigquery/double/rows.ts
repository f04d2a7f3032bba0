/** Results as the REST API carries them: a schema, and rows of `f` and `v`, all values as strings. */
import type { DuckDBResultReader, DuckDBValue } from '@duckdb/node-api';
import { apiType, type Field } from './engine.ts';
import { storedJson } from './json.ts';

export interface ApiRow {
  readonly f: readonly { readonly v: string | null }[];
}

export function schemaOf(reader: DuckDBResultReader): { readonly fields: readonly Field[] } {
  const types = reader.columnTypes();
  return {
    fields: reader.columnNames().map((name, i) => ({ name, type: typeName(types[i]), mode: 'NULLABLE' })),
  };
}

/** @param int64 times as whole microseconds instead of seconds with a fraction */
export function rowsOf(reader: DuckDBResultReader, int64: boolean): readonly ApiRow[] {
  const { fields } = schemaOf(reader);
  return reader
    .getRows()
    .map((row) => ({ f: row.map((value, i) => ({ v: cell(value, fields[i]?.type ?? 'STRING', int64) })) }));
}

function typeName(type: { toString(): string; alias?: string | undefined } | undefined): string {
  return apiType(type?.alias ?? String(type));
}

function cell(value: DuckDBValue, type: string, int64: boolean): string | null {
  if (value === null) return null;
  if (type === 'JSON') return storedJson(String(value));
  if (type === 'TIMESTAMP') {
    const { micros } = value as unknown as { micros: bigint };
    return int64 ? String(micros) : seconds(micros);
  }
  return String(value);
}

function seconds(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  return `${sign}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, '0')}`;
}

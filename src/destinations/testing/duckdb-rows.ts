import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { TableSpec } from '../destination.ts';
import { readStaged } from '../staged-reader.ts';
import type { ReadRow } from './rig.ts';

/** Rows of a relation that DuckDB can read, in the comparable form of the rig. Times must be UTC. */
export async function readRows(connection: DuckDBConnection, table: TableSpec, relation: string): Promise<ReadRow[]> {
  const columns = table.columns.map(({ name, type }) =>
    type === 'timestamp' ? `strftime("${name}"::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')` : `"${name}"::VARCHAR`,
  );
  const result = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${relation} ORDER BY id`);
  return result.getRows().map((row) =>
    Object.fromEntries(
      table.columns.map(({ name }, i) => {
        const value = row[i] ?? null;
        return [name, value === null ? null : String(value)];
      }),
    ),
  );
}

/** Rows of a file staged as `csv`, deletions included, as DuckDB and Parquet get them. */
export async function readStagedFile(table: TableSpec, path: string): Promise<ReadRow[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const columns = [...table.columns, { name: '_deleted', type: 'text' as const }];
    return await readRows(connection, { ...table, columns }, readStaged(table, [path]));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

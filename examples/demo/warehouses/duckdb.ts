import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { textRow, type OpenWarehouse, type Row } from './warehouse.ts';

export const duckdbDialect = { cents: `(100 * (event_properties ->> '$."$value"')::DECIMAL(18, 2))::BIGINT` };

export const open: OpenWarehouse = async (folder) => {
  const path = join(folder, 'warehouse.duckdb');
  return {
    kind: 'duckdb',
    label: 'a DuckDB file',
    settings: { path },
    environment: {},
    dialect: duckdbDialect,
    notes: [`warehouse file ${path}`],
    ask: (query) => askDuckdb(path, query),
    [Symbol.asyncDispose]: async () => undefined,
  };
};

/** As any analyst would: another program, read-only, between runs. */
async function askDuckdb(path: string, query: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(query)).getRowObjectsJson().map(textRow);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

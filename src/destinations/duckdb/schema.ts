import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../../kernel/app-error.ts';
import type { TableSpec } from '../destination.ts';
import { addColumn, bookkeeping, changeType, createTable, warehouseColumns } from './sql.ts';

/**
 * Makes what is missing: Wharf's own tables, the table, columns that are new in this version. Columns of the customer
 * are left alone.
 * @throws AppError SCHEMA_MISMATCH with the statements that repair a column of another type
 */
export async function prepareTable(connection: DuckDBConnection, table: TableSpec): Promise<void> {
  for (const statement of bookkeeping) await connection.run(statement);
  await connection.run(createTable(table));
  for (const column of await missingColumns(connection, table)) await connection.run(addColumn(table, column));
}

/** @throws AppError SCHEMA_MISMATCH when a column has another type, or the key is missing */
async function missingColumns(connection: DuckDBConnection, table: TableSpec) {
  const found = await columnsOf(connection, table);
  const wanted = warehouseColumns(table);
  const wrong = wanted.filter(({ name, type }) => found.has(name) && found.get(name) !== type);
  if (wrong.length > 0) {
    const names = wrong.map(({ name, type }) => `${name} is ${found.get(name)}, not ${type}`).join('; ');
    throw new AppError('SCHEMA_MISMATCH', {
      summary: `${table.name}: ${names}.`,
      advice: `Run in the DuckDB file: ${wrong.map((column) => changeType(table, column)).join(' ')}`,
      details: { table: table.name, columns: wrong.map(({ name }) => name) },
    });
  }
  const missing = wanted.filter(({ name }) => !found.has(name));
  if (missing.some(({ name }) => name === 'id')) {
    throw new AppError('SCHEMA_MISMATCH', {
      summary: `${table.name} has no column id.`,
      advice: `Rename the table (ALTER TABLE ${table.name} RENAME TO ${table.name}_old;); Wharf makes a new one.`,
      details: { table: table.name, columns: ['id'] },
    });
  }
  return missing;
}

/** Column names with their types; empty when there is no such table. @throws AppError SCHEMA_MISMATCH */
export async function checkTable(connection: DuckDBConnection, table: TableSpec): Promise<'missing' | 'fits'> {
  if ((await columnsOf(connection, table)).size === 0) return 'missing';
  await missingColumns(connection, table);
  return 'fits';
}

async function columnsOf(connection: DuckDBConnection, table: TableSpec): Promise<Map<string, string>> {
  const result = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns()
     WHERE database_name = 'warehouse' AND schema_name = 'main' AND table_name = $table`,
    { table: table.name },
  );
  return new Map(result.getRows().map(([name, type]) => [String(name), String(type)]));
}

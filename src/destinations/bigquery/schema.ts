import { AppError } from '../../kernel/app-error.ts';
import type { TableSpec } from '../destination.ts';
import {
  addColumn,
  createOwnTable,
  createTable,
  layoutColumns,
  ownTables,
  renameTable,
  replaceColumn,
  warehouseColumns,
  type WarehouseColumn,
} from './sql.ts';
import type { TableResource, Warehouse } from './warehouse.ts';

/**
 * Makes what is missing: the table, columns that are new in this version. Columns of the customer are left alone.
 * @throws AppError SCHEMA_MISMATCH with the statements that repair a column of another type
 */
export async function prepareTable(warehouse: Warehouse, table: TableSpec, signal: AbortSignal): Promise<void> {
  const found = await warehouse.table(table.name, signal);
  if (!found) {
    await warehouse.query(createTable(warehouse.place, table), {}, signal);
    return;
  }
  for (const column of missingColumns(warehouse, table, found)) {
    await warehouse.query(addColumn(warehouse.place, table, column), {}, signal);
  }
}

/** Makes Wharf's own tables where they are missing. */
export async function prepareOwnTables(warehouse: Warehouse, signal: AbortSignal): Promise<void> {
  for (const table of ownTables) {
    if (!(await warehouse.table(table, signal))) {
      await warehouse.query(createOwnTable(warehouse.place, table), {}, signal);
    }
  }
}

/**
 * That the table is as the set-up script makes it.
 * @throws AppError NOT_FOUND_TABLE, SCHEMA_MISMATCH with the statements that repair it
 */
export async function checkTable(warehouse: Warehouse, table: TableSpec, signal: AbortSignal): Promise<void> {
  const found = await warehouse.table(table.name, signal);
  if (!found) throw tableMissing(table.name, createTable(warehouse.place, table));
  const missing = missingColumns(warehouse, table, found);
  if (missing.length === 0) return;
  const repairs = missing.map((column) => `${addColumn(warehouse.place, table, column)};`);
  throw new AppError('SCHEMA_MISMATCH', {
    summary: `${table.name} has no column ${missing.map(({ name }) => name).join(', ')}.`,
    advice: `Run in BigQuery: ${repairs.join(' ')} A load does it too.`,
    details: { table: table.name, columns: missing.map(({ name }) => name) },
  });
}

/** @throws AppError NOT_FOUND_TABLE */
export async function checkOwnTables(warehouse: Warehouse, signal: AbortSignal): Promise<void> {
  for (const table of ownTables) {
    if (!(await warehouse.table(table, signal))) throw tableMissing(table, createOwnTable(warehouse.place, table));
  }
}

function tableMissing(table: string, statement: string): AppError {
  return new AppError('NOT_FOUND_TABLE', {
    summary: `The table ${table} is missing.`,
    advice: `Run the set-up script, or in BigQuery: ${statement.replaceAll(/\s+/g, ' ')};`,
    details: { table },
  });
}

/** @throws AppError SCHEMA_MISMATCH when a column has another type, or the key is missing */
function missingColumns(warehouse: Warehouse, table: TableSpec, resource: TableResource): readonly WarehouseColumn[] {
  const found = new Map((resource.schema?.fields ?? []).map(({ name, type }) => [name.toLowerCase(), sqlType(type)]));
  const wanted = warehouseColumns(table);
  const wrong = wanted.filter(({ name, type }) => found.has(name) && found.get(name) !== type);
  if (wrong.length > 0) {
    const names = wrong.map(({ name, type }) => `${name} is ${found.get(name)}, not ${type}`).join('; ');
    const repairs = wrong.some(({ name }) => layoutColumns.has(name))
      ? [renameTable(warehouse.place, table.name)]
      : wrong.map((column) => replaceColumn(warehouse.place, table, column));
    throw new AppError('SCHEMA_MISMATCH', {
      summary: `${table.name}: ${names}.`,
      advice: `Run in BigQuery: ${repairs.join(' ')} Then have everything sent again.`,
      details: { table: table.name, columns: wrong.map(({ name }) => name) },
    });
  }
  if (!found.has('id')) {
    throw new AppError('SCHEMA_MISMATCH', {
      summary: `${table.name} has no column id.`,
      advice: `Run in BigQuery: ${renameTable(warehouse.place, table.name)} Wharf makes a new one.`,
      details: { table: table.name, columns: ['id'] },
    });
  }
  return wanted.filter(({ name }) => !found.has(name));
}

/** The API calls some types by their older names. */
function sqlType(type: string): string {
  const names: Readonly<Record<string, string>> = { INTEGER: 'INT64', BOOLEAN: 'BOOL', FLOAT: 'FLOAT64' };
  return names[type] ?? type;
}

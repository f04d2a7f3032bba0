import { AppError } from '../../kernel/app-error.ts';
import type { TableSpec } from '../destination.ts';
import type { SqlConnection } from './connection.ts';
import {
  addColumn,
  bookkeeping,
  changeType,
  gateTable,
  listColumns,
  listGates,
  warehouseColumns,
  type WarehouseColumn,
} from './sql.ts';

/** Column names of a table with their types, as far as they matter. */
type Columns = ReadonlyMap<string, string>;

/**
 * Compares the table and Wharf's own with what the pool has. Columns of the customer are left alone.
 * @throws AppError NOT_FOUND_TABLE, SCHEMA_MISMATCH with the statements that repair
 */
export async function checkTables(
  connection: SqlConnection,
  tables: readonly TableSpec[],
  signal: AbortSignal,
): Promise<void> {
  const found = await readColumns(connection, signal);
  for (const table of tables) compare(table.name, warehouseColumns(table), found.get(table.name));
  for (const [name, columns] of Object.entries(bookkeeping)) compare(name, columns, found.get(name));
}

/** @throws AppError SCHEMA_MISMATCH when a table has no row, or several, that its loads could take turns by */
export async function checkGates(
  connection: SqlConnection,
  tables: readonly TableSpec[],
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await connection.run(listGates, signal);
  for (const { name } of tables) {
    const count = rows.filter(([found]) => found === name).length;
    if (count !== 1) throw gateMismatch(name, count);
  }
}

export function gateMismatch(table: string, rows: number): AppError {
  return new AppError('SCHEMA_MISMATCH', {
    summary: `dbo.${gateTable} has ${rows} rows for ${table} instead of one.`,
    advice: `Empty dbo.${gateTable} and run the set-up script again, which fills it.`,
    details: { table: gateTable },
  });
}

function compare(table: string, wanted: readonly WarehouseColumn[], found: Columns | undefined): void {
  if (!found) {
    throw new AppError('NOT_FOUND_TABLE', {
      summary: `The table dbo.${table} is missing, or the user may not see it.`,
      details: { table },
    });
  }
  const missing = wanted.filter(({ name }) => !found.has(name));
  const wrong = wanted.filter(({ name, type }) => found.has(name) && !fits(found.get(name) ?? '', type));
  if (missing.length + wrong.length === 0) return;
  const problems = [
    ...missing.map(({ name }) => `${name} is missing`),
    ...wrong.map(({ name, type }) => `${name} is ${found.get(name)}, not ${plain(type)}`),
  ];
  const repairs = [
    ...missing.map((column) => addColumn(table, column)),
    ...wrong.map((column) => changeType(table, column)),
  ];
  throw new AppError('SCHEMA_MISMATCH', {
    summary: `dbo.${table}: ${problems.join('; ')}.`,
    advice: missing.some(({ name }) => name === 'id')
      ? `Rename the table (RENAME OBJECT dbo.${table} TO ${table}_old;) and run the set-up script, which makes a new one.`
      : `Run in the pool: ${repairs.join(' ')}`,
    details: { table, columns: [...missing, ...wrong].map(({ name }) => name) },
  });
}

/** Wider columns fit as well. */
function fits(found: string, wanted: string): boolean {
  const type = plain(wanted);
  if (found === type) return true;
  const width = (text: string): number => {
    const [, length] = /^nvarchar\((\d+|max)\)$/.exec(text) ?? [];
    return length === 'max' ? Number.POSITIVE_INFINITY : Number(length ?? Number.NaN);
  };
  if (type === 'datetime2(6)') return found === 'datetime2(7)';
  return width(found) >= width(type);
}

const plain = (type: string): string => type.replace(/ COLLATE \w+/, '');

async function readColumns(connection: SqlConnection, signal: AbortSignal): Promise<Map<string, Map<string, string>>> {
  const { rows } = await connection.run(listColumns, signal);
  const tables = new Map<string, Map<string, string>>();
  for (const [table, column, type, length, precision] of rows) {
    const columns = tables.get(String(table)) ?? new Map<string, string>();
    tables.set(String(table), columns.set(String(column), typeText(String(type), length, precision)));
  }
  return tables;
}

function typeText(type: string, length: unknown, precision: unknown): string {
  if (type === 'datetime2') return `datetime2(${String(precision)})`;
  if (length === null || length === undefined) return type;
  return `${type}(${Number(length) === -1 ? 'max' : String(length)})`;
}

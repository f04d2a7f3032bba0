import { AppError } from '../../kernel/app-error.ts';
import type { TableSpec } from '../destination.ts';
import type { Link } from './link.ts';
import {
  addColumn,
  describeTable,
  ledgerColumns,
  ledgerName,
  replaceColumn,
  tableName,
  tombstoneColumns,
  tombstoneName,
  warehouseColumns,
  type Place,
  type WarehouseColumn,
} from './sql.ts';

export interface WarehouseTable {
  readonly name: string;
  readonly columns: readonly WarehouseColumn[];
}

export function warehouseTable(table: TableSpec): WarehouseTable {
  return { name: tableName(table), columns: warehouseColumns(table) };
}

/** Wharf's own tables beside the three of the contract. */
export const bookkeeping: readonly WarehouseTable[] = [
  { name: ledgerName, columns: ledgerColumns },
  { name: tombstoneName, columns: tombstoneColumns },
];

/**
 * Columns of the customer are left alone. Wharf's role owns no table, so it alters none: it says what to run.
 * @throws AppError SCHEMA_MISMATCH with the statements that repair the table
 */
export async function checkTable(link: Link, place: Place, table: WarehouseTable, signal: AbortSignal): Promise<void> {
  const rows = await link.run(describeTable(place, table.name), signal);
  const found = new Map(rows.map((row) => [String(row['name']), String(row['type'])]));
  const missing = table.columns.filter(({ name }) => !found.has(name));
  const wrong = table.columns.filter(({ name, type }) => found.has(name) && !fits(found.get(name) ?? '', type));
  if (missing.length + wrong.length === 0) return;
  const problems = [
    ...missing.map(({ name }) => `column ${name.toLowerCase()} is missing`),
    ...wrong.map(({ name, type }) => `${name.toLowerCase()} is ${found.get(name)}, not ${type}`),
  ];
  const repairs = [
    ...missing.map((column) => addColumn(place, table.name, column)),
    ...wrong.map((column) => replaceColumn(place, table.name, column)),
  ];
  throw new AppError('SCHEMA_MISMATCH', {
    summary: `${table.name}: ${problems.join('; ')}.`,
    advice: `Run in Snowflake as the owner of the table: ${repairs.join(' ')}`,
    details: { table: table.name, columns: [...missing, ...wrong].map(({ name }) => name) },
  });
}

/** Whether a column of the type found holds all that the wanted one does. */
function fits(found: string, wanted: string): boolean {
  const [, kind, size] = /^(\w+)(?:\((\d+))?/.exec(found) ?? [null, found, '0'];
  if (wanted === 'VARCHAR') return kind === 'VARCHAR' && Number(size) >= 16_777_216;
  if (wanted.startsWith('NUMBER')) return kind === 'NUMBER' && Number(size) >= 19 && !/,[1-9]/.test(found);
  if (wanted.startsWith('TIMESTAMP_NTZ')) return kind === 'TIMESTAMP_NTZ' && Number(size) >= 6;
  return kind === wanted;
}

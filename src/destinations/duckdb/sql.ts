/** The SQL of the DuckDB destination. Pure; every name is quoted, every value escaped. */
import type { LogicalType, TableSpec } from '../destination.ts';
import { quoted, readStaged } from '../staged-reader.ts';

/** Wharf's own tables beside the three of the contract. */
export const bookkeeping = [
  `CREATE TABLE IF NOT EXISTS _wharf_ledger (
  batch_id VARCHAR NOT NULL,
  sync_id VARCHAR NOT NULL,
  run_id VARCHAR NOT NULL,
  table_name VARCHAR NOT NULL,
  from_change BIGINT NOT NULL,
  to_change BIGINT NOT NULL,
  "rows" BIGINT NOT NULL,
  upserted BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  loaded_at TIMESTAMP NOT NULL
)`,
  `CREATE TABLE IF NOT EXISTS _wharf_tombstone (
  table_name VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  change_number BIGINT NOT NULL
)`,
] as const;

/** Times are UTC without a zone, so that a query gives the same answer whatever the reader's own zone is. */
const columnTypes: Record<LogicalType, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  timestamp: 'TIMESTAMP',
  json: 'JSON',
};

export interface WarehouseColumn {
  readonly name: string;
  readonly type: string;
}

/** The table's columns as DuckDB has them, `_synced_at` included. */
export function warehouseColumns(table: TableSpec): readonly WarehouseColumn[] {
  const columns = table.columns.map(({ name, type }) => ({ name, type: columnTypes[type] }));
  return [...columns, { name: '_synced_at', type: 'TIMESTAMP' }];
}

export function createTable(table: TableSpec): string {
  const [key, ...others] = warehouseColumns(table);
  const lines = [`${quoted(key?.name ?? '')} VARCHAR NOT NULL`, ...others.map((c) => `${quoted(c.name)} ${c.type}`)];
  return `CREATE TABLE IF NOT EXISTS ${quoted(table.name)} (\n  ${lines.join(',\n  ')}\n)`;
}

export function addColumn(table: TableSpec, column: WarehouseColumn): string {
  return `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${quoted(column.name)} ${column.type}`;
}

export function changeType(table: TableSpec, column: WarehouseColumn): string {
  return `ALTER TABLE ${quoted(table.name)} ALTER COLUMN ${quoted(column.name)} SET DATA TYPE ${column.type};`;
}

/** Keys of all staged rows, as a check of the count and the base of the merge. */
export function stageKeys(table: TableSpec, paths: readonly string[]): string {
  return `INSERT INTO staged_key
SELECT id, _change_number, _deleted FROM ${readStaged(table, paths)}`;
}

export const createStagedKey = `CREATE OR REPLACE TEMP TABLE staged_key (
  id VARCHAR NOT NULL,
  change_number BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL
)`;

/** The newest row of each key. */
export const createWinner = `CREATE OR REPLACE TEMP TABLE winner AS
SELECT id, max(change_number) AS change_number, arg_max(deleted, change_number) AS deleted
FROM staged_key GROUP BY id`;

/** Keys the table already has, with how new they are there. */
export function createPresent(table: TableSpec): string {
  return `CREATE OR REPLACE TEMP TABLE present AS
SELECT winner.id, winner.deleted, coalesce(stored._change_number >= winner.change_number, false) AS newer
FROM winner JOIN ${quoted(table.name)} AS stored ON stored.id = winner.id`;
}

/** What the table or a tombstone knows better than the batch loses. */
export const dropStaleWinners = `DELETE FROM winner USING present WHERE present.id = winner.id AND present.newer`;

export const dropDeletedWinners = `DELETE FROM winner USING _wharf_tombstone AS grave
WHERE grave.table_name = $table AND grave.id = winner.id AND grave.change_number >= winner.change_number`;

export function deleteReplaced(table: TableSpec): string {
  return `DELETE FROM ${quoted(table.name)} AS stored USING winner WHERE stored.id = winner.id`;
}

/**
 * Copies rows from the staged files. `every`: each staged row is a live winner, so no join is needed.
 * The files are read a second time on purpose: that costs less than keeping all rows in a temporary table.
 */
export function insertRows(table: TableSpec, paths: readonly string[], every: boolean): string {
  const names = table.columns.map((column) => quoted(column.name)).join(', ');
  const values = table.columns.map(({ name, type }) => `staged.${quoted(name)}${type === 'json' ? '::JSON' : ''}`);
  const winners = `
JOIN winner ON winner.id = staged.id AND winner.change_number = staged._change_number AND NOT winner.deleted`;
  return `INSERT INTO ${quoted(table.name)} (${names}, _synced_at)
SELECT ${values.join(', ')}, $syncedAt::TIMESTAMP
FROM ${readStaged(table, paths)} AS staged${every ? '' : winners}`;
}

export const replaceTombstones = [
  `DELETE FROM _wharf_tombstone AS grave USING winner
WHERE grave.table_name = $table AND grave.id = winner.id AND winner.deleted`,
  `INSERT INTO _wharf_tombstone SELECT $table, id, change_number FROM winner WHERE deleted`,
] as const;

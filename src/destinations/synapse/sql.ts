/** The T-SQL of the Synapse destination. Pure; every name is quoted, every value escaped. */
import type { ColumnSpec, TableSpec } from '../destination.ts';
import { withoutRepeats } from '../staged-reader.ts';

export const stagingSchema = 'wharf_stage';

/** Wharf's own tables beside the three of the contract. */
export const ledgerTable = '_wharf_ledger';
export const tombstoneTable = '_wharf_tombstone';
/** One row a table. Whoever updates it holds its lock until the transaction ends: loads of a table take turns. */
export const gateTable = '_wharf_gate';

export interface WarehouseColumn {
  readonly name: string;
  /** As in a CREATE TABLE. */
  readonly type: string;
  readonly required?: boolean;
}

/** Ids differ by case and are compared and distributed byte by byte, whatever the collation of the pool is. */
const keyType = 'nvarchar(64) COLLATE Latin1_General_100_BIN2';
const keyColumns: ReadonlySet<string> = new Set(['id', 'uuid', 'profile_id', 'metric_id', 'integration_id']);

const id = { name: 'id', type: keyType, required: true };
const tableName = { name: 'table_name', type: 'nvarchar(64)', required: true };
const number = (name: string): WarehouseColumn => ({ name, type: 'bigint', required: true });

/** Columns of Wharf's own tables. */
export const bookkeeping: Readonly<Record<string, readonly WarehouseColumn[]>> = {
  [ledgerTable]: [
    { ...id, name: 'batch_id' },
    { ...id, name: 'sync_id' },
    { ...id, name: 'run_id' },
    tableName,
    ...['from_change', 'to_change', 'rows', 'upserted', 'deleted', 'fence'].map(number),
    { name: 'loaded_at', type: 'datetime2(6)', required: true },
  ],
  [tombstoneTable]: [tableName, id, number('change_number')],
  [gateTable]: [tableName, number('turns')],
};

/** The table's columns as Synapse has them, `_synced_at` included. */
export function warehouseColumns(table: TableSpec): readonly WarehouseColumn[] {
  const columns = table.columns.map((column) => ({
    name: column.name,
    type: typeOf(column),
    required: column.name === 'id',
  }));
  return [...columns, { name: '_synced_at', type: 'datetime2(6)' }];
}

function typeOf({ name, type }: ColumnSpec): string {
  if (type === 'integer') return 'bigint';
  if (type === 'timestamp') return 'datetime2(6)';
  return type === 'text' && keyColumns.has(name) ? keyType : 'nvarchar(max)';
}

/**
 * Distributed by key, so that merging moves no rows between nodes. Columnstore does not take nvarchar(max); a clustered
 * index finds the rows of a batch without reading the whole table.
 */
export function createDataTable(table: TableSpec): string {
  return createTable(dbo(table.name), warehouseColumns(table), 'DISTRIBUTION = HASH([id]), CLUSTERED INDEX ([id])');
}

export function createBookkeeping(name: string): string {
  const key = name === ledgerTable ? '[batch_id]' : name === tombstoneTable ? '[id]' : '[table_name]';
  return createTable(dbo(name), bookkeeping[name] ?? [], `DISTRIBUTION = HASH(${key}), CLUSTERED INDEX (${key})`);
}

/** Times are text in it, since only T-SQL says exactly how it reads them. */
export function createStage(stage: string, table: TableSpec): string {
  const columns = [
    ...withoutRepeats(table).columns.map(stagedColumn),
    { name: '_deleted', type: 'tinyint', required: true },
  ];
  return createTable(staged(stage), columns, 'DISTRIBUTION = HASH([id]), HEAP');
}

function stagedColumn(column: ColumnSpec): WarehouseColumn {
  const { name, type } = column;
  const required = name === 'id' || name === '_change_number';
  return { name, type: type === 'timestamp' ? 'nvarchar(40)' : typeOf(column), required };
}

function createTable(name: string, columns: readonly WarehouseColumn[], options: string): string {
  const lines = columns.map(({ name, type, required }) => `${quoted(name)} ${type} ${required ? 'NOT NULL' : 'NULL'}`);
  return `CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)\nWITH (${options})`;
}

export function addColumn(table: string, column: WarehouseColumn): string {
  return `ALTER TABLE ${dbo(table)} ADD ${quoted(column.name)} ${column.type} NULL;`;
}

export function changeType(table: string, column: WarehouseColumn): string {
  return `ALTER TABLE ${dbo(table)} ALTER COLUMN ${quoted(column.name)} ${column.type} ${column.required ? 'NOT NULL' : 'NULL'};`;
}

export const dropStage = (stage: string): string => `DROP TABLE ${staged(stage)}`;

export const listColumns = `SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, DATETIME_PRECISION
FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'dbo'`;

export const listStages = `SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ${literal(stagingSchema)}`;

/**
 * Of the files that `csv-file.ts` makes.
 * @param sas without the leading `?`
 */
export function copyInto(
  stage: string,
  table: TableSpec,
  files: readonly string[],
  sas: string,
  label: string,
): string {
  const names = [...withoutRepeats(table).columns.map(({ name }) => name), '_deleted'];
  const columns = names.map((name, i) => `${quoted(name)} ${i + 1}`);
  return `COPY INTO ${staged(stage)} (${columns.join(', ')})
FROM ${files.map(plainLiteral).join(', ')}
WITH (
  FILE_TYPE = 'CSV', COMPRESSION = 'Gzip', ENCODING = 'UTF8', MAXERRORS = 0,
  FIELDTERMINATOR = ',', FIELDQUOTE = '"', ROWTERMINATOR = '0x0A',
  CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = ${plainLiteral(`?${sas}`)})
)
OPTION (LABEL = ${plainLiteral(label)})`;
}

export const countStaged = (stage: string): string =>
  `SELECT COUNT_BIG(*), COUNT_BIG(DISTINCT [id]) FROM ${staged(stage)}`;

/** Of rows with one key the newest stays. */
export const dropSuperseded = (stage: string): string => `DELETE FROM ${staged(stage)}
WHERE EXISTS (SELECT 1 FROM ${staged(stage)} AS newer
  WHERE newer.[id] = ${quoted(stage)}.[id] AND newer.[_change_number] > ${quoted(stage)}.[_change_number])`;

export const begin = 'BEGIN TRANSACTION';
export const commit = 'COMMIT TRANSACTION';
export const rollback = 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION';

export const passGate = `UPDATE ${dbo(gateTable)} SET [turns] = [turns] + 1 WHERE [table_name] = @table`;

export const findInLedger = `SELECT [rows], [fence] FROM ${dbo(ledgerTable)} WHERE [batch_id] = @batch`;

/** What the table knows better than the batch leaves the batch. */
export const dropOlderThanTable = (stage: string, table: TableSpec): string => `DELETE FROM ${staged(stage)}
WHERE EXISTS (SELECT 1 FROM ${dbo(table.name)} AS stored
  WHERE stored.[id] = ${quoted(stage)}.[id] AND stored.[_change_number] >= ${quoted(stage)}.[_change_number])`;

export const dropOlderThanTombstone = (stage: string): string => `DELETE FROM ${staged(stage)}
WHERE EXISTS (SELECT 1 FROM ${dbo(tombstoneTable)} AS grave
  WHERE grave.[table_name] = @table AND grave.[id] = ${quoted(stage)}.[id]
    AND grave.[change_number] >= ${quoted(stage)}.[_change_number])`;

export const countWinners = (stage: string): string =>
  `SELECT COUNT_BIG(*), ISNULL(SUM(CAST([_deleted] AS bigint)), 0) FROM ${staged(stage)}`;

/** @param dead which of the two: rows that are deleted, or rows that a newer one replaces */
export const deleteStored = (stage: string, table: TableSpec, dead: boolean): string => `DELETE FROM ${dbo(table.name)}
WHERE EXISTS (SELECT 1 FROM ${staged(stage)} AS staged
  WHERE staged.[id] = ${quoted(table.name)}.[id] AND staged.[_deleted] = ${dead ? 1 : 0})`;

export function insertWinners(stage: string, table: TableSpec): string {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const values = table.columns.map(landed).join(', ');
  return `INSERT INTO ${dbo(table.name)} (${names}, [_synced_at])
SELECT ${values}, SYSUTCDATETIME()
FROM ${staged(stage)} AS staged WHERE staged.[_deleted] = 0`;
}

/** The value of a column from its staged form (`csv-file.ts`). */
function landed(column: ColumnSpec): string {
  const name = `staged.${quoted(column.derived?.as === 'same' ? column.derived.from : column.name)}`;
  if (column.type === 'timestamp') return `CONVERT(datetime2(6), ${name}, 121)`;
  return isMarked(column) ? `SUBSTRING(${name}, 2, 2147483647)` : name;
}

/**
 * Free texts carry a mark before them in the file, because the documentation leaves open whether COPY INTO reads an empty
 * field between quotes as empty text or as NULL.
 */
export function isMarked({ name, type }: ColumnSpec): boolean {
  return type === 'text' && !keyColumns.has(name);
}

/** Rows in the table with a key of the batch: as many as were inserted, or somebody else wrote between. */
export const countLanded = (stage: string, table: TableSpec): string => `SELECT COUNT_BIG(*) FROM ${dbo(table.name)}
WHERE EXISTS (SELECT 1 FROM ${staged(stage)} AS staged WHERE staged.[id] = ${quoted(table.name)}.[id])`;

export const dropReplacedTombstones = (stage: string): string => `DELETE FROM ${dbo(tombstoneTable)}
WHERE [table_name] = @table AND EXISTS (SELECT 1 FROM ${staged(stage)} AS staged
  WHERE staged.[id] = ${quoted(tombstoneTable)}.[id] AND staged.[_deleted] = 1)`;

export const insertTombstones = (
  stage: string,
): string => `INSERT INTO ${dbo(tombstoneTable)} ([table_name], [id], [change_number])
SELECT @table, staged.[id], staged.[_change_number] FROM ${staged(stage)} AS staged WHERE staged.[_deleted] = 1`;

/** A pool takes only constants and variables behind VALUES, no functions. */
export const insertLedger = `INSERT INTO ${dbo(ledgerTable)}
([batch_id], [sync_id], [run_id], [table_name], [from_change], [to_change], [rows], [upserted], [deleted], [fence], [loaded_at])
SELECT @batch, @sync, @run, @table, @from, @to, @rows, @upserted, @deleted, @fence, SYSUTCDATETIME()`;

export const countInLedger = `SELECT COUNT_BIG(*) FROM ${dbo(ledgerTable)} WHERE [batch_id] = @batch`;

export const serverTime = 'SELECT CONVERT(nvarchar(30), SYSUTCDATETIME(), 126)';

/** Statements that need every right loading needs, and change nothing. */
export function harmlessWrites(tables: readonly TableSpec[]): readonly string[] {
  const written = tables.flatMap(({ name }) => [
    `DELETE FROM ${dbo(name)} WHERE 1 = 0`,
    `INSERT INTO ${dbo(name)} ([id]) SELECT [id] FROM ${dbo(name)} WHERE 1 = 0`,
  ]);
  return [
    ...written,
    `UPDATE ${dbo(gateTable)} SET [turns] = [turns] WHERE 1 = 0`,
    `DELETE FROM ${dbo(tombstoneTable)} WHERE 1 = 0`,
    ...[tombstoneTable, ledgerTable].map((name) => {
      const columns = bookkeeping[name]?.map((column) => quoted(column.name)).join(', ');
      return `INSERT INTO ${dbo(name)} (${columns}) SELECT ${columns} FROM ${dbo(name)} WHERE 1 = 0`;
    }),
  ];
}

export const listGates = `SELECT [table_name] FROM ${dbo(gateTable)}`;

export function dbo(name: string): string {
  return `[dbo].${quoted(name)}`;
}

function staged(name: string): string {
  return `${quoted(stagingSchema)}.${quoted(name)}`;
}

export function quoted(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

export function literal(text: string): string {
  return `N${plainLiteral(text)}`;
}

function plainLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

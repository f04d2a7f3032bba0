/** The SQL of the Snowflake destination. Pure; every name is quoted, every value bound or escaped. */
import type { LogicalType, StagedBatch, TableSpec } from '../destination.ts';
import { literal, quoted } from './identifiers.ts';

/** Where the tables are; bare names. */
export interface Place {
  readonly database: string;
  readonly schema: string;
}

export interface WarehouseColumn {
  readonly name: string;
  readonly type: string;
}

/** Upper case, so that queries need no quotes. */
export const tableName = (table: TableSpec): string => table.name.toUpperCase();

export const ledgerName = '_WHARF_LEDGER';
export const tombstoneName = '_WHARF_TOMBSTONE';
/** Temporary: of one session, gone with it. */
const stagedName = '_WHARF_STAGED';

export function inPlace(place: Place, name: string): string {
  return `${quoted(place.database)}.${quoted(place.schema)}.${quoted(name)}`;
}

/** Times are UTC without a zone, so that a query gives the same answer whatever the reader's own zone is. */
const columnTypes: Record<LogicalType, string> = {
  text: 'VARCHAR',
  integer: 'NUMBER(38,0)',
  timestamp: 'TIMESTAMP_NTZ(6)',
  json: 'VARIANT',
};

/** The table's columns as Snowflake has them, `_SYNCED_AT` included. */
export function warehouseColumns(table: TableSpec): readonly WarehouseColumn[] {
  const columns = table.columns.map(({ name, type }) => ({ name: name.toUpperCase(), type: columnTypes[type] }));
  return [...columns, { name: '_SYNCED_AT', type: columnTypes.timestamp }];
}

export const ledgerColumns: readonly WarehouseColumn[] = [
  { name: 'BATCH_ID', type: 'VARCHAR' },
  { name: 'SYNC_ID', type: 'VARCHAR' },
  { name: 'RUN_ID', type: 'VARCHAR' },
  { name: 'TABLE_NAME', type: 'VARCHAR' },
  { name: 'FROM_CHANGE', type: columnTypes.integer },
  { name: 'TO_CHANGE', type: columnTypes.integer },
  { name: 'ROWS', type: columnTypes.integer },
  { name: 'UPSERTED', type: columnTypes.integer },
  { name: 'DELETED', type: columnTypes.integer },
  { name: 'FENCE', type: columnTypes.integer },
  { name: 'LOADED_AT', type: columnTypes.timestamp },
];

export const tombstoneColumns: readonly WarehouseColumn[] = [
  { name: 'TABLE_NAME', type: 'VARCHAR' },
  { name: 'ID', type: 'VARCHAR' },
  { name: 'CHANGE_NUMBER', type: columnTypes.integer },
];

export function createTable(place: Place, name: string, columns: readonly WarehouseColumn[]): string {
  const [key, ...others] = columns.map((column) => `${quoted(column.name)} ${column.type}`);
  return `CREATE TABLE IF NOT EXISTS ${inPlace(place, name)} (\n  ${[`${key} NOT NULL`, ...others].join(',\n  ')}\n)`;
}

export function addColumn(place: Place, name: string, column: WarehouseColumn): string {
  return `ALTER TABLE ${inPlace(place, name)} ADD COLUMN ${quoted(column.name)} ${column.type};`;
}

/** Snowflake changes no column into one of another kind: the old one is put aside. */
export function replaceColumn(place: Place, name: string, column: WarehouseColumn): string {
  const aside = quoted(`${column.name}_OLD`);
  return `ALTER TABLE ${inPlace(place, name)} RENAME COLUMN ${quoted(column.name)} TO ${aside}; ${addColumn(place, name, column)}`;
}

/** Needs no compute warehouse. */
export function describeTable(place: Place, name: string): string {
  return `DESCRIBE TABLE ${inPlace(place, name)}`;
}

/**
 * What a load depends on, whatever account and user have set. A statement whose client has gone is stopped after five minutes.
 * @param lockSeconds how long a merge waits for another; by default that is 12 hours
 */
export function sessionParameters(tag: string, lockSeconds: number): string {
  return [
    `ALTER SESSION SET QUERY_TAG = ${literal(tag)}`,
    `TIMEZONE = 'UTC'`,
    `TIMESTAMP_INPUT_FORMAT = 'AUTO'`,
    'QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE',
    'ABORT_DETACHED_QUERY = TRUE',
    `LOCK_TIMEOUT = ${lockSeconds}`,
    'AUTOCOMMIT = TRUE',
  ].join(' ');
}

export const nothingByItself = 'ALTER SESSION SET AUTOCOMMIT = FALSE';

/** Binds: the batch. */
export function selectLedger(place: Place): string {
  return `SELECT "ROWS", "FENCE" FROM ${inPlace(place, ledgerName)} WHERE "BATCH_ID" = ?`;
}

/** @param path absolute; the folder is below the user's own stage, `@~` */
export function putFile(path: string, folder: string): string {
  return `PUT ${literal(`file://${path}`)} @~/${folder} AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = GZIP OVERWRITE = TRUE`;
}

export const listStage = (folder: string): string => `LIST @~/${folder}`;

export const removeFolder = (folder: string): string => `REMOVE @~/${folder}`;

const stagedTypes: Record<LogicalType, string> = { ...columnTypes, timestamp: 'TIMESTAMP_TZ(6)' };

export function createStaged(place: Place, table: TableSpec): string {
  const required = new Set([table.columns[0]?.name, '_change_number']);
  const columns = table.columns.map(
    ({ name, type }) => `${quoted(name.toUpperCase())} ${stagedTypes[type]}${required.has(name) ? ' NOT NULL' : ''}`,
  );
  return `CREATE OR REPLACE TEMPORARY TABLE ${inPlace(place, stagedName)} (\n  ${columns.join(',\n  ')},\n  "_DELETED" BOOLEAN NOT NULL\n)`;
}

export const dropStaged = (place: Place): string => `DROP TABLE IF EXISTS ${inPlace(place, stagedName)}`;

/**
 * Reads the staged JSON lines. JSON columns become VARIANT as they are parsed, once: numbers keep 38 digits, of doubled keys the last
 * stays. The first unreadable row fails the statement.
 */
export function copyStaged(place: Place, table: TableSpec, folder: string): string {
  const names = table.columns.map(({ name }) => quoted(name.toUpperCase()));
  const values = table.columns.map(
    ({ name, type }) => `$1:${quoted(name)}${type === 'json' ? '' : `::${stagedTypes[type]}`}`,
  );
  return `COPY INTO ${inPlace(place, stagedName)} (${names.join(', ')}, "_DELETED")
FROM (SELECT ${values.join(', ')}, $1:"_deleted"::BOOLEAN FROM @~/${folder})
FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT`;
}

/** Rows, deletions among them, keys that come twice with one change number, numbers beyond 64 bits. */
export function countStaged(place: Place): string {
  return `SELECT SUM("COPIES") AS "ROWS", SUM("GONE") AS "DELETIONS", COUNT_IF("COPIES" > 1) AS "DOUBLED",
  COUNT_IF("_CHANGE_NUMBER" NOT BETWEEN -9223372036854775808 AND 9223372036854775807) AS "BEYOND"
FROM (SELECT "ID", "_CHANGE_NUMBER", COUNT(*) AS "COPIES", COUNT_IF("_DELETED") AS "GONE"
  FROM ${inPlace(place, stagedName)} GROUP BY "ID", "_CHANGE_NUMBER") AS keys`;
}

/** Letters, digits and underscores only: the name has no quotes anywhere. */
export function transactionName(batch: StagedBatch): string {
  return `${transactionPrefix(batch)}${batch.fence}`;
}

export function transactionPrefix(batch: StagedBatch): string {
  return `WHARF_${batch.id.replaceAll(/\W/g, '_').toUpperCase()}_`;
}

export const beginNamed = (name: string): string => `BEGIN TRANSACTION NAME ${name}`;

/** Of this user, in all sessions. */
export const showTransactions = 'SHOW TRANSACTIONS';

export const abortTransaction = (id: bigint): string => `SELECT SYSTEM$ABORT_TRANSACTION(${id})`;

/**
 * Locks the ledger until the transaction ends: a changed row does, whatever else is in the table. One row a table is kept for it,
 * made at the first load. Binds: its `BATCH_ID`, the table, the time.
 */
export function lockLedger(place: Place): string {
  return `MERGE INTO ${inPlace(place, ledgerName)} AS ledger
USING (SELECT ? AS "BATCH_ID", ? AS "TABLE_NAME", ?::TIMESTAMP_NTZ(6) AS "LOADED_AT") AS lock ON ledger."BATCH_ID" = lock."BATCH_ID"
WHEN MATCHED THEN UPDATE SET "LOADED_AT" = lock."LOADED_AT"
WHEN NOT MATCHED THEN INSERT ("BATCH_ID", "TABLE_NAME", "ROWS", "FENCE", "LOADED_AT")
  VALUES (lock."BATCH_ID", lock."TABLE_NAME", 0, 0, lock."LOADED_AT")`;
}

/**
 * The newest staged row of each key, unless a tombstone or the table knows better. A JSON null that stands for nothing becomes
 * NULL: in JSON lines the two look the same, and queries ask for NULL. Binds: the time of the load, the table.
 */
export function mergeRows(place: Place, table: TableSpec): string {
  const columns = table.columns.map(({ name, type }) => ({ name: quoted(name.toUpperCase()), type }));
  const names = [...columns.map(({ name }) => name), '"_SYNCED_AT"'];
  const values = columns.map(({ name, type }) => `${sourceValue(`staged.${name}`, type)} AS ${name}`);
  const older = `COALESCE(target."_CHANGE_NUMBER" < source."_CHANGE_NUMBER", TRUE)`;
  return `MERGE INTO ${inPlace(place, tableName(table))} AS target
USING (
  SELECT ${values.join(', ')}, staged."_DELETED" AS "_DELETED", ?::TIMESTAMP_NTZ(6) AS "_SYNCED_AT"
  FROM ${inPlace(place, stagedName)} AS staged
  LEFT JOIN ${inPlace(place, tombstoneName)} AS grave ON grave."TABLE_NAME" = ? AND grave."ID" = staged."ID"
  WHERE grave."CHANGE_NUMBER" IS NULL OR grave."CHANGE_NUMBER" < staged."_CHANGE_NUMBER"
  QUALIFY ROW_NUMBER() OVER (PARTITION BY staged."ID" ORDER BY staged."_CHANGE_NUMBER" DESC) = 1
) AS source ON target."ID" = source."ID"
WHEN MATCHED AND source."_DELETED" AND ${older} THEN DELETE
WHEN MATCHED AND ${older} THEN UPDATE SET ${names.map((name) => `${name} = source.${name}`).join(', ')}
WHEN NOT MATCHED AND NOT source."_DELETED" THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `source.${name}`).join(', ')})`;
}

function sourceValue(column: string, type: LogicalType): string {
  if (type === 'timestamp') return `CONVERT_TIMEZONE('UTC', ${column})::TIMESTAMP_NTZ(6)`;
  return type === 'json' ? `STRIP_NULL_VALUE(${column})` : column;
}

/** Binds: the table. */
export function buryDeletions(place: Place): string {
  return `MERGE INTO ${inPlace(place, tombstoneName)} AS grave
USING (
  SELECT ? AS "TABLE_NAME", "ID", MAX("_CHANGE_NUMBER") AS "CHANGE_NUMBER" FROM ${inPlace(place, stagedName)} WHERE "_DELETED" GROUP BY "ID"
) AS gone ON grave."TABLE_NAME" = gone."TABLE_NAME" AND grave."ID" = gone."ID"
WHEN MATCHED AND grave."CHANGE_NUMBER" < gone."CHANGE_NUMBER" THEN UPDATE SET "CHANGE_NUMBER" = gone."CHANGE_NUMBER"
WHEN NOT MATCHED THEN INSERT ("TABLE_NAME", "ID", "CHANGE_NUMBER") VALUES (gone."TABLE_NAME", gone."ID", gone."CHANGE_NUMBER")`;
}

/** Changes nothing, but needs the privilege that the lock needs. */
export function touchLedger(place: Place): string {
  return `UPDATE ${inPlace(place, ledgerName)} SET "FENCE" = 0 WHERE "BATCH_ID" IS NULL`;
}

export const currentTransaction = 'SELECT CURRENT_TRANSACTION() AS "ID"';

/**
 * Inserts nothing when the transaction is no longer the one that got the lock: somebody may have aborted it, and the session has begun
 * another by itself. Binds: the columns of the ledger in their order, the id of the transaction.
 */
export function insertLedger(place: Place): string {
  const names = ledgerColumns.map(({ name }) => quoted(name));
  const values = ledgerColumns.map(({ type }) => (type.startsWith('TIMESTAMP') ? `?::${type}` : '?'));
  return `INSERT INTO ${inPlace(place, ledgerName)} (${names.join(', ')})
SELECT ${values.join(', ')} FROM (SELECT 1 AS "ONE") AS one WHERE CURRENT_TRANSACTION() = ?`;
}

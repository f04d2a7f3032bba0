/** The SQL of the Redshift destination. Pure; every name is quoted, every value escaped. */
import type { ColumnSpec, StagedBatch, TableName, TableSpec } from '../destination.ts';
import { quoted, withoutRepeats } from '../staged-reader.ts';
import { tables } from '../tables.ts';
import type { Staging } from './spec.ts';

/** A VARCHAR counts bytes, and takes no more; a string inside a SUPER neither. */
export const longestText = 65_535;
/** A SUPER takes 16 MB; its inner form is a little larger than the text. */
export const longestDocument = 16_000_000;

/** Ids of ours and phone numbers (E.164); other columns hold what customers typed, and get all that a VARCHAR takes. */
const shortBytes = 64;
const shortColumns: ReadonlySet<string> = new Set([
  'id',
  'profile_id',
  'metric_id',
  'integration_id',
  'uuid',
  'phone_number',
]);

export function textBytes(column: string): number {
  return shortColumns.has(column) ? shortBytes : longestText;
}

/**
 * Events lie with their person, for joins, and by time, for the ranges that reports ask for. Profiles lie by their
 * id, which joins and merges both use. Metrics are few: a copy on each node.
 */
const layouts: Record<TableName, string> = {
  klaviyo_profile: 'DISTKEY ("id") SORTKEY ("id")',
  klaviyo_event: 'DISTKEY ("profile_id") SORTKEY ("datetime")',
  klaviyo_metric: 'DISTSTYLE ALL SORTKEY ("id")',
};

/** As the target: then rows with a SUPER stay on their slice, since one that travels must fit into a VARCHAR. */
const stageLayouts: Record<TableName, string> = {
  klaviyo_profile: 'DISTKEY ("id")',
  klaviyo_event: 'DISTKEY ("profile_id")',
  klaviyo_metric: 'DISTKEY ("id")',
};

export interface WarehouseColumn {
  readonly name: string;
  /** As DDL has it. */
  readonly type: string;
}

export interface WarehouseTable {
  readonly name: string;
  readonly columns: readonly WarehouseColumn[];
  readonly layout: string;
}

const ledger: WarehouseTable = {
  name: '_wharf_ledger',
  columns: [
    { name: 'batch_id', type: 'VARCHAR(64)' },
    { name: 'sync_id', type: 'VARCHAR(64)' },
    { name: 'run_id', type: 'VARCHAR(64)' },
    { name: 'table_name', type: 'VARCHAR(64)' },
    { name: 'from_change', type: 'BIGINT' },
    { name: 'to_change', type: 'BIGINT' },
    { name: 'rows', type: 'BIGINT' },
    { name: 'upserted', type: 'BIGINT' },
    { name: 'deleted', type: 'BIGINT' },
    { name: 'fence', type: 'BIGINT' },
    { name: 'loaded_at', type: 'TIMESTAMP' },
  ],
  layout: 'DISTSTYLE ALL SORTKEY ("loaded_at")',
};

const tombstones: WarehouseTable = {
  name: '_wharf_tombstone',
  columns: [
    { name: 'table_name', type: 'VARCHAR(64)' },
    { name: 'id', type: 'VARCHAR(64)' },
    { name: 'change_number', type: 'BIGINT' },
  ],
  layout: 'DISTKEY ("id") SORTKEY ("table_name", "id")',
};

/** The three of the contract and Wharf's own two. */
export const warehouseTables: readonly WarehouseTable[] = [
  ...Object.values(tables).map((table) => ({
    name: table.name,
    columns: [...table.columns.map(warehouseColumn), { name: '_synced_at', type: 'TIMESTAMP' }],
    layout: layouts[table.name],
  })),
  ledger,
  tombstones,
];

/** The tables that loading `table` touches. */
export function tablesFor(table: TableName): readonly WarehouseTable[] {
  const used = new Set<string>([table, ledger.name, tombstones.name]);
  return warehouseTables.filter(({ name }) => used.has(name));
}

function warehouseColumn({ name, type }: ColumnSpec): WarehouseColumn {
  const types = { text: `VARCHAR(${textBytes(name)})`, integer: 'BIGINT', timestamp: 'TIMESTAMP', json: 'SUPER' };
  return { name, type: types[type] };
}

/**
 * A string literal of a short value. Redshift takes a backslash as an escape, PostgreSQL since 9.1 does not; a literal
 * without one reads the same in both.
 */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\\', `'||CHR(92)||'`)}'`;
}

export function qualified(schema: string, table: string): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

export function createTable(schema: string, table: WarehouseTable): string {
  const [key, ...others] = table.columns;
  const lines = [
    `${quoted(key?.name ?? '')} ${key?.type} NOT NULL`,
    ...others.map((c) => `${quoted(c.name)} ${c.type}`),
  ];
  return `CREATE TABLE IF NOT EXISTS ${qualified(schema, table.name)} (\n  ${lines.join(',\n  ')}\n) ${table.layout}`;
}

/** What a session needs so that values land unchanged, whatever the user's defaults are. Gives the session's id. */
export function prepareSession(label: string): string {
  return [
    `SET query_group TO ${literal(label.replaceAll(/[^\w:.-]/g, '_').slice(0, 120))}`,
    `SET timezone TO 'UTC'`,
    // of a doubled attribute the last counts, as in JavaScript and PostgreSQL; else JSON_PARSE would refuse it
    'SET json_parse_dedup_attributes TO ON',
    'SET json_parse_truncate_strings TO OFF',
    'SET parse_super_null_on_error TO OFF',
    'SELECT PG_BACKEND_PID()',
  ].join('; ');
}

export function lockLedger(schema: string): string {
  return `LOCK TABLE ${qualified(schema, ledger.name)}`;
}

export function findInLedger(schema: string, batchId: string): string {
  return `SELECT "rows", "fence" FROM ${qualified(schema, ledger.name)} WHERE "batch_id" = ${literal(batchId)}`;
}

/** How JSON reaches the stage table: as bytes from Parquet (up to 16 MB), as text from literals. */
export type StagedJson = 'VARBYTE(16777216)' | 'VARCHAR(65535)';

/** Times are staged as text, which every reader takes the same way; the merge makes them times. */
export function createStage(table: TableSpec, json: StagedJson): string {
  const types = { text: '', integer: 'BIGINT', timestamp: 'VARCHAR(32)', json };
  const columns = withoutRepeats(table).columns.map(
    ({ name, type }) => `${quoted(name)} ${type === 'text' ? `VARCHAR(${textBytes(name)})` : types[type]}`,
  );
  return `CREATE TEMP TABLE wharf_stage (${columns.join(', ')}, "_deleted" BOOLEAN) ${stageLayouts[table.name]}`;
}

/** Holds the keys where no role is given: never to be logged. */
export function copyManifest(manifestUrl: string, staging: Staging): string {
  const access =
    staging.iamRole === null
      ? `ACCESS_KEY_ID ${literal(staging.accessKeyId)} SECRET_ACCESS_KEY ${literal(staging.secretAccessKey)}`
      : `IAM_ROLE ${literal(staging.iamRole)}`;
  return `COPY wharf_stage FROM ${literal(manifestUrl)} ${access} FORMAT AS PARQUET MANIFEST STATUPDATE OFF`;
}

/** `rows` are literals in parentheses, with a comma between two. */
export function insertStaged(rows: string): string {
  return `INSERT INTO wharf_stage VALUES ${rows}`;
}

/** 1 where a backslash in a literal is an escape, 2 where it stands for itself. */
export const measureBackslash = `SELECT LENGTH('\\\\')`;

export const countStaged = 'SELECT COUNT(*) FROM wharf_stage';

export const findDoubled = `SELECT "id" FROM wharf_stage GROUP BY "id", "_change_number" HAVING COUNT(*) > 1 LIMIT 1`;

/** The newest row of each key, on every node. Only keys go through the window: wide rows would not fit. */
export const createWinner = `CREATE TEMP TABLE wharf_winner DISTSTYLE ALL AS
SELECT "id", change_number, deleted FROM (
  SELECT "id", "_change_number" AS change_number, "_deleted" AS deleted,
    ROW_NUMBER() OVER (PARTITION BY "id" ORDER BY "_change_number" DESC) AS place
  FROM wharf_stage
) AS ranked WHERE place = 1`;

/** What the table or a tombstone knows better than the batch loses. */
export function dropStaleWinners(schema: string, table: TableName): readonly string[] {
  const target = qualified(schema, table);
  const graves = qualified(schema, tombstones.name);
  return [
    `DELETE FROM wharf_winner USING ${target} AS stored
WHERE stored."id" = wharf_winner."id" AND stored."_change_number" >= wharf_winner.change_number`,
    `DELETE FROM wharf_winner USING ${graves} AS grave
WHERE grave."table_name" = ${literal(table)} AND grave."id" = wharf_winner."id"
  AND grave."change_number" >= wharf_winner.change_number`,
  ];
}

/** Winners that are rows, and winners that are deletions. */
export const countWinners = `SELECT COUNT(CASE WHEN deleted THEN NULL ELSE 1 END), COUNT(CASE WHEN deleted THEN 1 END)
FROM wharf_winner`;

export function deleteReplaced(schema: string, table: TableName, deleted: boolean): string {
  return `DELETE FROM ${qualified(schema, table)} USING wharf_winner
WHERE ${quoted(table)}."id" = wharf_winner."id" AND ${deleted ? '' : 'NOT '}wharf_winner.deleted`;
}

export function insertRows(schema: string, table: TableSpec, syncedAt: Date): string {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const values = table.columns.map(({ name, type, derived }) => {
    const value = `stage.${quoted(derived?.as === 'same' ? derived.from : name)}`;
    if (type === 'timestamp') return `CAST(${value} AS TIMESTAMP)`;
    return type === 'json' ? `JSON_PARSE(${value})` : value;
  });
  return `INSERT INTO ${qualified(schema, table.name)} (${names}, "_synced_at")
SELECT ${values.join(', ')}, CAST(${timestamp(syncedAt)} AS TIMESTAMP)
FROM wharf_stage AS stage JOIN wharf_winner AS winner
  ON winner."id" = stage."id" AND winner.change_number = stage."_change_number"
WHERE NOT winner.deleted`;
}

export function replaceTombstones(schema: string, table: TableName): readonly string[] {
  const graves = qualified(schema, tombstones.name);
  return [
    `DELETE FROM ${graves} USING wharf_winner
WHERE "_wharf_tombstone"."table_name" = ${literal(table)} AND "_wharf_tombstone"."id" = wharf_winner."id"
  AND wharf_winner.deleted`,
    `INSERT INTO ${graves} ("table_name", "id", "change_number")
SELECT ${literal(table)}, "id", change_number FROM wharf_winner WHERE deleted`,
  ];
}

export function writeLedger(
  schema: string,
  batch: StagedBatch,
  applied: { readonly upserted: number; readonly deleted: number },
  loadedAt: Date,
): string {
  const { window, table, fence } = batch;
  const values = [
    ...[batch.id, batch.syncId, batch.runId, table.name].map(literal),
    window.from,
    window.to,
    batch.rows,
    applied.upserted,
    applied.deleted,
    fence,
    timestamp(loadedAt),
  ];
  return `INSERT INTO ${qualified(schema, ledger.name)} (${ledger.columns.map(({ name }) => quoted(name)).join(', ')})
VALUES (${values.join(', ')})`;
}

function timestamp(at: Date): string {
  return `'${at.toISOString().slice(0, 23).replace('T', ' ')}'`;
}

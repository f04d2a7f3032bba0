/** The SQL of the BigQuery destination (GoogleSQL). Pure; names are quoted, values are parameters or checked literals. */
import type { LogicalType, TableName, TableSpec } from '../destination.ts';

/** Where the tables are. Both parts have passed the form's validation. */
export interface Place {
  readonly projectId: string;
  readonly dataset: string;
}

/** Wharf's own tables beside the three of the contract. */
export type OwnTable = '_wharf_ledger' | '_wharf_tombstone' | '_wharf_lock';

export function tableRef({ projectId, dataset }: Place, table: string): string {
  return [projectId, dataset, table].map(quoted).join('.');
}

export function quoted(name: string): string {
  return `\`${name}\``;
}

const columnTypes: Record<LogicalType, string> = {
  text: 'STRING',
  integer: 'INT64',
  timestamp: 'TIMESTAMP',
  json: 'JSON',
};

export interface WarehouseColumn {
  readonly name: string;
  readonly type: string;
}

/** The table's columns as BigQuery has them, `_synced_at` included. */
export function warehouseColumns(table: TableSpec): readonly WarehouseColumn[] {
  const columns = table.columns.map(({ name, type }) => ({ name, type: columnTypes[type] }));
  return [...columns, { name: '_synced_at', type: 'TIMESTAMP' }];
}

/**
 * Events: a partition a day, so that an hourly merge reads and pays for the days in the batch only. Clustered by what
 * people ask for; random ids would prune nothing.
 */
const layouts: Record<TableName, string> = {
  klaviyo_profile: '\nCLUSTER BY id',
  klaviyo_event: '\nPARTITION BY DATE(datetime)\nCLUSTER BY metric_id, profile_id',
  klaviyo_metric: '',
};

export function createTable(place: Place, table: TableSpec): string {
  const lines = warehouseColumns(table).map(
    ({ name, type }) => `  ${quoted(name)} ${type}${name === 'id' ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${tableRef(place, table.name)} (\n${lines.join(',\n')}\n)${layouts[table.name]}`;
}

export function addColumn(place: Place, table: TableSpec, { name, type }: WarehouseColumn): string {
  return `ALTER TABLE ${tableRef(place, table.name)} ADD COLUMN IF NOT EXISTS ${quoted(name)} ${type}`;
}

/** Columns that a table is partitioned or clustered by; they cannot move aside. */
export const layoutColumns: ReadonlySet<string> = new Set(['id', 'datetime', 'metric_id', 'profile_id']);

/** A type cannot be changed at will, so the column moves aside and is made anew. */
export function replaceColumn(place: Place, table: TableSpec, { name, type }: WarehouseColumn): string {
  const ref = tableRef(place, table.name);
  return `ALTER TABLE ${ref} RENAME COLUMN ${quoted(name)} TO ${quoted(`${name}_old`)}; ALTER TABLE ${ref} ADD COLUMN IF NOT EXISTS ${quoted(name)} ${type};`;
}

export function renameTable(place: Place, table: string): string {
  return `ALTER TABLE ${tableRef(place, table)} RENAME TO ${quoted(`${table}_old`)};`;
}

const ownColumns: Record<OwnTable, string> = {
  _wharf_ledger: `(
  batch_id STRING NOT NULL,
  sync_id STRING NOT NULL,
  run_id STRING NOT NULL,
  table_name STRING NOT NULL,
  from_change INT64 NOT NULL,
  to_change INT64 NOT NULL,
  \`rows\` INT64 NOT NULL,
  fence INT64 NOT NULL,
  loaded_at TIMESTAMP NOT NULL
)
CLUSTER BY batch_id`,
  _wharf_tombstone: `(
  table_name STRING NOT NULL,
  id STRING NOT NULL,
  change_number INT64 NOT NULL
)
CLUSTER BY table_name, id`,
  _wharf_lock: `(
  batch_id STRING,
  fence INT64,
  taken_at TIMESTAMP
)`,
};

export const ownTables = Object.keys(ownColumns) as readonly OwnTable[];

export function createOwnTable(place: Place, table: OwnTable): string {
  return `CREATE TABLE IF NOT EXISTS ${tableRef(place, table)} ${ownColumns[table]}`;
}

/** The one row that every load updates. Two of them do no harm. */
export function seedLock(place: Place): string {
  const lock = tableRef(place, '_wharf_lock');
  return `INSERT INTO ${lock} (batch_id, fence, taken_at)
SELECT NULL, NULL, NULL FROM (SELECT COUNT(*) AS found FROM ${lock}) WHERE found = 0`;
}

/** `rows` and `fence` of a batch that was loaded. Parameter: `batch`. */
export function findLoaded(place: Place): string {
  return `SELECT \`rows\`, fence FROM ${tableRef(place, '_wharf_ledger')} WHERE batch_id = @batch ORDER BY fence DESC LIMIT 1`;
}

/** Staged rows of all files. */
function staged(place: Place, stages: readonly string[]): string {
  return `(${stages.map((stage) => `SELECT * FROM ${tableRef(place, stage)}`).join(' UNION ALL ')})`;
}

/**
 * One row about what was staged: rows, deletions, keys that stand twice with one change number, documents that do not
 * parse, one id of those, locks, days with events, rows without a time, earliest and latest time in microseconds.
 */
export function examineStage(place: Place, table: TableSpec, stages: readonly string[]): string {
  const documents = table.columns.filter(({ type }) => type === 'json').map(({ name }) => unreadable(name));
  const times = isPartitioned(table)
    ? 'COUNT(DISTINCT DATE(datetime)), COUNTIF(datetime IS NULL AND NOT _deleted), UNIX_MICROS(MIN(datetime)), UNIX_MICROS(MAX(datetime))'
    : '0, 0, NULL, NULL';
  const rows = staged(place, stages);
  return `SELECT COUNT(*), COUNTIF(_deleted),
  (SELECT COUNT(*) FROM (SELECT id FROM ${rows} GROUP BY id, _change_number HAVING COUNT(*) > 1)),
  COUNTIF(unreadable), MIN(IF(unreadable, id, NULL)),
  (SELECT COUNT(*) FROM ${tableRef(place, '_wharf_lock')}),
  ${times}
FROM (SELECT *, ${documents.length === 0 ? 'FALSE' : documents.join(' OR ')} AS unreadable FROM ${rows})`;
}

function unreadable(name: string): string {
  return `(${quoted(name)} IS NOT NULL AND ${parsed(quoted(name))} IS NULL)`;
}

/** Numbers beyond 64-bit integers and doubles are rounded; without `round` even 67.174118 would be refused. */
function parsed(value: string): string {
  return `SAFE.PARSE_JSON(${value}, wide_number_mode => 'round')`;
}

export function isPartitioned(table: TableSpec): boolean {
  return table.name === 'klaviyo_event';
}

/** Of all days with events every `size`th, as microseconds at its start. */
export function sliceStarts(place: Place, stages: readonly string[], size: number): string {
  return `SELECT UNIX_MICROS(TIMESTAMP(day)) FROM (
  SELECT day, ROW_NUMBER() OVER (ORDER BY day) AS number
  FROM (SELECT DISTINCT DATE(datetime) AS day FROM ${staged(place, stages)} WHERE datetime IS NOT NULL)
) WHERE MOD(number, ${size}) = 1 ORDER BY day`;
}

/** Rows of one time range, bounds included, or those without a time; `all` where the table has no partitions. */
export type Slice = { readonly from: string; readonly to: string } | 'timeless' | 'all';

/** What a load is made of. The script is one transaction, and each part is one statement. */
export interface LoadPlan {
  readonly place: Place;
  readonly table: TableSpec;
  readonly stages: readonly string[];
  readonly deletions: boolean;
  readonly slices: readonly Slice[];
}

export const alreadyLoaded = 'wharf: batch already loaded';
export const lockMissing = 'wharf: lock row missing';

/** Parameters: `batch`, `sync`, `run`, `table`, `from`, `to`, `rows`, `fence`. */
export function loadStatements(plan: LoadPlan): readonly string[] {
  const { place, slices } = plan;
  return [
    'BEGIN TRANSACTION',
    ...takeLock(place),
    ...(plan.deletions ? [mergeDeletions(plan), buryDeletions(plan)] : []),
    ...slices.map((slice) => mergeRows(plan, slice)),
    writeLedger(place),
    'COMMIT TRANSACTION',
  ];
}

/**
 * BigQuery aborts one of two transactions that update the same table, but lets two that only insert pass side by side.
 * So every load updates this row first: of two loads at once one is aborted, and the next sees all that came before it.
 */
function takeLock(place: Place): readonly string[] {
  const lock = tableRef(place, '_wharf_lock');
  return [
    `UPDATE ${lock} SET batch_id = @batch, fence = @fence, taken_at = CURRENT_TIMESTAMP() WHERE TRUE`,
    `ASSERT EXISTS (SELECT 1 FROM ${lock}) AS '${lockMissing}'`,
    `ASSERT NOT EXISTS (SELECT 1 FROM ${tableRef(place, '_wharf_ledger')} WHERE batch_id = @batch) AS '${alreadyLoaded}'`,
  ];
}

/** The newest row of each key, unless a tombstone is as new. */
function winners({ place, stages }: LoadPlan): string {
  return `SELECT newest.* FROM (
    SELECT * EXCEPT (version) FROM (
      SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY _change_number DESC) AS version FROM ${staged(place, stages)}
    ) WHERE version = 1
  ) AS newest
  LEFT JOIN (
    SELECT id, MAX(change_number) AS change_number FROM ${tableRef(place, '_wharf_tombstone')}
    WHERE table_name = @table GROUP BY id
  ) AS grave ON grave.id = newest.id
  WHERE (grave.change_number IS NULL OR grave.change_number < newest._change_number)`;
}

/** Without a time bound: a deletion does not say in which partition its row is. */
function mergeDeletions(plan: LoadPlan): string {
  return `MERGE ${tableRef(plan.place, plan.table.name)} AS stored
USING (
  ${winners(plan)} AND newest._deleted
) AS batch
ON stored.id = batch.id
WHEN MATCHED AND stored._change_number < batch._change_number THEN DELETE`;
}

function buryDeletions(plan: LoadPlan): string {
  return `INSERT INTO ${tableRef(plan.place, '_wharf_tombstone')} (table_name, id, change_number)
SELECT @table, id, _change_number FROM (
  ${winners(plan)} AND newest._deleted
)`;
}

/**
 * The bounds are constants, so that BigQuery leaves out the partitions beyond them. That is right because the time of an
 * event never changes: an older row of the same key lies in the same partition.
 */
function mergeRows(plan: LoadPlan, slice: Slice): string {
  const names = plan.table.columns.map(({ name }) => quoted(name));
  const values = plan.table.columns.map(({ name, type }) =>
    type === 'json' ? jsonValue(`batch.${quoted(name)}`) : `batch.${quoted(name)}`,
  );
  const sets = names.flatMap((name, i) => (name === '`id`' ? [] : [`${name} = ${values[i]}`]));
  return `MERGE ${tableRef(plan.place, plan.table.name)} AS stored
USING (
  ${winners(plan)} AND NOT newest._deleted${within('newest', slice)}
) AS batch
ON stored.id = batch.id${within('stored', slice)}
WHEN MATCHED AND (stored._change_number IS NULL OR stored._change_number < batch._change_number) THEN
  UPDATE SET ${sets.join(', ')}, _synced_at = CURRENT_TIMESTAMP()
WHEN NOT MATCHED THEN
  INSERT (${names.join(', ')}, _synced_at)
  VALUES (${values.join(', ')}, CURRENT_TIMESTAMP())`;
}

/** A document that BigQuery cannot read (a number beyond doubles) lands as a JSON string that holds its text. */
export function jsonValue(value: string): string {
  return `IF(${value} IS NULL, NULL, COALESCE(${parsed(value)}, TO_JSON(${value})))`;
}

function within(alias: string, slice: Slice): string {
  if (slice === 'all') return '';
  if (slice === 'timeless') return ` AND ${alias}.datetime IS NULL`;
  return ` AND ${alias}.datetime BETWEEN TIMESTAMP '${slice.from}' AND TIMESTAMP '${slice.to}'`;
}

function writeLedger(place: Place): string {
  return `INSERT INTO ${tableRef(place, '_wharf_ledger')} (batch_id, sync_id, run_id, table_name, from_change, to_change, \`rows\`, fence, loaded_at)
VALUES (@batch, @sync, @run, @table, @from, @to, @rows, @fence, CURRENT_TIMESTAMP())`;
}

/** Writes a row and takes it back: proves the right to change data, and that the project may run DML. */
export function probeStatements(place: Place): readonly string[] {
  return [
    'BEGIN TRANSACTION',
    `INSERT INTO ${tableRef(place, 'klaviyo_metric')} (id, _change_number) VALUES ('wharf-probe', 0)`,
    'ROLLBACK TRANSACTION',
  ];
}

/** As one script. */
export function script(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};`).join('\n');
}

/** A TIMESTAMP literal's text. */
export function timestampText(micros: bigint): string {
  const second = floorDiv(micros, 1_000_000n);
  const fraction = String(micros - second * 1_000_000n).padStart(6, '0');
  const iso = new Date(Number(second) * 1000).toISOString();
  return `${iso.slice(0, 19).replace('T', ' ')}.${fraction}+00`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

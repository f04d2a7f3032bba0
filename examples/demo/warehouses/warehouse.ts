/** A warehouse the demo can sync to. Each kind is one file beside this one, with the vendor's own driver as an analyst would use it. */

export interface DemoWarehouse extends AsyncDisposable {
  /** As the connection names it. */
  readonly kind: string;
  /** What it is, for the reader: `a DuckDB file`. */
  readonly label: string;
  /** What is typed into the connection's form. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the service needs in its environment to find it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly dialect: Dialect;
  /** How a person looks into it, one line each. */
  readonly notes: readonly string[];
  /** One query, answered by the warehouse; every value as text. */
  ask(query: string): Promise<Row[]>;
}

/** Opens a warehouse with a folder for its files, which outlives it only with `--keep`. */
export type OpenWarehouse = (folder: string) => Promise<DemoWarehouse>;

/** Column names in lower case. */
export type Row = Readonly<Record<string, string>>;

/** Where the warehouses differ for the queries of the demo. */
export interface Dialect {
  /** What an event is worth in whole cents, an integer, from the JSON column `event_properties`. */
  readonly cents: string;
}

export function textRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** By kind; loaded when chosen, since each brings a driver along. */
export const warehouses: ReadonlyMap<string, () => Promise<{ readonly open: OpenWarehouse }>> = new Map([
  ['duckdb', () => import('./duckdb.ts')],
  ['s3', () => import('./s3.ts')],
  ['snowflake', () => import('./snowflake.ts')],
  ['bigquery', () => import('./bigquery.ts')],
  ['redshift', () => import('./redshift.ts')],
  ['synapse', () => import('./synapse.ts')],
]);

import type { AnyDestination, TableSpec } from '../destination.ts';
import type { DestinationKind, DestinationOptions } from '../registry.ts';

/**
 * A row as the warehouse holds it, in comparable form: text as it is, integers in decimal, times as
 * `2024-01-02T03:04:05.123456Z`, JSON as its exact text, nothing as null. Only the columns of the table.
 */
export type ReadRow = Readonly<Record<string, string | null>>;

/**
 * What a destination may lack by its nature; the conformance suite wants the reason.
 *
 * - `schema-drift`: has no tables that could drift; `adds-columns`: has them, but may not alter them
 * - `reads-rows`: nothing reads the rows; `json-null`: has one null only
 * - `json-text`: the JSON type keeps the meaning of a document, not its bytes: key order, number spelling, doubled keys
 * - `long-text`: texts end at 65,535 bytes; `long-json`: documents end below 5 MB
 */
export type Lack =
  | 'schema-drift'
  | 'adds-columns'
  | 'reads-rows'
  | 'json-null'
  | 'json-text'
  | 'long-text'
  | 'long-json';

/** One fresh, empty warehouse and the ways to look into it and to break it. */
export interface Rig extends AsyncDisposable {
  readonly kind: DestinationKind;
  /** With which `createDestinations` made `destination`, for another process to do the same. */
  readonly options?: DestinationOptions;
  readonly destination: AnyDestination;
  readonly settings: Record<string, unknown>;
  /** Well-formed settings that cannot work: a missing bucket, a missing folder. */
  readonly brokenSettings: Record<string, unknown>;
  /** Values that must never show up in messages and logs. */
  readonly secrets: readonly string[];
  /** The latest state of the table by the documented reading rule, by id; empty when there is no table. */
  readBack(table: TableSpec): Promise<readonly ReadRow[]>;
  /** Everything the warehouse holds (names of files, tables, sizes), to see that nothing was left or touched. */
  inventory(): Promise<unknown>;
  /** Whether another program could now use the warehouse freely. */
  isReleased(): Promise<boolean>;
  /** Drops a column, or changes its type to one that cannot hold the values. Absent when lacking `schema-drift`. */
  drift?(table: TableSpec, column: string, how: 'drop' | 'retype'): Promise<void>;
}

/** What a destination's nature forbids, each with the reason. */
export type Lacks = Partial<Record<Lack, string>>;

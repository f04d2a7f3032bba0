/**
 * The boundary between Wharf and a warehouse. A destination is one folder that exports one `Destination`.
 *
 * The promise every destination keeps (and `testing/conformance.ts` proves):
 *  - a batch is applied whole or not at all, and a reader never sees half of one;
 *  - a batch given twice, also after a crash or a lost answer, changes nothing the second time (ledger);
 *  - for each key the row with the highest `_change_number` wins, in whatever order batches arrive, deletions included;
 *  - a worker with an outdated fence changes nothing;
 *  - rows landed = rows in the manifest, or the load fails with COUNT_MISMATCH and changes nothing.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { AppError } from '../kernel/app-error.ts';
import type { Logger } from '../kernel/logger.ts';

export type TableName = 'klaviyo_profile' | 'klaviyo_event' | 'klaviyo_metric';

export type LogicalType = 'text' | 'integer' | 'timestamp' | 'json';

export interface ColumnSpec {
  readonly name: string;
  readonly type: LogicalType;
  /** Follows from another column, also in a deletion: the `same` value, or its time in whole `seconds` since 1970. */
  readonly derived?: { readonly from: string; readonly as: 'same' | 'seconds' };
}

/**
 * A table of the contract with the customer's SQL (`tables.ts` has all three). The first column is the key.
 * Every staged row carries these columns (in CSV without the derived ones) and `_deleted`; a deletion has only `id`,
 * `_change_number` and `_deleted`. `_synced_at` is not staged: the destination sets it to the time of loading.
 */
export interface TableSpec {
  readonly name: TableName;
  readonly columns: readonly ColumnSpec[];
}

/**
 * The shape of staged files. In all, text is UTF-8, `json` columns are the customer's JSON byte for byte without
 * insignificant whitespace, integers are plain decimals, and times are UTC with up to six digits after the second.
 *
 * - `json-lines`: one JSON object a line, JSON columns as values in it, times as `2024-02-29T23:59:59.5+00:00`. A deletion
 *   has no members but its three. Best for files that people read.
 * - `flat-json-lines`: the same, but JSON columns are strings that hold their text, and integers are strings too: for
 *   engines whose JSON reader would round numbers before they reach a column.
 * - `csv`: no header; the columns of the table in their order without the derived ones, then `_deleted` (`true`, `false`);
 *   tab between fields, line feed after a row. Null is an empty field. A field that is empty text, or has a tab, line feed,
 *   carriage return or \x01, stands between two \x01, and a \x01 inside it is doubled; nothing else is escaped. JSON
 *   columns are their text, never quoted. Times as `2024-02-29 23:59:59.5+00`. Half the work for PostgreSQL; best for
 *   engines.
 */
export type StagedFormat = 'json-lines' | 'flat-json-lines' | 'csv';

/** One staged file: gzip, in the format the destination asked for, immutable. */
export interface StagedFile {
  readonly name: string;
  readonly rows: number;
  /** Compressed size in bytes. */
  readonly bytes: number;
  /** Of the compressed bytes, hex. */
  readonly sha256: string;
  /** The compressed bytes. @throws AppError LOAD_FILE_MISSING, UPLOAD_CORRUPT (at the stream's end) */
  open(signal: AbortSignal): Promise<Readable>;
  /** The file on this machine's disk, checked against size and sha256, for engines that read paths. */
  localPath(signal: AbortSignal): Promise<string>;
}

/** The unit of loading: the rows of one table in one closed window, in one or more files. */
export interface StagedBatch {
  /** Unique for ever; the ledger's key. The same id always means the same window of the same table. */
  readonly id: string;
  /** For labels, paths and query tags. */
  readonly runId: string;
  readonly syncId: string;
  readonly table: TableSpec;
  readonly files: readonly StagedFile[];
  /** Total over the files, deletions included. 0 = the window is empty: the destination is only greeted. */
  readonly rows: number;
  /** Half-open range `(from, to]` of change numbers. */
  readonly window: { readonly from: number; readonly to: number };
  /**
   * Grows each time a worker takes this batch over; a destination refuses a fence lower than the one it has seen
   * for this batch id. Fences of different batches are never compared, so chunks of one sync may load side by side.
   */
  readonly fence: number;
  /** When the window was closed. The same at every attempt, so that what is derived from it (paths) is too. */
  readonly createdAt: Date;
}

/** What the warehouse says it did. `loaded` is counted by the warehouse, not copied from the manifest. */
export interface Receipt {
  readonly loaded: number;
  /** Rows that changed the table; the rest were older than what was there. Null where the engine does not tell. */
  readonly applied: { readonly upserted: number; readonly deleted: number } | null;
  /** True when the ledger already had this batch. */
  readonly alreadyLoaded: boolean;
}

export type CheckOutcome = 'passed' | 'failed' | 'skipped';

export interface CheckStep {
  /** Stable id: `settings`, `reach`, `sign-in`, `tables`, `stage`, `probe`, `clock`, ... */
  readonly id: string;
  /** What is checked, in a few plain words. */
  readonly label: string;
  readonly outcome: CheckOutcome;
  /** Found facts (passed), or why it was skipped. */
  readonly message?: string;
  /** Present exactly when failed. */
  readonly error?: AppError;
}

export interface Session extends AsyncDisposable {
  /** Runs every independent step and leaves nothing behind. Never throws for what the customer can fix: that is a failed step. */
  check(signal: AbortSignal): AsyncIterable<CheckStep>;
  /**
   * Applies the batch, creating missing tables where the destination allows it. With `rows` 0 it only makes sure,
   * with one light statement, that the warehouse still answers and the fence still holds.
   * @throws AppError, already translated and redacted
   */
  load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt>;
}

export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** `text` is many lines (keys, JSON). */
  readonly input: 'line' | 'text' | 'number' | 'choice';
  readonly choices?: readonly string[];
  readonly default?: string | number;
  /**
   * What another value means. `server`: another machine is spoken to, so that stored secrets are not sent there, and all
   * rows are sent again. `inside`: rows land elsewhere on the same one, so that all are sent again. Absent: neither.
   */
  readonly place?: 'server' | 'inside';
}

export interface DestinationSpec<Settings> {
  /** `duckdb`, `s3`, ...: the folder's name. */
  readonly kind: string;
  readonly label: string;
  /** In the order of the form. */
  readonly fields: readonly FieldSpec[];
  /** Validates the form without touching the network; issues carry the field's name as path. */
  readonly settings: z.ZodType<Settings>;
  readonly limits: {
    /** Batches that may load at once into one destination. */
    readonly parallelLoads: number;
    /** Rows per batch that suit the engine; the planner aims at it. */
    readonly rowsPerBatch: number;
  };
}

export interface SetupScript {
  /** For the code block: `sql`, `json`, `bash`, `text`. */
  readonly language: string;
  readonly text: string;
  /** Plain words: where to run it and with which rights. */
  readonly instructions: readonly string[];
}

export interface OpenContext {
  readonly log: Logger;
  /** A private folder for temporary files; emptied when the session ends. */
  readonly tempDir: string;
}

export interface Destination<Settings> {
  readonly spec: DestinationSpec<Settings>;
  /** Pure. `settings` may be incomplete: placeholders stand for what is not typed yet. */
  setup(settings: Partial<Settings>, context: { readonly outboundAddresses: readonly string[] }): SetupScript;
  /** Pure. What the exporter stages for this destination. */
  stagedFormat(settings: Settings): StagedFormat;
  /** Pure. When the credentials say that they end; null when they do not tell. */
  credentialsExpire?(settings: Settings): Date | null;
  /** May be lazy: an unreachable warehouse may show only at the first call of the session. */
  open(settings: Settings, context: OpenContext): Promise<Session>;
}

/** A destination whose settings type is hidden, so that unlike ones fit in one table. */
export interface AnyDestination {
  readonly spec: DestinationSpec<unknown>;
  setup(settings: unknown, context: { readonly outboundAddresses: readonly string[] }): SetupScript;
  /** @throws AppError SETTINGS_INVALID naming every wrong field */
  stagedFormat(settings: unknown): StagedFormat;
  /** Null when they do not tell. @throws AppError SETTINGS_INVALID naming every wrong field */
  credentialsExpire(settings: unknown): Date | null;
  /** @throws AppError SETTINGS_INVALID naming every wrong field */
  open(settings: unknown, context: OpenContext): Promise<Session>;
}

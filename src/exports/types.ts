/** What the rest of the product sees of exports: connections, syncs, runs, the timeline and errors. */
import type { CheckStep, SetupScript, TableName } from '../destinations/destination.ts';
import type { ErrorCode, Remedy } from '../kernel/app-error.ts';
import type { Service } from '../kernel/service.ts';
import type { SyncStatus } from './state.ts';

export type DataObject = 'profiles' | 'events';
export type SyncKind = 'historical' | 'periodic';
export type History = '30d' | '90d' | '1y' | 'all';
export type RunStatus = 'queued' | 'running' | 'failed' | 'succeeded' | 'cancelled';

/** What the customer chose to share. Exclusions concern events only, never profiles. */
export interface Selection {
  /** At least one. */
  readonly objects: readonly DataObject[];
  /** Integration ids. */
  readonly excludedIntegrations: readonly string[];
  /** Metric ids; null means all, also those that do not exist yet. */
  readonly metrics: readonly string[] | null;
  /** How far back the historical sync of events reaches; profiles and metrics always come whole. */
  readonly history: History;
}

/** The account's one destination. Secret fields are null in `settings`; `secretsSet` names those that have a value. */
export interface Connection {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secretsSet: readonly string[];
  readonly selection: Selection;
  /** Given back with an edit; an edit of an outdated version is refused. */
  readonly version: number;
  readonly connectedAt: Date;
  /** End of the newest successful run. */
  readonly lastSyncedAt: Date | null;
  readonly errorsLastDay: number;
  /** Null when the credentials do not end, or do not tell. */
  readonly credentialsExpireAt: Date | null;
  /** What is going to stop the syncs, or has, though no run has met it yet. */
  readonly warnings: readonly ConnectionWarning[];
}

export interface ConnectionWarning {
  readonly code: 'CREDENTIALS_EXPIRE_SOON' | 'CREDENTIALS_EXPIRED';
  readonly message: string;
  readonly advice: string;
}

export interface Sync {
  readonly id: string;
  readonly object: DataObject;
  readonly kind: SyncKind;
  readonly status: SyncStatus;
  /** Next start (Scheduled) or next attempt (Error); In progress: another run was asked for and follows. */
  readonly nextRunAt: Date | null;
  /** Whole percent of the open run, by rows; null when no run is open. */
  readonly progress: number | null;
  /** Age in seconds of the oldest accepted change that is not yet in the warehouse, 0 when all is there; periodic only. */
  readonly freshnessSeconds: number | null;
  readonly activeErrors: number;
  /** Of the newest run. */
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Change number up to which everything is in the warehouse; periodic only. */
  readonly cursor: number | null;
}

export interface Run {
  readonly id: string;
  readonly syncId: string;
  readonly object: DataObject;
  readonly kind: SyncKind;
  readonly status: RunStatus;
  /** Half-open range `(from, to]` of change numbers. */
  readonly window: { readonly from: number; readonly to: number };
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly progress: number;
  /** Rows and compressed bytes that are in the warehouse. */
  readonly rows: number;
  readonly bytes: number;
  /**
   * How old its oldest change can have been when the run brought it: since the run before it took its changes, in seconds; 0
   * when it brought none. Null until it succeeds, for historical runs, and for the first of a sync.
   */
  readonly freshnessSeconds: number | null;
}

/** One table of one run: in a finished run all three counts are equal. */
export interface Reconciliation {
  readonly table: TableName;
  readonly source: number;
  readonly staged: number;
  readonly loaded: number;
  /** Batches in all, and those loaded. */
  readonly chunks: number;
  readonly chunksLoaded: number;
  readonly bytes: number;
}

export interface RunDetails extends Run {
  readonly tables: readonly Reconciliation[];
}

export type TimelineKind =
  | 'connected'
  | 'settings-edited'
  | 'selection-edited'
  | 'enabled'
  | 'disabled'
  | 'removed'
  | 'paused'
  | 'resumed'
  | 're-enabled'
  | 'sync-requested'
  | 'cancelled'
  | 'back-fill'
  | 'run-succeeded'
  | 'run-error'
  | 'run-failed'
  | 'recovered'
  | 'credentials-expire-soon'
  | 'credentials-expired';

export interface TimelineEntry {
  readonly id: string;
  readonly kind: TimelineKind;
  /** Null: concerns the whole connection. */
  readonly syncId: string | null;
  readonly runId: string | null;
  readonly at: Date;
  /** Who did it; `system` for what happens by itself. */
  readonly actor: string;
  /** As the person or the key is called now; the actor itself when there is no such name. */
  readonly actorName: string;
  /** Small facts: rows, bytes, seconds, error code, names of edited fields. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface SyncError {
  readonly id: string;
  readonly syncId: string;
  readonly runId: string;
  readonly code: ErrorCode;
  readonly remedy: Remedy;
  readonly summary: string;
  readonly advice: string;
  /** The vendor's words, verbatim. */
  readonly externalMessage: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** How often it came in a row. */
  readonly occurrences: number;
  readonly resolvedAt: Date | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it back as `cursor` for the next page; null on the last. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  /** 1 to 100. */
  readonly size: number;
}

export interface SettingsInput {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ConnectInput extends SettingsInput {
  readonly name: string;
  readonly selection: Selection;
}

export interface Estimate {
  readonly table: TableName;
  readonly rows: number;
  /** Of the JSON lines, uncompressed. */
  readonly bytes: number;
}

/**
 * Every function throws AppError: NOT_FOUND for another account's ids, CONFLICT for what the present state does not
 * allow, INVALID_INPUT or SETTINGS_INVALID with `details.problems` ({field, message}[]). `actor` names who acts, for the timeline.
 */
export interface Connections {
  get(accountId: number): Promise<Connection | null>;
  /**
   * Runs every check. `saved` tests the stored connection; given settings whose secret fields are absent, null or empty take
   * the stored secrets where the kind is the same and no `server` field has changed.
   */
  test(accountId: number, input: SettingsInput | 'saved', signal: AbortSignal): AsyncIterable<CheckStep>;
  estimate(accountId: number, selection: Selection): Promise<Estimate[]>;
  /** Saves, reads the change number and starts the historical syncs. @throws CONFLICT when a destination exists, FORBIDDEN without the plan */
  connect(accountId: number, input: ConnectInput, actor: string): Promise<Connection>;
  /**
   * Secret fields that are absent, null or empty keep their value, as long as no `server` field changes. Failed syncs are tried
   * again. When a field with a place changes, all is sent anew. @throws CONFLICT when `version` is outdated
   */
  editSettings(
    accountId: number,
    version: number,
    settings: Readonly<Record<string, unknown>>,
    actor: string,
  ): Promise<Connection>;
  /** Back-fills what is new in the selection; what left it stays in the warehouse. @throws CONFLICT when `version` is outdated */
  editSelection(accountId: number, version: number, selection: Selection, actor: string): Promise<Connection>;
  /** @throws FORBIDDEN when switched on without the plan */
  setEnabled(accountId: number, enabled: boolean, actor: string): Promise<Connection>;
  /** Stops runs and deletes the credentials; the customer's tables stay. */
  remove(accountId: number, actor: string): Promise<void>;
  /** `settings` may be incomplete. */
  setup(kind: string, settings: Readonly<Record<string, unknown>>): SetupScript;
}

export interface Syncs {
  /** Of the present connection: historical before periodic, profiles before events. */
  list(accountId: number): Promise<Sync[]>;
  get(accountId: number, syncId: string): Promise<Sync>;
  /**
   * Starts the next run or attempt at once. While a periodic run is open, one more follows it when it ends well: the open
   * one's window is fixed. @throws CONFLICT for a historical sync that is running already
   */
  syncNow(accountId: number, syncId: string, actor: string): Promise<Sync>;
  /** Batches in hand end, no new one begins. */
  pause(accountId: number, syncId: string, actor: string): Promise<Sync>;
  resume(accountId: number, syncId: string, actor: string): Promise<Sync>;
  /** For a Failed sync: tries again where it stopped. */
  reEnable(accountId: number, syncId: string, actor: string): Promise<Sync>;
  /** Ends the open run. A periodic sync goes on at its next hour, with nothing lost; a historical one is paused and can be resumed. */
  cancel(accountId: number, syncId: string, actor: string): Promise<Sync>;
}

export interface Runs {
  /** Newest first. */
  list(accountId: number, request: PageRequest & { readonly syncId?: string | undefined }): Promise<Page<Run>>;
  get(accountId: number, runId: string): Promise<RunDetails>;
  /** How fast the account's newest runs of a thousand rows or more were, in rows a second; null before the first. */
  rowsPerSecond(accountId: number): Promise<number | null>;
}

export interface Timeline {
  /** Newest first. With `syncId` also the entries that concern the whole connection. */
  list(
    accountId: number,
    request: PageRequest & { readonly syncId?: string | undefined },
  ): Promise<Page<TimelineEntry>>;
}

export interface SyncErrors {
  /** Newest first. */
  list(
    accountId: number,
    request: PageRequest & { readonly syncId?: string | undefined; readonly activeOnly?: boolean | undefined },
  ): Promise<Page<SyncError>>;
  get(accountId: number, errorId: string): Promise<SyncError>;
}

/** Start runs the workers and the schedule; stop lets batches in hand end, then lets go of them. */
export interface Exports extends Service {
  readonly connections: Connections;
  readonly syncs: Syncs;
  readonly runs: Runs;
  readonly timeline: Timeline;
  readonly errors: SyncErrors;
}

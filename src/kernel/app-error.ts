/** Who must act. The remedy alone decides retry, HTTP status and the sentence a person reads. */
export type Remedy = 'retry' | 'wait' | 'fix-settings' | 'fix-warehouse' | 'fix-data' | 'report-bug';

interface ErrorMeaning {
  readonly remedy: Remedy;
  /** One plain sentence: what happened. */
  readonly summary: string;
  /** One plain sentence: what the reader does now. */
  readonly advice: string;
}

/**
 * The closed list of error codes. A destination's rules may word a code more precisely
 * for their vendor, but never change who must act.
 */
export const errorCodes = {
  // the warehouse's side
  AUTH_INVALID: {
    remedy: 'fix-settings',
    summary: 'The warehouse refused the credentials.',
    advice: 'Enter the credentials again and test the connection.',
  },
  AUTH_EXPIRED: {
    remedy: 'fix-settings',
    summary: 'The credentials have expired.',
    advice: 'Create new credentials and enter them in the connection.',
  },
  AUTH_LOCKED: {
    remedy: 'wait',
    summary: 'The warehouse user is locked for now.',
    advice: 'Unlock the user in the warehouse, or wait; the sync resumes by itself.',
  },
  CLOCK_SKEW: {
    remedy: 'fix-settings',
    summary: 'The clocks of Wharf and the warehouse differ too much.',
    advice: 'Set the clock of the machine that runs Wharf (NTP).',
  },
  PERMISSION_MISSING: {
    remedy: 'fix-warehouse',
    summary: 'A permission is missing.',
    advice: 'Run the set-up script again, or grant the permission that is named in the message.',
  },
  NOT_FOUND_ACCOUNT: {
    remedy: 'fix-settings',
    summary: 'The warehouse account does not exist.',
    advice: 'Check the account or host in the connection.',
  },
  NOT_FOUND_DATABASE: {
    remedy: 'fix-settings',
    summary: 'The database does not exist, or the user cannot see it.',
    advice: 'Check the database name, and that the user may see it.',
  },
  NOT_FOUND_SCHEMA: {
    remedy: 'fix-settings',
    summary: 'The schema does not exist, or the user cannot see it.',
    advice: 'Check the schema name, and that the user may see it.',
  },
  NOT_FOUND_TABLE: {
    remedy: 'fix-warehouse',
    summary: 'A table is missing, or the user cannot see it.',
    advice: 'Run the set-up script; it creates the tables and their grants.',
  },
  NOT_FOUND_BUCKET: {
    remedy: 'fix-settings',
    summary: 'The bucket or container does not exist, or the user cannot see it.',
    advice: 'Check the bucket name and region, and that the user may see it.',
  },
  NOT_FOUND_WAREHOUSE: {
    remedy: 'fix-settings',
    summary: 'The compute warehouse does not exist, or the user cannot use it.',
    advice: 'Check the warehouse name and its USAGE grant.',
  },
  NOT_FOUND_ROLE: {
    remedy: 'fix-warehouse',
    summary: 'The role does not exist, or was not granted.',
    advice: 'Run the set-up script again; it creates and grants the role.',
  },
  NETWORK_BLOCKED: {
    remedy: 'fix-warehouse',
    summary: 'The warehouse does not accept connections from this address.',
    advice: 'Allow the outbound addresses of Wharf in the firewall or network policy of the warehouse.',
  },
  NETWORK_UNREACHABLE: {
    remedy: 'retry',
    summary: 'The warehouse could not be reached.',
    advice: 'Nothing to do unless it lasts; then check the host name and the network.',
  },
  SUSPENDED: {
    remedy: 'wait',
    summary: 'The warehouse is paused.',
    advice: 'Resume the warehouse; the sync goes on by itself.',
  },
  BILLING: {
    remedy: 'fix-warehouse',
    summary: 'The warehouse refuses work for billing reasons.',
    advice: 'Settle billing or the spending limit in the warehouse console.',
  },
  QUOTA_SHORT: {
    remedy: 'retry',
    summary: 'The warehouse asked us to slow down.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  QUOTA_LONG: {
    remedy: 'wait',
    summary: 'A quota of the warehouse is used up.',
    advice: 'Wait for the quota to renew, or raise it; the sync goes on by itself.',
  },
  CONCURRENCY: {
    remedy: 'retry',
    summary: 'Another job was writing to the same tables.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  TIMEOUT: {
    remedy: 'retry',
    summary: 'The warehouse did not answer in time.',
    advice: 'Nothing to do unless it lasts; then give the warehouse more capacity.',
  },
  CAPACITY: {
    remedy: 'fix-warehouse',
    summary: 'The warehouse has no room left.',
    advice: 'Free or add storage; then re-enable the sync.',
  },
  MAINTENANCE: {
    remedy: 'wait',
    summary: 'The warehouse is under maintenance.',
    advice: 'Nothing to do; the sync goes on by itself.',
  },
  SCHEMA_MISMATCH: {
    remedy: 'fix-warehouse',
    summary: 'A table does not have the columns the sync needs.',
    advice: 'Run the statement that is shown, or recreate the table with the set-up script.',
  },
  DATA_TOO_LARGE: {
    remedy: 'fix-data',
    summary: 'A row is larger than the warehouse accepts.',
    advice: 'Shorten the value that is named in the message; then run the sync again.',
  },
  DATA_INVALID: {
    remedy: 'fix-data',
    summary: 'The warehouse could not read a row.',
    advice: 'Correct the value that is named in the message; then run the sync again.',
  },
  SETTINGS_INVALID: {
    remedy: 'fix-settings',
    summary: 'A field of the connection is not valid.',
    advice: 'Correct the field that is named in the message.',
  },
  CONFIG_REGION: {
    remedy: 'fix-settings',
    summary: 'The bucket is in another region.',
    advice: 'Enter the region that is named in the message.',
  },
  DESTINATION_LOCKED: {
    remedy: 'retry',
    summary: 'Another program has the warehouse file open.',
    advice: 'Close the program that holds the file; the sync retries by itself.',
  },
  FILE_CORRUPT: {
    remedy: 'fix-warehouse',
    summary: 'The warehouse file is damaged or not of the expected kind.',
    advice: 'Move the file away or restore it from a backup; then re-enable the sync.',
  },
  DUPLICATE_KEY_IN_BATCH: {
    remedy: 'report-bug',
    summary: 'A batch held one key twice.',
    advice: 'Please report this with the run id; no row was changed.',
  },
  COUNT_MISMATCH: {
    remedy: 'report-bug',
    summary: 'The warehouse counted other rows than were staged; nothing was applied.',
    advice: 'The sync retries; if it lasts, please report it with the run id.',
  },
  // our own side
  LOAD_FILE_MISSING: {
    remedy: 'retry',
    summary: 'A staged file is missing.',
    advice: 'Nothing to do; the rows are staged again.',
  },
  UPLOAD_CORRUPT: {
    remedy: 'retry',
    summary: 'A staged file was damaged on its way.',
    advice: 'Nothing to do; the rows are staged again.',
  },
  FENCED: {
    remedy: 'retry',
    summary: 'Another worker has taken over this work.',
    advice: 'Nothing to do; the other worker finishes it.',
  },
  CANCELLED: {
    remedy: 'retry',
    summary: 'The work was cancelled.',
    advice: 'Nothing to do.',
  },
  STORE_UNAVAILABLE: {
    remedy: 'retry',
    summary: "Wharf's own database did not answer.",
    advice: 'Nothing to do unless it lasts; then check the database of Wharf.',
  },
  INVALID_INPUT: {
    remedy: 'fix-data',
    summary: 'The request is not valid.',
    advice: 'Correct the field that is named in the message.',
  },
  NOT_FOUND: {
    remedy: 'fix-data',
    summary: 'There is no such thing here.',
    advice: 'Check the identifier.',
  },
  CONFLICT: {
    remedy: 'fix-data',
    summary: 'The request does not fit the present state.',
    advice: 'Look at the present state and try again.',
  },
  UNAUTHENTICATED: {
    remedy: 'fix-settings',
    summary: 'The request is not signed in.',
    advice: 'Send a valid key.',
  },
  FORBIDDEN: {
    remedy: 'fix-settings',
    summary: 'This is not allowed.',
    advice: 'Ask an Owner or Admin of the account.',
  },
  TOO_LARGE: {
    remedy: 'fix-data',
    summary: 'The request is too large.',
    advice: 'Send less in one request.',
  },
  THROTTLED: {
    remedy: 'wait',
    summary: 'Too many requests.',
    advice: 'Wait for the time in Retry-After.',
  },
  UNKNOWN: {
    remedy: 'retry',
    summary: 'Something failed that Wharf does not know yet.',
    advice: 'The message is kept word for word; please report it if it lasts.',
  },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof errorCodes;

export interface AppErrorParts {
  /** Replaces the code's own sentence where more is known. */
  readonly summary?: string;
  readonly advice?: string;
  /** The vendor's words, verbatim; secrets must be redacted before. */
  readonly externalMessage?: string;
  /** Small facts for logs and the error drawer: ids, names, counts. Never a secret, never a row. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error that crosses a folder's edge. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly advice: string;
  readonly externalMessage: string | null;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, parts: AppErrorParts = {}) {
    super(parts.summary ?? errorCodes[code].summary, { cause: parts.cause });
    this.name = 'AppError';
    this.code = code;
    this.advice = parts.advice ?? errorCodes[code].advice;
    this.externalMessage = parts.externalMessage ?? null;
    this.details = parts.details ?? {};
  }

  get summary(): string {
    return this.message;
  }

  get remedy(): Remedy {
    return errorCodes[this.code].remedy;
  }
}

/** Any thrown value as an AppError; what is not one yet becomes UNKNOWN with its words kept. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('UNKNOWN', { externalMessage: words, cause: thrown });
}

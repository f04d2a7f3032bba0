/** One uploaded CSV file and what became of its rows. */

export type ImportObject = 'profiles' | 'events';
export type ImportSource = 'sftp' | 'browser' | 'api';

/**
 * `review`: waits until a person confirms its columns · `in_progress` · `completed`: every row is in ·
 * `incomplete`: some rows were skipped, or it was cancelled on the way · `failed`: the file cannot be read.
 */
export type ImportStatus = 'review' | 'in_progress' | 'completed' | 'incomplete' | 'failed';

/** One uploaded CSV file and what became of its rows. */
export interface Import {
  readonly id: string;
  readonly object: ImportObject;
  readonly fileName: string;
  readonly bytes: number;
  readonly source: ImportSource;
  /** Who uploaded it: the SSH key's owner, or the actor of the API. */
  readonly importedBy: string;
  readonly status: ImportStatus;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Whole percent of the file that has been read. */
  readonly progress: number;
  readonly rows: RowCounts;
  readonly remarks: readonly Remark[];
  /** Why it failed, or what it waits for. */
  readonly trouble: Trouble | null;
  /** False once the file was removed: then skipped rows cannot be downloaded any more. */
  readonly fileKept: boolean;
}

export interface RowCounts {
  readonly created: number;
  readonly updated: number;
  /** Nothing new in them: profiles as they were, events already known. */
  readonly unchanged: number;
  readonly skipped: number;
}

export interface Remark {
  /** Row 1 is the header; null when the whole file is meant. */
  readonly row: number | null;
  /** The column's header; null when no one column is meant. */
  readonly column: string | null;
  readonly message: string;
}

export interface Trouble {
  readonly message: string;
  readonly advice: string;
}

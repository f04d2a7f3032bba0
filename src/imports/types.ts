/** What the rest of the product sees of imports. */
import type { Service } from '../kernel/service.ts';

export type ImportObject = 'profiles' | 'events';
export type ImportSource = 'sftp' | 'browser' | 'api';

/**
 * `checking`: not looked at yet · `review`: waits until a person confirms its columns · `in_progress` ·
 * `completed`: every row is in · `incomplete`: the file was read to its end, some rows were skipped ·
 * `failed`: nothing can be read from the file, or no more · `cancelled`: by hand; what was in stays in.
 */
export type ImportStatus = 'checking' | 'review' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

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

/** A file whose bytes are final. */
export interface FinishedUpload {
  readonly accountId: number;
  readonly object: ImportObject;
  readonly fileName: string;
  /** On this machine's disk. It is taken over before `accept` resolves; the caller may remove it afterwards. */
  readonly path: string;
  readonly bytes: number;
  readonly source: ImportSource;
  /** Shown as "imported by": the key's owner. */
  readonly by: string;
  /** Whether the uploader may change consent. */
  readonly mayConsent: boolean;
}

export interface Imports extends Service {
  /**
   * Durable when it resolves; the import begins in the background, on any worker. Giving the same upload id again
   * changes nothing. @throws AppError STORE_UNAVAILABLE: try again
   */
  accept(uploadId: string, upload: FinishedUpload): Promise<{ readonly importId: string }>;
}

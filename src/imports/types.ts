/** What the rest of the product sees of imports. */
import type { Readable } from 'node:stream';
import type { Service } from '../kernel/service.ts';
import type { JobHandler } from '../queue/queue.ts';
import type { Import, ImportObject, ImportSource, Remark } from './import.ts';
import type { ColumnFacts, Mapping } from './mapping.ts';

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

export type StreamedUpload = Omit<FinishedUpload, 'path' | 'bytes'>;

export interface Imports extends Service {
  /**
   * Durable when it resolves; the import begins in the background, on any worker. Giving the same upload id again
   * changes nothing. @throws AppError STORE_UNAVAILABLE: try again
   */
  accept(uploadId: string, upload: FinishedUpload): Promise<{ readonly importId: string }>;
  /** Takes a file as it is sent. @throws AppError TOO_LARGE, STORE_UNAVAILABLE */
  upload(upload: StreamedUpload, body: Readable, signal: AbortSignal): Promise<Import>;
  /** Newest first. */
  list(accountId: number, page: { readonly cursor?: string | undefined; readonly size: number }): Promise<Page<Import>>;
  /** @throws AppError NOT_FOUND, as all that follow */
  get(accountId: number, importId: string): Promise<Import>;
  review(accountId: number, importId: string, signal: AbortSignal): Promise<Review>;
  /** Starts an import that waits. @throws AppError CONFLICT when it does not wait, INVALID_INPUT naming what is wrong */
  confirm(accountId: number, importId: string, confirmation: Confirmation): Promise<Import>;
  /** What is in stays in. @throws AppError CONFLICT when it is over */
  cancel(accountId: number, importId: string, by: string): Promise<Import>;
  /** The skipped rows as CSV: their cells, and why. @throws AppError NOT_FOUND also when the file is not kept any more */
  skipped(accountId: number, importId: string, signal: AbortSignal): Promise<AsyncIterable<string>>;
  /** The background work, for the queue. */
  readonly handler: JobHandler<'imports.run'>;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** What a person looks at before an import begins. */
export interface Review {
  /** The mapping that is proposed, or was confirmed. */
  readonly mapping: Mapping;
  /** In the order of the file. */
  readonly columns: readonly ColumnReview[];
  /** The first rows as they stand in the file. */
  readonly preview: readonly PreviewRow[];
  /** Why somebody must look at it. */
  readonly doubts: readonly Remark[];
}

export interface ColumnReview extends ColumnFacts {
  readonly header: string;
}

export interface PreviewRow {
  readonly row: number;
  readonly cells: readonly string[];
  /** Why the row would be skipped. */
  readonly problem: string | null;
}

export interface Confirmation {
  readonly mapping: Mapping;
  /** Whether files with the same headers begin at once from now on. */
  readonly remember: boolean;
}

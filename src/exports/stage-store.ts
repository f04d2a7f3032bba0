import type { Readable } from 'node:stream';

export interface StagedObject {
  readonly name: string;
  readonly rows: number;
  /** Compressed size in bytes. */
  readonly bytes: number;
  /** Of the compressed bytes, hex. */
  readonly sha256: string;
}

/**
 * Where staged files wait between PostgreSQL and the warehouse. Names are `<account>/<run>/<chunk>-<fence>-<n>.jsonl.gz`,
 * so no two attempts ever write the same file.
 */
export interface StageStore {
  /** True when any machine can read what this one wrote. */
  readonly shared: boolean;
  /** Writes the bytes durably; a name is never reused. Leaves nothing behind when it rejects. */
  write(name: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number; sha256: string }>;
  /** @throws AppError LOAD_FILE_MISSING; UPLOAD_CORRUPT at the stream's end when the bytes are not those that were written */
  open(file: StagedObject, signal: AbortSignal): Promise<Readable>;
  /** A checked path on this machine's disk. */
  localPath(file: StagedObject, signal: AbortSignal): Promise<string>;
  /** Missing files are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Names below a prefix that are older than the given time: leftovers of killed workers. */
  list(olderThan: Date): AsyncIterable<string>;
}

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError } from '../kernel/app-error.ts';

export interface StagedObject {
  readonly name: string;
  readonly rows: number;
  /** Compressed size in bytes. */
  readonly bytes: number;
  /** Of the compressed bytes, hex. */
  readonly sha256: string;
}

/**
 * Where staged files wait between PostgreSQL and the warehouse. Names are `<account>-<chunk>-<fence>.<format>.gz`,
 * so no two attempts ever write the same file.
 */
export interface StageStore {
  /** True when any machine can read what this one wrote. */
  readonly shared: boolean;
  /** Writes the bytes durably; a name is never reused. Leaves nothing behind when it rejects. */
  write(name: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number; sha256: string }>;
  /** @throws AppError LOAD_FILE_MISSING; UPLOAD_CORRUPT at the stream's end when the bytes are not those that were written */
  open(file: StagedObject, signal: AbortSignal): Promise<Readable>;
  /** Whether the file is there with its size; a cheap look before the bytes themselves are checked at loading. */
  has(file: StagedObject, signal: AbortSignal): Promise<boolean>;
  /** A checked path on this machine's disk. */
  localPath(file: StagedObject, signal: AbortSignal): Promise<string>;
  /** Also what a killed writer left half written. Missing files are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Names of the files that are older than the given time: where leftovers of killed workers are among. */
  list(olderThan: Date): AsyncIterable<string>;
}

/** The bytes as they come; throws at their end when they are not those of the manifest. */
export async function* withChecksum(source: AsyncIterable<Buffer>, file: StagedObject): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const block of source) {
    hash.update(block);
    bytes += block.length;
    yield block;
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) throw damagedFile(file);
}

export function missingFile(file: StagedObject, cause?: unknown): AppError {
  return new AppError('LOAD_FILE_MISSING', { details: { file: file.name }, cause });
}

export function damagedFile(file: StagedObject): AppError {
  return new AppError('UPLOAD_CORRUPT', { details: { file: file.name, bytes: file.bytes } });
}

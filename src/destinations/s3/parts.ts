/** Staged files as the parts that go to the bucket. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import type { StagedFile, TableSpec } from '../destination.ts';
import { plainColumn, writeParquet } from '../parquet.ts';

/** Bytes on their way to the bucket. `rows`, `bytes` and `sha256` are right once the body has ended. */
export interface Part extends AsyncDisposable {
  readonly body: Readable;
  readonly contentType: string;
  rows(): number;
  bytes(): number;
  sha256(): string;
}

/**
 * The staged bytes as they are, with rows counted in passing.
 * @throws AppError UPLOAD_CORRUPT, from the body, when they are not the staged ones
 */
export async function jsonLinesPart(file: StagedFile, signal: AbortSignal): Promise<Part> {
  const source = await file.open(signal);
  const counter = createLineCounter();
  const measured = measure(source, counter.write, async (sha256) => {
    await counter.end();
    if (sha256 !== file.sha256) throw new AppError('UPLOAD_CORRUPT', { details: { file: file.name } });
  });
  return {
    ...measured,
    contentType: 'application/gzip',
    rows: counter.lines,
    [Symbol.asyncDispose]: async () => {
      source.destroy();
      counter.destroy();
    },
  };
}

/** Passes a stream on, counting and hashing its bytes. */
function measure(
  source: Readable,
  onChunk: (chunk: Buffer) => Promise<void>,
  onEnd: (sha256: string) => Promise<void>,
): Pick<Part, 'body' | 'bytes' | 'sha256'> {
  const hash = createHash('sha256');
  let bytes = 0;
  let digest = '';
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await onChunk(chunk);
      yield chunk;
    }
    digest = hash.digest('hex');
    await onEnd(digest);
  }
  return { body: Readable.from(pass(), { objectMode: false }), bytes: () => bytes, sha256: () => digest };
}

function createLineCounter() {
  const gunzip = createGunzip();
  let lines = 0;
  let open = false;
  let failure: Error | null = null;
  gunzip.on('data', (text: Buffer) => {
    for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) lines += 1;
    open = text.at(-1) !== 10;
  });
  gunzip.on('error', (error) => {
    failure = error;
  });
  const corrupt = (cause: unknown): AppError => new AppError('UPLOAD_CORRUPT', { cause });
  return {
    lines: (): number => lines + (open ? 1 : 0),
    write: async (chunk: Buffer): Promise<void> => {
      if (failure) throw corrupt(failure);
      if (!gunzip.write(chunk)) await once(gunzip, 'drain').catch((error: unknown) => Promise.reject(corrupt(error)));
    },
    end: async (): Promise<void> => {
      gunzip.end();
      await once(gunzip, 'end').catch((error: unknown) => Promise.reject(corrupt(error)));
    },
    destroy: (): void => void gunzip.destroy(),
  };
}

/**
 * The staged rows as Parquet, made in `tempDir`: zstd, times UTC in microseconds, JSON as text.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export async function parquetPart(
  table: TableSpec,
  file: StagedFile,
  tempDir: string,
  signal: AbortSignal,
): Promise<Part> {
  const staged = await file.localPath(signal);
  const folder = await mkdtemp(join(tempDir, 'parquet-'));
  const path = join(folder, 'part.parquet');
  try {
    const rows = await writeParquet(table, [staged], path, { spill: folder, column: plainColumn, signal });
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    const nothing = async (): Promise<void> => undefined;
    return {
      ...measure(source, nothing, nothing),
      contentType: 'application/vnd.apache.parquet',
      rows: () => rows,
      [Symbol.asyncDispose]: async () => {
        source.destroy();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

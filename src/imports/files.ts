import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../kernel/app-error.ts';

/** Where imported files are kept until their time is over. A name's bytes never change. */
export interface ImportFiles {
  /** Takes the file at `path` over, durably; it may be changed or removed afterwards. A name that is there already stays. */
  keep(name: string, path: string): Promise<void>;
  /** The bytes from `from` on, up to `to` (exclusive) when given. @throws AppError NOT_FOUND */
  read(name: string, from: number, to: number | null, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Missing files are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Names of the files that are older than the given time. */
  list(olderThan: Date): AsyncIterable<string>;
}

/** The same upload always gets the same name, so that handing it over twice leaves one file. */
export function storedName(accountId: number, uploadId: string): string {
  return `${accountId}-${createHash('sha256').update(uploadId).digest('hex').slice(0, 40)}.csv`;
}

export const readBlockBytes = 64 * 1024;

/** Files in a folder of this machine. */
export class LocalImportFiles implements ImportFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async keep(name: string, path: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const target = this.#path(name);
      if (await stat(target).catch(() => null)) return;
      const part = `${target}.${randomUUID()}.part`;
      try {
        await takeOver(path, part);
        await rename(part, target);
      } finally {
        await rm(part, { force: true });
      }
      await sync(this.#folder);
    } catch (error) {
      throw folderTrouble(error, this.#folder) ?? error;
    }
  }

  async *read(name: string, from: number, to: number | null, signal: AbortSignal): AsyncIterable<Buffer> {
    if (to !== null && to <= from) return;
    const stream = createReadStream(this.#path(name), {
      start: from,
      ...(to === null ? {} : { end: to - 1 }),
      highWaterMark: readBlockBytes,
      signal,
    });
    try {
      for await (const block of stream) yield block as Buffer;
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? missingFile(error) : error;
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(this.#path(name), { force: true });
  }

  async *list(olderThan: Date): AsyncIterable<string> {
    for (const entry of await readdir(this.#folder).catch(() => [])) {
      const found = await stat(this.#path(entry)).catch(() => null);
      if (found?.isFile() && found.mtime < olderThan) yield entry;
    }
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

export function missingFile(cause?: unknown): AppError {
  return new AppError('NOT_FOUND', {
    summary: 'The uploaded file is not kept any more.',
    advice: 'Upload the file again.',
    cause,
  });
}

/** A second name for the same bytes where the file system can, else a copy; on disk when it resolves. */
async function takeOver(path: string, target: string): Promise<void> {
  await link(path, target).catch(() => copyFile(path, target, constants.COPYFILE_EXCL));
  await sync(target);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A full disk, a missing right, a folder that is gone: for the operator to mend, and worth another try. */
function folderTrouble(error: unknown, folder: string): AppError | null {
  if (!(error instanceof Error && 'syscall' in error)) return null;
  return new AppError('STORE_UNAVAILABLE', {
    summary: 'The uploaded file cannot be kept.',
    advice: `Make room in ${folder}, or give Wharf the right to write there; then try again.`,
    externalMessage: error.message,
    cause: error,
  });
}

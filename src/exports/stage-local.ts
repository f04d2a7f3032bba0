import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../kernel/app-error.ts';
import { damagedFile, missingFile, withChecksum, type StagedObject, type StageStore } from './stage-store.ts';

/** Staged files in a folder of this machine. */
export class LocalStage implements StageStore {
  readonly shared = false;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(name: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number; sha256: string }> {
    const path = this.#path(name);
    const part = partOf(path);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      await mkdir(this.#folder, { recursive: true });
      const measure = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const block of source) {
          hash.update(block);
          bytes += block.length;
          yield block;
        }
      };
      await pipeline(content, measure, createWriteStream(part, { flush: true, mode: 0o600 }), { signal });
      await rename(part, path);
      await syncFolder(this.#folder);
      return { bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw folderTrouble(error, this.#folder) ?? error;
    }
  }

  async open(file: StagedObject): Promise<Readable> {
    const path = await this.#existing(file);
    return Readable.from(withChecksum(createReadStream(path, { highWaterMark: 1 << 20 }), file), { objectMode: false });
  }

  async has(file: StagedObject): Promise<boolean> {
    const found = await stat(this.#path(file.name)).catch(() => null);
    return found?.size === file.bytes;
  }

  async localPath(file: StagedObject, signal: AbortSignal): Promise<string> {
    const path = await this.#existing(file);
    for await (const _ of withChecksum(createReadStream(path, { highWaterMark: 1 << 20 }), file)) {
      signal.throwIfAborted();
    }
    return path;
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await rm(this.#path(name), { force: true });
      await rm(partOf(this.#path(name)), { force: true });
    }
  }

  async *list(olderThan: Date): AsyncIterable<string> {
    for (const entry of await readdir(this.#folder).catch(() => [])) {
      const found = await stat(join(this.#folder, entry)).catch(() => null);
      if (found?.isFile() && found.mtime < olderThan) yield decodeURIComponent(entry);
    }
  }

  /** One flat folder, whatever the name: folders that come and go would race with writers, and no name leads out of it. */
  #path(name: string): string {
    return join(this.#folder, encodeURIComponent(name));
  }

  async #existing(file: StagedObject): Promise<string> {
    const path = this.#path(file.name);
    const found = await stat(path).catch(() => null);
    if (!found) throw missingFile(file);
    if (found.size !== file.bytes) throw damagedFile(file);
    return path;
  }
}

/** A file that is being written. */
function partOf(path: string): string {
  return `${path}.part`;
}

/** A rename is durable only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A full disk, a missing right, a folder that is gone: for the operator to mend, and retried until then. */
function folderTrouble(error: unknown, folder: string): AppError | null {
  if (!(error instanceof Error && 'syscall' in error)) return null;
  return new AppError('STORE_UNAVAILABLE', {
    summary: 'The staging folder cannot be written.',
    advice: `Make room in ${folder}, or give Wharf the right to write there; the sync retries by itself.`,
    externalMessage: error.message,
    cause: error,
  });
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
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
    const part = `${path}.part`;
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      await mkdir(dirname(path), { recursive: true });
      const measure = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const block of source) {
          hash.update(block);
          bytes += block.length;
          yield block;
        }
      };
      await pipeline(content, measure, createWriteStream(part, { flush: true, mode: 0o600 }), { signal });
      await rename(part, path);
      await syncFolder(dirname(path));
      return { bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw noRoom(error, this.#folder) ?? error;
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
      const path = this.#path(name);
      await rm(path, { force: true });
      await removeEmptyFolders(dirname(path), this.#folder);
    }
  }

  async *list(olderThan: Date): AsyncIterable<string> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => null);
      if (found && found.mtime < olderThan) yield relative(this.#folder, path).split(sep).join('/');
    }
  }

  #path(name: string): string {
    const path = join(this.#folder, ...name.split('/'));
    if (!path.startsWith(this.#folder + sep)) throw new AppError('UNKNOWN', { summary: `Not a staged file: ${name}` });
    return path;
  }

  async #existing(file: StagedObject): Promise<string> {
    const path = this.#path(file.name);
    const found = await stat(path).catch(() => null);
    if (!found) throw missingFile(file);
    if (found.size !== file.bytes) throw damagedFile(file);
    return path;
  }
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

async function removeEmptyFolders(from: string, root: string): Promise<void> {
  for (let folder = from; folder.startsWith(root + sep); folder = dirname(folder)) {
    const left = await readdir(folder).catch(() => ['gone']);
    if (left.length > 0) return;
    await rm(folder, { recursive: true, force: true });
  }
}

function noRoom(error: unknown, folder: string): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS' && code !== 'EACCES') return null;
  return new AppError('STORE_UNAVAILABLE', {
    summary: 'The staging folder cannot be written.',
    advice: `Make room in ${folder}, or give Wharf the right to write there; the sync retries by itself.`,
    externalMessage: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}

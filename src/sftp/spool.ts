/** The bytes of uploads on this machine's disk. File names are ids of ours; nothing a client says becomes a path. */
import { mkdir, open, readdir, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskRoom {
  readonly total: number;
  readonly free: number;
}

/** How long a look at the disk is believed; what is written meanwhile is counted. */
const lookEveryMs = 500;

export class Spool {
  readonly #folder: string;
  readonly #keepFree: number;
  #room: DiskRoom = { total: 0, free: 0 };
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `keepFree`: bytes that uploads leave free on the disk. */
  constructor(folder: string, keepFree: number) {
    this.#folder = folder;
    this.#keepFree = keepFree;
  }

  /** Once, before anything else. */
  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.room();
  }

  path(id: string): string {
    return join(this.#folder, id);
  }

  /** A new one, empty. */
  create(id: string): Promise<FileHandle> {
    return open(this.path(id), 'wx+', 0o600);
  }

  /** Cut to `bytes`. @throws Error when it has less: zeros must not take the place of what was lost */
  async open(id: string, bytes: number): Promise<FileHandle> {
    const file = await open(this.path(id), 'r+');
    try {
      const { size } = await file.stat();
      if (size < bytes) throw new Error(`the spooled file ${id} has ${size} bytes instead of ${bytes}`);
      await file.truncate(bytes);
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  /** Nobody writes any more: exactly `bytes`, and safe on the disk. */
  async seal(id: string, bytes: number): Promise<void> {
    const file = await this.open(id, bytes);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** null when there is no such file. */
  async size(id: string): Promise<number | null> {
    return (await stat(this.path(id)).catch(() => null))?.size ?? null;
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  ids(): Promise<string[]> {
    return readdir(this.#folder);
  }

  /** What uploads may still take, in bytes. */
  async room(): Promise<DiskRoom> {
    const now = performance.now();
    if (now - this.#lookedAt > lookEveryMs) {
      this.#lookedAt = now;
      const disk = await statfs(this.#folder);
      this.#room = { total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize - this.#keepFree };
    }
    return { total: this.#room.total, free: Math.max(0, this.#room.free) };
  }

  /** All of the parts, one after the other from `offset` on. */
  async write(file: FileHandle, parts: readonly Buffer[], offset: number): Promise<void> {
    let rest = parts.filter((part) => part.length > 0);
    let at = offset;
    while (rest.length > 0) {
      const { bytesWritten } = await file.writev(rest, at);
      at += bytesWritten;
      this.#room = { ...this.#room, free: this.#room.free - bytesWritten };
      rest = afterBytes(rest, bytesWritten);
    }
  }
}

/** The kernel may write less than it was given. */
function afterBytes(parts: readonly Buffer[], written: number): Buffer[] {
  let skip = written;
  const rest: Buffer[] = [];
  for (const part of parts) {
    if (skip >= part.length) skip -= part.length;
    else {
      rest.push(part.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}

/**
 * The folders of all accounts, as one machine serves them. Names and states are rows that all machines share; the bytes of a file are on
 * the disk of the machine that took them, so only there it can be continued.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { LiveUpload, type Grip } from './live-upload.ts';
import type { FilePlace, Folder } from './names.ts';
import type { Quota } from './quota.ts';
import { WrittenRanges } from './ranges.ts';
import type { Attributes, Entry, Room } from './replies.ts';
import type { GivenAttributes, OpenFlags } from './requests.ts';
import type { Spool } from './spool.ts';
import { SftpError } from './status.ts';
import { Turns } from './turns.ts';
import {
  deleteUpload,
  endWriting,
  findUpload,
  insertUpload,
  listUploads,
  moveUpload,
  reopenUpload,
  saveProgress,
  setModifiedAt,
  type UploadRow,
  type Writer,
} from './upload-rows.ts';

export interface UploadsDeps {
  readonly db: Database;
  readonly spool: Spool;
  readonly quota: Quota;
  /** Names this machine for ever. */
  readonly machine: string;
  /** A closed file must stay untouched for so long before it is imported. */
  readonly quietSeconds: number;
}

export class Uploads {
  readonly #deps: UploadsDeps;
  readonly #live = new Map<string, LiveUpload>();
  /** What changes names and states of an account runs one after the other. */
  readonly #turns = new Turns<number>();

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
  }

  /** For a session, which any object may stand for. @throws SftpError */
  open(session: object, writer: Writer, place: FilePlace, flags: OpenFlags): Promise<Grip> {
    return this.#turns.run(writer.accountId, async () => {
      const row = await findUpload(this.#deps.db, writer.accountId, place);
      checkOpen(row, flags);
      const { accountId } = writer;
      await this.#deps.quota.count(
        accountId,
        [...this.#live.values()].filter((live) => live.accountId === accountId),
      );
      const upload = (row && (await this.#opened(writer, row, flags))) ?? (await this.#created(writer, place));
      const grip = upload.grip(session);
      if (flags.truncate) await this.#emptied(upload);
      else if (row?.state === 'imported') upload.replaced = row.bytes;
      return grip;
    });
  }

  /** @throws SftpError "Quota exceeded", and what the disk says */
  async write(grip: Grip, offset: number, parts: readonly Buffer[], bytes: number): Promise<void> {
    const { upload } = grip;
    if (upload.isStale(grip)) throw takenOver();
    if (upload.bytes === 0 && offset > 0 && offset === upload.replaced) throw imported();
    if (bytes === 0) return;
    try {
      await this.#deps.quota.reserve(upload, offset + bytes, bytes);
      await this.#deps.spool.write(upload.file, parts, offset);
      if (!upload.isStale(grip)) upload.noteWrite(offset, offset + bytes);
    } catch (error) {
      upload.spoiled = true;
      if (error instanceof RangeError) throw new SftpError('failure', 'The file has too many gaps');
      throw error;
    }
  }

  async resize({ upload }: Pick<Grip, 'upload'>, size: number): Promise<void> {
    if (size === upload.bytes) return;
    await this.#deps.quota.reserve(upload, size, 0);
    await upload.file.truncate(size);
    upload.noteSize(size);
  }

  /** `closed` by the client, or `abandoned` by a connection that broke. @throws SftpError when the file is gone */
  release(grip: Grip, end: 'closed' | 'abandoned'): Promise<void> {
    const { upload } = grip;
    return this.#turns.run(upload.accountId, async () => {
      if (upload.isStale(grip)) return;
      upload.handles -= 1;
      if (end === 'abandoned') upload.spoiled = true;
      if (upload.handles > 0) return;
      const { db, spool, quietSeconds } = this.#deps;
      const { accountId, id, isWhole: whole } = upload;
      try {
        if (await saveProgress(db, accountId, id, upload.progress)) {
          await endWriting(db, accountId, id, { whole, quietSeconds });
          return;
        }
        await spool.remove(id);
        if (end === 'closed') throw new SftpError('failure', 'The file was removed or replaced meanwhile');
      } finally {
        this.#live.delete(id);
        await upload.file.close();
      }
    });
  }

  /** Notes how far open files are, for resuming after a crash and for listings on other machines. */
  async checkpoint(): Promise<void> {
    for (const upload of this.#live.values()) {
      if (!upload.dirty) continue;
      upload.dirty = false;
      await saveProgress(this.#deps.db, upload.accountId, upload.id, upload.progress).catch((error: unknown) => {
        upload.dirty = true;
        throw error;
      });
    }
  }

  async stat(accountId: number, place: FilePlace): Promise<Attributes> {
    const row = await findUpload(this.#deps.db, accountId, place);
    if (!row) throw new SftpError('noSuchFile');
    return this.#attributesOf(row);
  }

  /** By name, at most `limit` after the given one. */
  async list(accountId: number, folder: Folder, after: string, limit: number): Promise<Entry[]> {
    const rows = await listUploads(this.#deps.db, accountId, folder, after, limit);
    return rows.map((row) => ({ name: row.name, attributes: this.#attributesOf(row) }));
  }

  /** Size and time; everything else is accepted and ignored. @throws SftpError */
  setAttributes(accountId: number, place: FilePlace, given: GivenAttributes): Promise<void> {
    return this.#turns.run(accountId, async () => {
      const row = await findUpload(this.#deps.db, accountId, place);
      if (!row) throw new SftpError('noSuchFile');
      if (given.size !== undefined && given.size !== this.#attributesOf(row).size)
        await this.#resizeRow(row, given.size);
      if (given.modifiedAt === undefined) return;
      const modifiedAt = new Date(given.modifiedAt * 1000);
      const live = this.#live.get(row.id);
      if (live) live.modifiedAt = modifiedAt;
      await setModifiedAt(this.#deps.db, accountId, row.id, modifiedAt);
    });
  }

  /** @throws SftpError */
  rename(accountId: number, from: FilePlace, to: FilePlace, replace: boolean): Promise<void> {
    return this.#turns.run(accountId, async () => {
      const { db, quietSeconds } = this.#deps;
      const row = await findUpload(db, accountId, from);
      if (!row) throw new SftpError('noSuchFile');
      const target = await findUpload(db, accountId, to);
      if (target?.id === row.id) return;
      if (target && !replace) throw new SftpError('failure', 'File exists');
      const replaced = await db.transaction(async (tx) => {
        const gone = target ? await deleteUpload(tx, accountId, to) : null;
        if (target && !gone) throw busy();
        await moveUpload(tx, accountId, row.id, to, quietSeconds);
        return gone;
      });
      if (replaced) await this.#forget(replaced);
    });
  }

  /** @throws SftpError */
  remove(accountId: number, place: FilePlace): Promise<void> {
    return this.#turns.run(accountId, async () => {
      const removed = await deleteUpload(this.#deps.db, accountId, place);
      if (removed) return this.#forget(removed);
      throw (await findUpload(this.#deps.db, accountId, place)) ? busy() : new SftpError('noSuchFile');
    });
  }

  room(accountId: number): Promise<Room> {
    return this.#deps.quota.room(accountId);
  }

  /** The file as it was, or emptied; null when it is to be made anew. @throws SftpError */
  async #opened(writer: Writer, row: UploadRow, flags: OpenFlags): Promise<LiveUpload | null> {
    if (row.state === 'imported') return null;
    if (row.state === 'taken') throw busy();
    if (row.machine !== this.#deps.machine) {
      if (flags.truncate || row.bytes === 0) return null;
      throw new SftpError('failure', 'Another server has the first part of this file: remove it and upload it again');
    }
    const { db, spool } = this.#deps;
    // the row comes first, so a full disk may have left one without a file
    if (row.bytes === 0 && (await spool.size(row.id)) === null) return null;
    if (!(await reopenUpload(db, writer, row.id))) throw busy();
    let upload = this.#live.get(row.id);
    if (!upload) {
      upload = new LiveUpload(row, await spool.open(row.id, row.bytes));
      this.#live.set(row.id, upload);
    }
    return upload;
  }

  async #emptied(upload: LiveUpload): Promise<void> {
    await upload.file.truncate(0);
    upload.noteSize(0);
    upload.spoiled = false;
  }

  /** Row first: a file without a row is swept away. */
  async #created(writer: Writer, place: FilePlace): Promise<LiveUpload> {
    const { db, spool, machine } = this.#deps;
    const id = randomUUID();
    if (!(await insertUpload(db, writer, { id, place, machine }))) throw busy();
    const empty = { accountId: writer.accountId, id, bytes: 0, ranges: [], modifiedAt: new Date() };
    const upload = new LiveUpload(empty, await spool.create(id));
    this.#live.set(id, upload);
    return upload;
  }

  /** Of a file by its name: what it was, unfinished or whole, it stays. @throws SftpError */
  async #resizeRow(row: UploadRow, size: number): Promise<void> {
    const live = this.#live.get(row.id);
    if (live) return this.resize({ upload: live }, size);
    if (row.state === 'imported' || row.state === 'taken') throw imported();
    if (row.machine !== this.#deps.machine || size > row.bytes) throw new SftpError('unsupported');
    const ranges = new WrittenRanges(row.ranges);
    ranges.cut(size);
    const progress = { bytes: size, ranges: ranges.toJSON(), modifiedAt: row.modifiedAt };
    await saveProgress(this.#deps.db, row.accountId, row.id, progress);
  }

  #attributesOf(row: UploadRow): Attributes {
    return this.#live.get(row.id)?.attributes ?? { isFolder: false, size: row.bytes, modifiedAt: row.modifiedAt };
  }

  /** The bytes of a row that is gone; those on other machines are swept there, those that are open when they are closed. */
  async #forget(row: UploadRow): Promise<void> {
    if (row.machine === this.#deps.machine && !this.#live.has(row.id)) await this.#deps.spool.remove(row.id);
  }
}

/** @throws SftpError for an opening that no file, or this one, allows */
function checkOpen(row: UploadRow | null, flags: OpenFlags): void {
  if (!flags.write)
    throw row ? new SftpError('permissionDenied', 'Files cannot be read back') : new SftpError('noSuchFile');
  if (!row) {
    if (!flags.create) throw new SftpError('noSuchFile');
    return;
  }
  if (flags.exclusive && flags.create) throw new SftpError('failure', 'File exists');
  if (row.state === 'imported' && !flags.truncate && (flags.append || !flags.create)) throw imported();
}

function imported(): SftpError {
  return new SftpError('failure', 'The file has been imported: upload it as a whole, or under another name');
}

function takenOver(): SftpError {
  return new SftpError('failure', 'Another session has opened the file');
}

function busy(): SftpError {
  return new SftpError('failure', 'The file is being imported: try again in a moment');
}

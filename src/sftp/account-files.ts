/** What one session may do: the folders of its account and the handles it has open. */
import type { Logger } from '../kernel/logger.ts';
import type { Grip } from './live-upload.ts';
import { folders, placeOf, type FilePlace, type Folder } from './names.ts';
import { limits, type Attributes, type Entry, type Room } from './replies.ts';
import type { GivenAttributes, OpenFlags } from './requests.ts';
import { SftpError } from './status.ts';
import type { Uploads } from './uploads.ts';
import type { Writer } from './upload-rows.ts';

interface OpenFile {
  readonly kind: 'file';
  readonly path: string;
  readonly grip: Grip;
  readonly append: boolean;
}

interface OpenFolder {
  readonly kind: 'folder';
  readonly path: string;
  readonly folder: Folder | null;
  /** The last name that was listed; null when all were. */
  after: string | null;
}

/** Entries of one READDIR reply. */
const pageSize = 100;
const folderAttributes: Attributes = { isFolder: true, size: 4096, modifiedAt: new Date() };

export class AccountFiles {
  readonly #uploads: Uploads;
  readonly #writer: Writer;
  readonly #log: Logger;
  readonly #handles = new Map<number, OpenFile | OpenFolder>();
  #lastHandle = 0;

  constructor(uploads: Uploads, writer: Writer, log: Logger) {
    this.#uploads = uploads;
    this.#writer = writer;
    this.#log = log;
  }

  async stat(path: string): Promise<Attributes> {
    const place = placeOf(path);
    if (place.kind === 'nowhere') throw new SftpError('noSuchFile');
    return place.kind === 'file' ? this.#uploads.stat(this.#writer.accountId, place) : folderAttributes;
  }

  async fstat(handle: number): Promise<Attributes> {
    const open = this.#handle(handle);
    return open.kind === 'file' ? open.grip.upload.attributes : folderAttributes;
  }

  async open(path: string, flags: OpenFlags): Promise<number> {
    const place = placeOf(path);
    if (place.kind === 'nowhere') throw outside();
    if (place.kind !== 'file') throw new SftpError('failure', 'Is a folder');
    this.#checkRoom();
    const grip = await this.#uploads.open(this, this.#writer, place, flags);
    return this.#keep({ kind: 'file', path, grip, append: flags.append });
  }

  async write(handle: number, offset: number, parts: readonly Buffer[], bytes: number): Promise<void> {
    const { grip, append } = this.#file(handle);
    await this.#uploads.write(grip, append ? grip.upload.bytes : offset, parts, bytes);
  }

  async close(handle: number): Promise<void> {
    const open = this.#handle(handle);
    this.#handles.delete(handle);
    if (open.kind === 'folder') return;
    const { bytes, isWhole: whole } = open.grip.upload;
    await this.#uploads.release(open.grip, 'closed');
    this.#log.info({ path: open.path, bytes, whole }, 'sftp.upload.closed');
  }

  async fsync(handle: number): Promise<void> {
    await this.#file(handle).grip.upload.file.sync();
  }

  async setStat(path: string, given: GivenAttributes): Promise<void> {
    const place = placeOf(path);
    if (place.kind === 'nowhere') throw new SftpError('noSuchFile');
    if (place.kind === 'file') await this.#uploads.setAttributes(this.#writer.accountId, place, given);
  }

  async fsetStat(handle: number, given: GivenAttributes): Promise<void> {
    const { grip } = this.#file(handle);
    if (given.size !== undefined) await this.#uploads.resize(grip, given.size);
    if (given.modifiedAt === undefined) return;
    grip.upload.modifiedAt = new Date(given.modifiedAt * 1000);
    grip.upload.dirty = true;
  }

  async openFolder(path: string): Promise<number> {
    const place = placeOf(path);
    if (place.kind === 'file') {
      await this.#uploads.stat(this.#writer.accountId, place);
      throw new SftpError('failure', 'Not a folder');
    }
    if (place.kind === 'nowhere') throw new SftpError('noSuchFile');
    this.#checkRoom();
    return this.#keep({ kind: 'folder', path, folder: place.kind === 'folder' ? place.folder : null, after: '' });
  }

  /** The next entries; null after the last. */
  async readFolder(handle: number): Promise<readonly Entry[] | null> {
    const open = this.#handle(handle);
    if (open.kind !== 'folder') throw new SftpError('failure', 'Not a folder');
    if (open.after === null) return null;
    const isFirst = open.after === '';
    const files =
      open.folder === null ? [] : await this.#uploads.list(this.#writer.accountId, open.folder, open.after, pageSize);
    open.after = files.length < pageSize ? null : (files.at(-1)?.name ?? null);
    if (!isFirst) return files.length > 0 ? files : null;
    const names = ['.', '..', ...(open.folder === null ? folders : [])];
    return [...names.map((name) => ({ name, attributes: folderAttributes })), ...files];
  }

  async rename(from: string, to: string, replace: boolean): Promise<void> {
    const [source, target] = [this.#ownFile(from), placeOf(to)];
    if (target.kind !== 'file') throw outside();
    await this.#uploads.rename(this.#writer.accountId, source, target, replace);
    this.#log.info({ path: from, to }, 'sftp.upload.renamed');
  }

  async remove(path: string): Promise<void> {
    await this.#uploads.remove(this.#writer.accountId, this.#ownFile(path));
    this.#log.info({ path }, 'sftp.upload.removed');
  }

  async makeFolder(path: string): Promise<void> {
    const { kind } = placeOf(path);
    if (kind === 'root' || kind === 'folder') throw new SftpError('failure', 'The folder exists');
    throw outside();
  }

  async removeFolder(path: string): Promise<void> {
    const { kind } = placeOf(path);
    throw new SftpError(kind === 'root' || kind === 'folder' ? 'permissionDenied' : 'noSuchFile');
  }

  room(): Promise<Room> {
    return this.#uploads.room(this.#writer.accountId);
  }

  /** The connection is gone. What was open is kept to be resumed, and not imported. */
  async abandon(): Promise<void> {
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    for (const open of handles) {
      if (open.kind === 'folder') continue;
      await this.#uploads.release(open.grip, 'abandoned');
      this.#log.info({ path: open.path, bytes: open.grip.upload.bytes }, 'sftp.upload.interrupted');
    }
  }

  #checkRoom(): void {
    if (this.#handles.size >= limits.handles) throw new SftpError('failure', 'Too many files are open');
  }

  #keep(open: OpenFile | OpenFolder): number {
    this.#lastHandle += 1;
    this.#handles.set(this.#lastHandle, open);
    return this.#lastHandle;
  }

  #handle(handle: number): OpenFile | OpenFolder {
    const open = this.#handles.get(handle);
    if (!open) throw new SftpError('failure', 'Invalid handle');
    return open;
  }

  #file(handle: number): OpenFile {
    const open = this.#handle(handle);
    if (open.kind !== 'file') throw new SftpError('failure', 'Invalid handle');
    return open;
  }

  #ownFile(path: string): FilePlace {
    const place = placeOf(path);
    if (place.kind === 'file') return place;
    throw new SftpError(place.kind === 'nowhere' ? 'noSuchFile' : 'permissionDenied');
  }
}

function outside(): SftpError {
  return new SftpError('permissionDenied', 'Files go into profiles/ or events/');
}

import type { FileHandle } from 'node:fs/promises';
import type { Attributes } from './replies.ts';
import { WrittenRanges } from './ranges.ts';
import type { Progress, UploadRow } from './upload-rows.ts';

/** Of one session: what it opened is its own until another session opens the same file. */
export interface Grip {
  readonly upload: LiveUpload;
  /** Who had it open before is `stale` once this is less than the file's. */
  readonly turn: number;
}

/** A file that a session on this machine has open. */
export class LiveUpload {
  readonly accountId: number;
  readonly id: string;
  readonly file: FileHandle;
  readonly ranges: WrittenRanges;
  bytes: number;
  modifiedAt: Date;
  /** Of the session that opened it last. */
  handles = 0;
  /** A write failed, or a connection broke: the file is not whole, even if it has no gaps. */
  spoiled = false;
  /** Changed since the row was saved. */
  dirty = false;
  /** Size of an imported file in whose place this one is: whoever begins there wants to continue it. */
  replaced: number | null = null;
  #session: object | null = null;
  #turn = 0;

  constructor(row: Pick<UploadRow, 'accountId' | 'id'> & Progress, file: FileHandle) {
    this.accountId = row.accountId;
    this.id = row.id;
    this.file = file;
    this.ranges = new WrittenRanges(row.ranges);
    this.bytes = row.bytes;
    this.modifiedAt = row.modifiedAt;
  }

  /**
   * One more handle. A session that comes later takes the file over: the earlier one may be a broken connection that nobody has noticed
   * yet, whose end must not spoil what its successor resumed.
   */
  grip(session: object): Grip {
    if (this.#session !== session) {
      this.#session = session;
      this.#turn += 1;
      this.handles = 0;
      this.spoiled = false;
    }
    this.handles += 1;
    return { upload: this, turn: this.#turn };
  }

  isStale(grip: Grip): boolean {
    return grip.turn !== this.#turn;
  }

  get isWhole(): boolean {
    return !this.spoiled && this.ranges.covers(this.bytes);
  }

  get attributes(): Attributes {
    return { isFolder: false, size: this.bytes, modifiedAt: this.modifiedAt };
  }

  get progress(): Progress {
    return { bytes: this.bytes, ranges: this.ranges.toJSON(), modifiedAt: this.modifiedAt };
  }

  /** After the bytes are written. @throws RangeError for too many gaps */
  noteWrite(from: number, to: number): void {
    this.ranges.add(from, to);
    this.#changed(Math.max(this.bytes, to));
  }

  /** After the file has this size. */
  noteSize(size: number): void {
    this.ranges.cut(size);
    this.#changed(size);
  }

  #changed(bytes: number): void {
    this.bytes = bytes;
    this.modifiedAt = new Date();
    this.dirty = true;
  }
}

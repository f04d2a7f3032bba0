/** How much may still be uploaded: per file, per account, and for the disk's sake. */
import type { Sql } from '../db/database.ts';
import type { LiveUpload } from './live-upload.ts';
import type { Room } from './replies.ts';
import type { Spool } from './spool.ts';
import { SftpError } from './status.ts';
import { usageOf } from './upload-rows.ts';

export interface QuotaLimits {
  readonly fileBytes: number;
  /** Of all files of an account that are not imported yet. */
  readonly accountBytes: number;
}

/** Files of one account that are not imported yet; each is a row, and a file on the disk. */
const mostFiles = 10_000;

export class Quota {
  readonly #sql: Sql;
  readonly #spool: Spool;
  readonly #limits: QuotaLimits;
  /** By account: counted anew at each opening of a file, grown by each write in between. */
  readonly #used = new Map<number, number>();

  constructor(sql: Sql, spool: Spool, limits: QuotaLimits) {
    this.#sql = sql;
    this.#spool = spool;
    this.#limits = limits;
  }

  /** Counts what the account has, here and on other machines. @throws SftpError when it may have no more files */
  async count(accountId: number, live: readonly LiveUpload[]): Promise<void> {
    const ids = live.map((upload) => upload.id);
    const others = await usageOf(this.#sql, accountId, ids);
    const bytes = live.reduce((sum, upload) => sum + upload.bytes, others.bytes);
    this.#used.set(accountId, bytes);
    if (others.files + ids.length >= mostFiles) throw exceeded();
  }

  /** Reserves what a file of the account grows by. @throws SftpError "Quota exceeded" */
  async reserve(upload: LiveUpload, size: number, written: number): Promise<void> {
    const { free } = await this.#spool.room();
    // nothing may come between reading and adding
    const growth = Math.max(0, size - upload.bytes);
    const used = (this.#used.get(upload.accountId) ?? 0) + growth;
    if (size > this.#limits.fileBytes || used > this.#limits.accountBytes || written > free) throw exceeded();
    this.#used.set(upload.accountId, used);
  }

  async room(accountId: number): Promise<Room> {
    const { bytes } = await usageOf(this.#sql, accountId, []);
    const { free } = await this.#spool.room();
    const total = this.#limits.accountBytes;
    return { total, free: Math.min(free, Math.max(0, total - bytes)) };
  }
}

function exceeded(): SftpError {
  return new SftpError('failure', 'Quota exceeded');
}

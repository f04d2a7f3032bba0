/**
 * Gives files to imports once they are whole and have been left alone for the quiet time, and keeps spool and rows in step. The
 * state `taken` goes first: whatever dies in between, the same file is given again under the same id, which changes nothing.
 */
import type { Database } from '../db/database.ts';
import type { Imports } from '../imports/types.ts';
import type { Logger } from '../kernel/logger.ts';
import {
  dueUploads,
  expireUploads,
  markImported,
  shortenUpload,
  takeUpload,
  uploadsOfMachine,
} from './handover-rows.ts';
import { WrittenRanges } from './ranges.ts';
import type { Spool } from './spool.ts';
import type { UploadRow } from './upload-rows.ts';

export interface HandoverDeps {
  readonly db: Database;
  readonly spool: Spool;
  readonly imports: Pick<Imports, 'accept'>;
  readonly machine: string;
  readonly keepDays: number;
  readonly log: Logger;
}

/** Files that are handed over at once. */
const atOnce = 4;
/** After this a file is tried again, also when the process died. */
const retrySeconds = 30;

export class Handover {
  readonly #deps: HandoverDeps;
  readonly #inHand = new Map<string, Promise<void>>();

  constructor(deps: HandoverDeps) {
    this.#deps = deps;
  }

  /** At the start, before anything is written: rows and disk agree again after a crash. */
  async recover(): Promise<void> {
    const { db, spool, machine, log } = this.#deps;
    const rows = await uploadsOfMachine(db, machine);
    for (const row of rows) {
      const size = (await spool.size(row.id)) ?? (await madeAnew(spool, row.id));
      if (size >= row.bytes) continue;
      // the power failed: file systems give a file its length only after its bytes, so what is there is good. It was not handed over, since
      // that begins with a file that is safe on the disk
      const ranges = new WrittenRanges(row.ranges);
      ranges.cut(size);
      await shortenUpload(db, row, size, ranges.toJSON());
      log.warn({ ...factsOf(row), left: size }, 'sftp.upload.shortened');
    }
    const known = new Set(rows.map((row) => row.id));
    for (const id of await spool.ids()) if (!known.has(id)) await spool.remove(id);
  }

  /** Begins with what is due. Does not wait for it. */
  async begin(): Promise<void> {
    if (this.#inHand.size >= atOnce) return;
    for (const due of await dueUploads(this.#deps.db, this.#deps.machine, atOnce)) {
      if (this.#inHand.has(due.id) || this.#inHand.size >= atOnce) continue;
      const work = this.#give(due).finally(() => this.#inHand.delete(due.id));
      this.#inHand.set(due.id, work);
    }
  }

  /** Removes what nobody has written to for days. */
  async expire(): Promise<void> {
    const { db, spool, machine, keepDays, log } = this.#deps;
    for (const row of await expireUploads(db, keepDays)) {
      if (row.machine === machine) await spool.remove(row.id);
      if (row.state !== 'imported') log.warn(factsOf(row), 'sftp.upload.expired');
    }
    await this.#sweep();
  }

  /** Lets what is in hand end. */
  async settle(): Promise<void> {
    await Promise.all(this.#inHand.values());
  }

  /** Bytes whose row another machine has removed. Ids are read first: a file that is made meanwhile is not touched. */
  async #sweep(): Promise<void> {
    const { db, spool, machine } = this.#deps;
    const ids = await spool.ids();
    const known = new Set((await uploadsOfMachine(db, machine)).map((row) => row.id));
    for (const id of ids) if (!known.has(id)) await spool.remove(id);
  }

  async #give(due: UploadRow): Promise<void> {
    const { db, spool, imports, log } = this.#deps;
    try {
      const row = await takeUpload(db, due, retrySeconds);
      if (!row) return;
      await spool.seal(row.id, row.bytes);
      const { importId } = await imports.accept(row.id, {
        accountId: row.accountId,
        object: row.folder,
        fileName: row.name,
        path: spool.path(row.id),
        bytes: row.bytes,
        source: 'sftp',
        by: row.owner,
        mayConsent: row.mayConsent,
      });
      await markImported(db, row, importId);
      await spool.remove(row.id);
      log.info({ ...factsOf(row), importId }, 'sftp.upload.handed-over');
    } catch (err) {
      log.error({ ...factsOf(due), err }, 'sftp.upload.not-handed-over');
    }
  }
}

/** The row comes first, so a crash may have left one without a file. */
async function madeAnew(spool: Spool, id: string): Promise<0> {
  await (await spool.create(id)).close();
  return 0;
}

function factsOf(row: UploadRow): object {
  const { accountId, id, keyId, bytes } = row;
  return { accountId, uploadId: id, keyId, path: `/${row.folder}/${row.name}`, bytes };
}

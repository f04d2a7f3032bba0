import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import type { Link, Row } from './link.ts';
import { checkTable, warehouseTable } from './schema.ts';
import * as sql from './sql.ts';
import { attemptFolder, removeLeftovers } from './stage.ts';

/** Merges of other tables hold the ledger, too; one of a whole batch takes minutes at most. */
const lockSeconds = 900;

const cleanUpMs = 15_000;

interface Load {
  readonly link: Link;
  readonly place: sql.Place;
  readonly batch: StagedBatch;
  readonly signal: AbortSignal;
  readonly done: (step: string) => void;
}

/**
 * Applies a batch: the staged files go to the user's stage as they are, COPY brings them into a temporary table, where they are
 * counted; then one transaction locks the ledger, looks into it, merges, buries deletions and writes the ledger row. Every step is
 * logged when it is done, by name, so that a crash can be placed (the conformance suite kills the process at each).
 *
 * If the answer to COMMIT is lost, nobody here knows whether it was done. The batch then fails as any other, and its next attempt either
 * finds the ledger row, or a table that was not touched.
 */
export async function applyBatch(
  link: Link,
  place: sql.Place,
  batch: StagedBatch,
  context: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Receipt> {
  const { log, signal } = context;
  const done = (step: string): void => {
    log.debug({ batch: batch.id, step }, 'snowflake.load.step');
    if (step !== 'committed' && step !== 'cleaned') signal.throwIfAborted();
  };
  const load: Load = { link, place, batch, signal, done };
  const known = await greet(link, place, batch, signal);
  if (known) return known;
  const tag = `wharf run=${batch.runId} batch=${batch.id} fence=${batch.fence}`;
  await link.run(sql.sessionParameters(tag, lockSeconds), signal);
  await checkTable(link, place, warehouseTable(batch.table), signal);
  await abortEarlierAttempts(load);
  await removeLeftovers(link, batch, signal);
  done('greeted');

  const folder = attemptFolder(batch);
  try {
    await upload(load, folder);
    done('uploaded');
    const deletions = await copy(load, folder);
    done('staged');
    const receipt = await merge(load, deletions);
    done('committed');
    return receipt;
  } finally {
    await cleanUp(load, folder);
    done('cleaned');
  }
}

/**
 * Best effort: what stays goes with the session, with the next attempt, or with a load that finds it old. A failed load may have
 * its transaction open, which DROP would commit: first comes ROLLBACK, and without it nothing.
 */
async function cleanUp({ link, place, signal }: Load, folder: string): Promise<void> {
  if (signal.aborted) return;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(cleanUpMs)]);
  try {
    for (const statement of ['ROLLBACK', sql.removeFolder(folder), sql.dropStaged(place)])
      await link.run(statement, soon);
  } catch {
    // the load has its own outcome already
  }
}

/**
 * The receipt of a batch that the ledger has, else null. One light statement.
 * @throws AppError FENCED when a worker with a higher fence has loaded it
 */
export async function greet(
  link: Link,
  place: sql.Place,
  batch: StagedBatch,
  signal: AbortSignal,
): Promise<Receipt | null> {
  const [row] = await link.run(sql.selectLedger(place), signal, [batch.id]);
  if (!row) return null;
  const seen = count(row, 'FENCE');
  if (seen > batch.fence) throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen } });
  return { loaded: count(row, 'ROWS'), applied: null, alreadyLoaded: true };
}

/**
 * A worker that died leaves its transaction open, and with it the lock on the ledger: Snowflake would wait five minutes before it
 * ends one that blocks others. One that lives but was replaced loses its transaction as well, and changes nothing.
 * @throws AppError FENCED when a worker with a higher fence is at it
 */
async function abortEarlierAttempts({ link, batch, signal }: Load): Promise<void> {
  const prefix = sql.transactionPrefix(batch);
  for (const transaction of await link.run(sql.showTransactions, signal)) {
    const name = String(transaction['name']).toUpperCase();
    if (!name.startsWith(prefix)) continue;
    const seen = Number(name.slice(prefix.length));
    if (seen > batch.fence) throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen } });
    await link.run(sql.abortTransaction(BigInt(String(transaction['id']))), signal);
  }
}

async function upload({ link, batch, signal }: Load, folder: string): Promise<void> {
  for (const [index, file] of batch.files.entries()) {
    const path = await file.localPath(signal);
    // a folder a file: two may have the same name
    const [answer] = await link.run(sql.putFile(path, `${folder}${index}/`), signal);
    const status = String(answer?.['status']);
    if (status !== 'UPLOADED') {
      throw new AppError('UPLOAD_CORRUPT', {
        summary: 'A staged file did not arrive in the stage of Snowflake.',
        details: { batch: batch.id, file: file.name, status },
      });
    }
  }
}

/** Resolves to the number of deletions. */
async function copy({ link, place, batch, signal }: Load, folder: string): Promise<number> {
  await link.run(sql.createStaged(place, batch.table), signal);
  const files = await link.runLong(sql.copyStaged(place, batch.table, folder), signal);
  const loaded = files.filter((file) => file['status'] === 'LOADED');
  const rows = loaded.reduce((sum, file) => sum + count(file, 'rows_loaded'), 0);
  if (loaded.length !== batch.files.length) throw countMismatch(batch, rows);
  const [counted = {}] = await link.run(sql.countStaged(place), signal);
  if (rows !== batch.rows || count(counted, 'ROWS') !== batch.rows) throw countMismatch(batch, count(counted, 'ROWS'));
  if (count(counted, 'BEYOND') > 0) {
    throw new AppError('DATA_INVALID', {
      summary: 'A change number does not fit into 64 bits.',
      details: { batch: batch.id },
    });
  }
  if (count(counted, 'DOUBLED') > 0) {
    throw new AppError('DUPLICATE_KEY_IN_BATCH', { details: { batch: batch.id, keys: count(counted, 'DOUBLED') } });
  }
  return count(counted, 'DELETIONS');
}

async function merge({ link, place, batch, signal, done }: Load, deletions: number): Promise<Receipt> {
  const table = batch.table.name;
  const now = new Date().toISOString().slice(0, -1);
  // The driver sends a statement again until it is answered, maybe after we gave up and the transaction is gone. From here on nothing
  // lasts without a COMMIT.
  await link.run(sql.nothingByItself, signal);
  await link.run(sql.beginNamed(sql.transactionName(batch)), signal);
  const [transaction = {}] = await link.run(sql.currentTransaction, signal);
  await link.run(sql.lockLedger(place), signal, [`lock:${table}`, table, now]);
  // a statement of its own: it sees what was committed while the lock was waited for
  const known = await greet(link, place, batch, signal);
  done('locked');
  if (known) {
    await link.run('ROLLBACK', signal);
    return known;
  }
  const [merged = {}] = await link.runLong(sql.mergeRows(place, batch.table), signal, [now, table]);
  if (deletions > 0) await link.runLong(sql.buryDeletions(place), signal, [table]);
  done('merged');
  const upserted = count(merged, 'number of rows inserted') + count(merged, 'number of rows updated');
  const deleted = count(merged, 'number of rows deleted');
  const [recorded = {}] = await link.run(sql.insertLedger(place), signal, [
    batch.id,
    batch.syncId,
    batch.runId,
    table,
    batch.window.from,
    batch.window.to,
    batch.rows,
    upserted,
    deleted,
    batch.fence,
    now,
    String(transaction['ID']),
  ]);
  if (count(recorded, 'number of rows inserted') !== 1) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence } });
  }
  done('recorded');
  await link.run('COMMIT', signal);
  return { loaded: batch.rows, applied: { upserted, deleted }, alreadyLoaded: false };
}

function count(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}

function countMismatch(batch: StagedBatch, counted: number): AppError {
  return new AppError('COUNT_MISMATCH', {
    summary: `Snowflake counted ${counted} rows where ${batch.rows} were staged; nothing was applied.`,
    details: { batch: batch.id, counted, staged: batch.rows },
  });
}

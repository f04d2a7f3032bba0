import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import type { SqlConnection, SqlResult } from './connection.ts';
import { gateMismatch } from './schema.ts';
import * as sql from './sql.ts';

export interface MergeContext {
  readonly connection: SqlConnection;
  readonly batch: StagedBatch;
  /** Name of the table in the staging schema that holds the batch. */
  readonly stage: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Every step is logged when it is done, by name, so that a crash can be placed (the conformance suite kills the process at each). */
export function stepLogger({ batch, log, signal }: Pick<MergeContext, 'batch' | 'log' | 'signal'>) {
  return (step: string): void => {
    log.debug({ batch: batch.id, step }, 'synapse.load.step');
    // the statement that was running is cancelled on the server; this catches an abort between two
    if (step !== 'committed') signal.throwIfAborted();
  };
}

/**
 * The receipt of a batch that the ledger has, else null.
 * @throws AppError FENCED when a worker with a higher fence has loaded it
 */
export async function alreadyLoaded(
  connection: SqlConnection,
  batch: StagedBatch,
  signal: AbortSignal,
): Promise<Receipt | null> {
  const { rows } = await connection.run(sql.findInLedger, signal, { batch: batch.id });
  const [row] = rows;
  if (!row) return null;
  if (Number(row[1]) > batch.fence) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen: Number(row[1]) } });
  }
  return { loaded: Number(row[0]), applied: null, alreadyLoaded: true };
}

/** Counts what COPY INTO landed and keeps the newest row of each key. Outside the transaction: the stage is ours alone. */
export async function settleStage({ connection, batch, stage, signal }: MergeContext): Promise<void> {
  const [rows, keys] = numbersOf(await connection.run(sql.countStaged(stage), signal));
  if (rows !== batch.rows) throw countMismatch(batch, rows);
  if (rows === keys) return;
  const { affected } = await connection.run(sql.dropSuperseded(stage), signal);
  if (rows - affected !== keys) {
    throw new AppError('DUPLICATE_KEY_IN_BATCH', { details: { batch: batch.id, keys, rows: rows - affected } });
  }
}

/**
 * Applies the staged batch in one transaction. Any error leaves it open: the caller rolls back and drops the connection,
 * since after an error a pool takes nothing but ROLLBACK.
 */
export async function mergeStage(context: MergeContext): Promise<Receipt> {
  const { connection, batch, signal } = context;
  const done = stepLogger(context);
  await connection.run(sql.begin, signal);
  try {
    await passGate(context);
    done('gated');
    const receipt = (await alreadyLoaded(connection, batch, signal)) ?? (await merge(context));
    done('recorded');
    await connection.run(sql.commit, signal);
    done('committed');
    return receipt;
  } catch (error) {
    await connection.run(sql.rollback, AbortSignal.timeout(10_000)).catch(() => undefined);
    throw error;
  }
}

/** The row's lock makes loads of one table take turns, so that each sees all that those before it wrote. */
async function passGate({ connection, batch, signal }: MergeContext): Promise<void> {
  const table = batch.table.name;
  const { affected } = await connection.run(sql.passGate, signal, { table });
  if (affected !== 1) throw gateMismatch(table, affected);
}

async function merge(context: MergeContext): Promise<Receipt> {
  const { connection, batch, stage, signal } = context;
  const { table } = batch;
  const named = { table: table.name };
  const run = (text: string): Promise<SqlResult> => connection.run(text, signal);

  await run(sql.dropOlderThanTable(stage, table));
  await connection.run(sql.dropOlderThanTombstone(stage), signal, named);
  const [winners, dead] = numbersOf(await run(sql.countWinners(stage)));
  const live = winners - dead;

  const buried = dead === 0 ? 0 : (await run(sql.deleteStored(stage, table, true))).affected;
  if (live > 0) await run(sql.deleteStored(stage, table, false));
  const inserted = live === 0 ? 0 : (await run(sql.insertWinners(stage, table))).affected;
  if (inserted !== live) throw countMismatch(batch, batch.rows - live + inserted);
  if (dead > 0) {
    await connection.run(sql.dropReplacedTombstones(stage), signal, named);
    await connection.run(sql.insertTombstones(stage), signal, named);
  }
  stepLogger(context)('merged');

  await writeLedger(context, { upserted: inserted, deleted: buried });
  await verify(context, live);
  return { loaded: batch.rows, applied: { upserted: inserted, deleted: buried }, alreadyLoaded: false };
}

async function writeLedger(
  { connection, batch, signal }: MergeContext,
  applied: { readonly upserted: number; readonly deleted: number },
): Promise<void> {
  await connection.run(sql.insertLedger, signal, {
    batch: batch.id,
    sync: batch.syncId,
    run: batch.runId,
    table: batch.table.name,
    from: batch.window.from,
    to: batch.window.to,
    rows: batch.rows,
    ...applied,
    fence: batch.fence,
  });
}

/**
 * The result itself is looked at before it is committed, so that correctness does not hang on how the pool locks: if
 * another load had passed the gate too, its rows or its ledger entry would be seen here, since a pool reads uncommitted.
 */
async function verify({ connection, batch, stage, signal }: MergeContext, live: number): Promise<void> {
  const [landed] = numbersOf(await connection.run(sql.countLanded(stage, batch.table), signal));
  const [entries] = numbersOf(await connection.run(sql.countInLedger, signal, { batch: batch.id }));
  if (landed === live && entries === 1) return;
  throw new AppError('CONCURRENCY', { details: { batch: batch.id, live, landed, entries } });
}

function numbersOf({ rows }: SqlResult): [number, number] {
  const [first, second] = (rows[0] ?? []).map(Number);
  return [first ?? 0, second ?? 0];
}

function countMismatch(batch: StagedBatch, counted: number): AppError {
  return new AppError('COUNT_MISMATCH', {
    summary: `Synapse counted ${counted} rows where ${batch.rows} were staged; nothing was applied.`,
    details: { batch: batch.id, counted, staged: batch.rows },
  });
}

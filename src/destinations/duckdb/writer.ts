import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import { prepareTable } from './schema.ts';
import * as sql from './sql.ts';

/**
 * Applies a batch in one transaction: stage keys, count, keep the newest of each key, drop what is older than the
 * table or a tombstone, replace rows, bury deletions, write the ledger row. Every step is logged when it is done, by
 * name, so that a crash can be placed (the conformance suite kills the process at each).
 */
export async function applyBatch(
  connection: DuckDBConnection,
  batch: StagedBatch,
  paths: readonly string[],
  context: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Receipt> {
  const done = (step: string): void => {
    context.log.debug({ batch: batch.id, step }, 'duckdb.load.step');
    // an interrupt reaches only a running statement; this catches one that came between two
    if (step !== 'committed') context.signal.throwIfAborted();
  };
  await prepareTable(connection, batch.table);
  done('tables');
  await connection.run('BEGIN');
  try {
    const receipt = (await alreadyLoaded(connection, batch)) ?? (await merge(connection, batch, paths, done));
    await connection.run('COMMIT');
    done('committed');
    return receipt;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * The receipt of a batch that the ledger has, else null.
 * @throws AppError FENCED when a worker with a higher fence has loaded it
 */
export async function alreadyLoaded(connection: DuckDBConnection, batch: StagedBatch): Promise<Receipt | null> {
  const found = await connection.runAndReadAll(`SELECT "rows", fence FROM _wharf_ledger WHERE batch_id = $batch`, {
    batch: batch.id,
  });
  const [row] = found.getRows();
  if (!row) return null;
  if (Number(row[1]) > batch.fence) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen: Number(row[1]) } });
  }
  return { loaded: Number(row[0]), applied: null, alreadyLoaded: true };
}

async function merge(
  connection: DuckDBConnection,
  batch: StagedBatch,
  paths: readonly string[],
  done: (step: string) => void,
): Promise<Receipt> {
  const run = async (text: string, values?: Record<string, DuckDBValue>) =>
    (await connection.run(text, values)).rowsChanged;
  const table = batch.table.name;

  await run(sql.createStagedKey);
  const staged = await run(sql.stageKeys(batch.table, paths));
  if (staged !== batch.rows) throw countMismatch(batch, staged);
  done('staged');

  await run(sql.createWinner);
  await run('DROP TABLE staged_key');
  await run(sql.createPresent(batch.table));
  await run(sql.dropStaleWinners);
  await run(sql.dropDeletedWinners, { table });
  const { live, dead, buried } = await countWinners(connection);
  done('chosen');

  await run(sql.deleteReplaced(batch.table));
  // every staged row is alive and the newest of its key: then the files can be copied without a join
  const every = live === staged;
  const inserted =
    live === 0 ? 0 : await run(sql.insertRows(batch.table, paths, every), { syncedAt: new Date().toISOString() });
  if (inserted > live) throw new AppError('DUPLICATE_KEY_IN_BATCH', { details: { batch: batch.id, live, inserted } });
  if (inserted < live) throw countMismatch(batch, staged - (live - inserted));
  if (dead > 0) for (const statement of sql.replaceTombstones) await run(statement, { table });
  done('merged');

  await writeLedger(connection, batch, { upserted: inserted, deleted: buried });
  await run('DROP TABLE winner; DROP TABLE present;');
  done('recorded');
  return { loaded: staged, applied: { upserted: inserted, deleted: buried }, alreadyLoaded: false };
}

/** Winners that are rows, winners that are deletions, and deletions of a row that is there. */
async function countWinners(connection: DuckDBConnection): Promise<{ live: number; dead: number; buried: number }> {
  const result = await connection.runAndReadAll(
    `SELECT count(*) FILTER (NOT winner.deleted), count(*) FILTER (winner.deleted),
       (SELECT count(*) FROM present JOIN winner ON winner.id = present.id WHERE winner.deleted)
     FROM winner`,
  );
  const [live, dead, buried] = (result.getRows()[0] ?? []).map(Number);
  return { live: live ?? 0, dead: dead ?? 0, buried: buried ?? 0 };
}

async function writeLedger(
  connection: DuckDBConnection,
  batch: StagedBatch,
  applied: { upserted: number; deleted: number },
): Promise<void> {
  await connection.run(
    `INSERT INTO _wharf_ledger (batch_id, sync_id, run_id, table_name, from_change, to_change, "rows", upserted, deleted, fence, loaded_at)
     VALUES ($batch, $sync, $run, $table, $from, $to, $rows, $upserted, $deleted, $fence, now() AT TIME ZONE 'UTC')`,
    {
      batch: batch.id,
      sync: batch.syncId,
      run: batch.runId,
      table: batch.table.name,
      from: BigInt(batch.window.from),
      to: BigInt(batch.window.to),
      rows: BigInt(batch.rows),
      upserted: BigInt(applied.upserted),
      deleted: BigInt(applied.deleted),
      fence: BigInt(batch.fence),
    },
  );
}

function countMismatch(batch: StagedBatch, counted: number): AppError {
  return new AppError('COUNT_MISMATCH', {
    summary: `DuckDB counted ${counted} rows where ${batch.rows} were staged; nothing was applied.`,
    details: { batch: batch.id, counted, staged: batch.rows },
  });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, StagedBatch } from '../destination.ts';
import type { Connection } from './connection.ts';
import { explainLoadError, translate } from './errors.ts';
import { rowsToInsert } from './insert-rows.ts';
import { checkTables } from './schema.ts';
import { stagingOf, type RedshiftSettings, type Staging } from './spec.ts';
import * as sql from './sql.ts';
import { stageFiles, sweepOrphans, type StagedFiles } from './stage-files.ts';
import { StagingBucket } from './staging-bucket.ts';

type Done = (step: string) => void;

/**
 * Applies a batch in one transaction: lock the ledger, stage the rows in a temporary table, count, keep the newest of
 * each key, drop what is older than the table or a tombstone, replace rows, bury deletions, write the ledger row. The
 * lock makes batches take turns, which no isolation level of Redshift then has to refuse. Every step is logged when it
 * is done, by name, so that a crash can be placed (the conformance suite kills the process at each).
 */
export async function applyBatch(
  connection: Connection,
  settings: RedshiftSettings,
  batch: StagedBatch,
  context: OpenContext,
  signal: AbortSignal,
): Promise<Receipt> {
  const done: Done = (step) => {
    context.log.debug({ batch: batch.id, step }, 'redshift.load.step');
    // this catches an abort that came between two statements
    if (step !== 'committed') signal.throwIfAborted();
  };
  await checkTables(connection, settings.schema, sql.tablesFor(batch.table.name));
  done('tables');
  const staging = stagingOf(settings);
  if (!staging)
    return transact(connection, settings, batch, done, () => insertStaged(connection, batch, context, signal));

  using bucket = new StagingBucket(staging);
  // before the lock is taken: others load meanwhile
  await using files = await stageFiles(bucket, staging, batch, context.tempDir, signal);
  done('uploaded');
  const receipt = await transact(connection, settings, batch, done, () =>
    copyStaged(connection, staging, batch, files),
  );
  await sweepOrphans(bucket, staging, batch, signal).catch((error: unknown) =>
    context.log.warn({ batch: batch.id, err: translate(error, 'load', settings) }, 'redshift.sweep.failed'),
  );
  return receipt;
}

async function transact(
  connection: Connection,
  settings: RedshiftSettings,
  batch: StagedBatch,
  done: Done,
  stage: () => Promise<void>,
): Promise<Receipt> {
  const { schema } = settings;
  await connection.run('BEGIN');
  try {
    // before any statement that reads: the snapshot is then taken when it is our turn
    await connection.run(sql.lockLedger(schema));
    done('locked');
    const receipt =
      (await alreadyLoaded(connection, schema, batch)) ?? (await merge(connection, schema, batch, done, stage));
    await connection.commit();
    done('committed');
    return receipt;
  } catch (error) {
    await connection.rollback();
    throw error instanceof CopyFailed ? await explainLoadError(connection, settings, error.cause) : error;
  }
}

/**
 * The receipt of a batch that the ledger has, else null.
 * @throws AppError FENCED when a worker with a higher fence has loaded it
 */
export async function alreadyLoaded(
  connection: Connection,
  schema: string,
  batch: StagedBatch,
): Promise<Receipt | null> {
  const [row] = (await connection.run(sql.findInLedger(schema, batch.id))).rows;
  if (!row) return null;
  const [rows, fence] = row.map(Number);
  if ((fence ?? 0) > batch.fence) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen: fence } });
  }
  return { loaded: rows ?? 0, applied: null, alreadyLoaded: true };
}

/** Thrown inside the transaction; why it failed can be asked only after its end. */
class CopyFailed extends Error {}

async function copyStaged(
  connection: Connection,
  staging: Staging,
  batch: StagedBatch,
  { manifestUrl }: StagedFiles,
): Promise<void> {
  await connection.run(sql.createStage(batch.table, 'VARBYTE(16777216)'));
  await connection.run(sql.copyManifest(manifestUrl, staging)).catch((cause: unknown) => {
    throw new CopyFailed('COPY failed', { cause });
  });
}

async function insertStaged(
  connection: Connection,
  batch: StagedBatch,
  { tempDir }: OpenContext,
  signal: AbortSignal,
): Promise<void> {
  await connection.run(sql.createStage(batch.table, 'VARCHAR(65535)'));
  const backslashEscapes = Number((await connection.run(sql.measureBackslash)).rows[0]?.[0]) === 1;
  const spill = await mkdtemp(join(tempDir, 'rows-'));
  try {
    const paths = [];
    for (const file of batch.files) paths.push(await file.localPath(signal));
    const start = Buffer.from(sql.insertStaged(''));
    const options = { backslashEscapes, rows: batch.rows, spill, signal };
    for await (const rows of rowsToInsert(batch.table, paths, options)) {
      await connection.runBytes([start, rows]);
    }
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

async function merge(
  connection: Connection,
  schema: string,
  batch: StagedBatch,
  done: Done,
  stage: () => Promise<void>,
): Promise<Receipt> {
  const table = batch.table.name;
  const now = new Date();

  await stage();
  const staged = await count(connection, sql.countStaged);
  if (staged !== batch.rows) throw countMismatch(batch, staged);
  const [doubled] = (await connection.run(sql.findDoubled)).rows;
  if (doubled) throw new AppError('DUPLICATE_KEY_IN_BATCH', { details: { batch: batch.id, id: doubled[0] } });
  done('staged');

  await connection.run(sql.createWinner);
  for (const statement of sql.dropStaleWinners(schema, table)) await connection.run(statement);
  const [live = 0, dead = 0] = ((await connection.run(sql.countWinners)).rows[0] ?? []).map(Number);
  done('chosen');

  const deleted = dead === 0 ? 0 : (await connection.run(sql.deleteReplaced(schema, table, true))).changed;
  let upserted = 0;
  if (live > 0) {
    await connection.run(sql.deleteReplaced(schema, table, false));
    upserted = (await connection.run(sql.insertRows(schema, batch.table, now))).changed;
    if (upserted !== live) throw countMismatch(batch, staged - live + upserted);
  }
  if (dead > 0) for (const statement of sql.replaceTombstones(schema, table)) await connection.run(statement);
  done('merged');

  await connection.run(sql.writeLedger(schema, batch, { upserted, deleted }, now));
  done('recorded');
  return { loaded: staged, applied: { upserted, deleted }, alreadyLoaded: false };
}

async function count(connection: Connection, statement: string): Promise<number> {
  return Number((await connection.run(statement)).rows[0]?.[0]);
}

function countMismatch(batch: StagedBatch, counted: number): AppError {
  return new AppError('COUNT_MISMATCH', {
    summary: `Redshift counted ${counted} rows where ${batch.rows} were staged; nothing was applied.`,
    details: { batch: batch.id, counted, staged: batch.rows },
  });
}

import { createHash } from 'node:crypto';
import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Receipt, StagedBatch } from '../destination.ts';
import { JobError, runJob } from './jobs.ts';
import { prepareOwnTables, prepareTable } from './schema.ts';
import * as sql from './sql.ts';
import { dropStages, stageFiles, stageName, sweepStages, type StagingTask } from './stage.ts';
import { inTurn } from './turns.ts';
import { isAboutTable, type JobResource, type Parameters, type Row, type Warehouse } from './warehouse.ts';

export interface LoadContext {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** What was done once in this session. */
  readonly done: Set<'prepared' | 'swept'>;
}

/** A job may change 4,000 partitions; a statement of the merge stays well below. */
const daysPerSlice = 3000;

/**
 * Applies a batch: load the files into staging tables, count, look at what came, then one script that is one transaction.
 * Every step is logged when it is done, by name, so that a crash can be placed (the conformance suite kills the process
 * at each).
 */
export async function applyBatch(warehouse: Warehouse, batch: StagedBatch, context: LoadContext): Promise<Receipt> {
  const { signal } = context;
  const done = (step: string): void => {
    context.log.debug({ batch: batch.id, step }, 'bigquery.load.step');
    if (step !== 'committed') signal.throwIfAborted();
  };
  const known = await findReceipt(warehouse, batch, signal);
  if (known || batch.rows === 0) return known ?? { loaded: 0, applied: null, alreadyLoaded: false };
  done('greeted');

  await warehouse.location(signal);
  await once(context, 'prepared', () => prepareOwnTables(warehouse, signal));
  await prepareTable(warehouse, batch.table, signal);
  await once(context, 'swept', () => sweepStages(warehouse, signal));
  done('tables');

  const task = stagingTask(warehouse, batch);
  try {
    const staged = await stageFiles(task, signal);
    if (staged !== batch.rows) throw countMismatch(batch, staged);
    done('staged');

    const plan = await planLoad(task, batch, context);
    done('examined');

    const { place } = warehouse;
    const receipt = await inTurn(`${place.projectId}.${place.dataset}`, signal, () =>
      merge(task, batch, plan, signal, done),
    );
    done('committed');
    return receipt;
  } finally {
    // also after an abort; what stays goes by itself within a day
    await dropStages(task, AbortSignal.timeout(15_000)).catch((error: unknown) =>
      context.log.warn({ batch: batch.id, err: error }, 'bigquery.stage.left'),
    );
  }
}

async function once(context: LoadContext, what: 'prepared' | 'swept', work: () => Promise<void>): Promise<void> {
  if (context.done.has(what)) return;
  await work();
  context.done.add(what);
}

function stagingTask(warehouse: Warehouse, batch: StagedBatch): StagingTask {
  const { projectId, dataset } = warehouse.place;
  const owner = `${batch.id.replaceAll(/\W/g, '_')}_${batch.fence}`;
  // job ids are the project's, batch ids may be known in several datasets of it
  const place = createHash('sha256').update(`${projectId}.${dataset}`).digest('hex').slice(0, 8);
  return { warehouse, table: batch.table, files: batch.files, owner, jobPrefix: `wharf_${place}_${owner}` };
}

/**
 * The receipt of a batch that the ledger has, else null.
 * @throws AppError FENCED when a worker with a higher fence has loaded it
 */
async function findReceipt(warehouse: Warehouse, batch: StagedBatch, signal: AbortSignal): Promise<Receipt | null> {
  const [row] = await warehouse
    .query(sql.findLoaded(warehouse.place), { batch: batch.id }, signal)
    .catch((error: unknown): readonly Row[] => {
      // no ledger, nothing loaded: the load makes it
      if (isAboutTable(error)) return [];
      throw error;
    });
  if (!row) return null;
  const [rows, fence] = row.map(Number);
  if ((fence ?? 0) > batch.fence) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen: fence } });
  }
  return { loaded: rows ?? 0, applied: null, alreadyLoaded: true };
}

/**
 * Looks at the staged rows, which decides what the script has to do.
 * @throws AppError COUNT_MISMATCH, DUPLICATE_KEY_IN_BATCH
 */
async function planLoad(task: StagingTask, batch: StagedBatch, { log, signal }: LoadContext): Promise<sql.LoadPlan> {
  const { warehouse, table } = task;
  const stages = task.files.map((_, index) => stageName(task.owner, index));
  const [row] = await warehouse.query(sql.examineStage(warehouse.place, table, stages), {}, signal);
  const [rows, deletions, doubled, unreadable, example, locks, days, timeless, from, to] = row ?? [];
  if (Number(rows) !== batch.rows) throw countMismatch(batch, Number(rows));
  if (Number(doubled) > 0) {
    throw new AppError('DUPLICATE_KEY_IN_BATCH', { details: { batch: batch.id, keys: Number(doubled) } });
  }
  if (Number(unreadable) > 0) {
    log.warn({ batch: batch.id, rows: Number(unreadable), id: example }, 'bigquery.load.documents_as_text');
  }
  if (Number(locks) === 0) await warehouse.query(sql.seedLock(warehouse.place), {}, signal);
  const plan = { place: warehouse.place, table, stages, deletions: Number(deletions) > 0 };
  if (!sql.isPartitioned(table)) return { ...plan, slices: Number(deletions) === batch.rows ? [] : ['all'] };
  const slices: sql.Slice[] = Number(timeless) > 0 ? ['timeless'] : [];
  if (from && to) slices.push(...(await slicesOf(task, stages, Number(days), BigInt(from), BigInt(to), signal)));
  return { ...plan, slices };
}

async function slicesOf(
  { warehouse }: StagingTask,
  stages: readonly string[],
  days: number,
  from: bigint,
  to: bigint,
  signal: AbortSignal,
): Promise<sql.Slice[]> {
  const starts = [from];
  if (days > daysPerSlice) {
    const rows = await warehouse.query(sql.sliceStarts(warehouse.place, stages, daysPerSlice), {}, signal);
    starts.push(...rows.slice(1).map(([start]) => BigInt(start ?? 0)));
  }
  return starts.map((start, i) => {
    const next = starts[i + 1];
    return { from: sql.timestampText(start), to: sql.timestampText(next === undefined ? to : next - 1n) };
  });
}

async function merge(
  task: StagingTask,
  batch: StagedBatch,
  plan: sql.LoadPlan,
  signal: AbortSignal,
  done: (step: string) => void,
): Promise<Receipt> {
  const { warehouse } = task;
  const text = sql.script(sql.loadStatements(plan));
  try {
    const job = await runJob(
      warehouse,
      {
        name: `${task.jobPrefix}_merge`,
        start: async (jobId) => {
          const started = await warehouse.startScript(jobId, text, loadParameters(batch), signal);
          done('submitted');
          return started;
        },
        stands: async () => (await findReceipt(warehouse, batch, signal)) !== null,
      },
      signal,
    );
    return { loaded: batch.rows, applied: await appliedRows(warehouse, job), alreadyLoaded: false };
  } catch (error) {
    // another worker was first, and the script has changed nothing
    const known =
      error instanceof JobError && error.message.includes(sql.alreadyLoaded)
        ? await findReceipt(warehouse, batch, signal)
        : null;
    if (known) return known;
    throw error;
  }
}

function loadParameters(batch: StagedBatch): Parameters {
  return {
    batch: batch.id,
    sync: batch.syncId,
    run: batch.runId,
    table: batch.table.name,
    from: BigInt(batch.window.from),
    to: BigInt(batch.window.to),
    rows: BigInt(batch.rows),
    fence: BigInt(batch.fence),
  };
}

/** As the statements of the script counted them. All is committed by now, so not being told is no failure. */
async function appliedRows(warehouse: Warehouse, script: JobResource): Promise<Receipt['applied']> {
  const { jobId } = script.jobReference;
  const children = await warehouse.childJobs(jobId, AbortSignal.timeout(10_000)).catch(() => null);
  if (!children) return null;
  const merges = children.flatMap(({ statistics }) => {
    const { statementType, dmlStats } = statistics?.query ?? {};
    return statementType === 'MERGE' && dmlStats ? [dmlStats] : [];
  });
  const sum = (name: string): number => merges.reduce((total, stats) => total + Number(stats[name] ?? 0), 0);
  return { upserted: sum('insertedRowCount') + sum('updatedRowCount'), deleted: sum('deletedRowCount') };
}

function countMismatch(batch: StagedBatch, counted: number): AppError {
  return new AppError('COUNT_MISMATCH', {
    summary: `BigQuery counted ${counted} rows where ${batch.rows} were staged; nothing was applied.`,
    details: { batch: batch.id, counted, staged: batch.rows },
  });
}

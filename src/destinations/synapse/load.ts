import type { OpenContext, Receipt, StagedBatch } from '../destination.ts';
import type { SqlConnection } from './connection.ts';
import type { Container } from './container.ts';
import type { Pool } from './pool.ts';
import { checkTables } from './schema.ts';
import type { SynapseSettings } from './spec.ts';
import { copyInto } from './sql.ts';
import { createStageTable, deleteFiles, dropStageTable, sweep, uploadFiles } from './stage.ts';
import { alreadyLoaded, mergeStage, settleStage, stepLogger } from './writer.ts';

export interface SessionParts {
  readonly settings: SynapseSettings;
  readonly pool: Pool;
  readonly container: Container;
  readonly context: OpenContext;
}

/**
 * Files into the container, COPY INTO a table of its own, then one transaction. The upload takes no connection, so that none
 * is idle for long.
 * @param first whether to sweep before: once a session
 */
export async function loadBatch(
  parts: SessionParts,
  batch: StagedBatch,
  first: boolean,
  signal: AbortSignal,
): Promise<Receipt> {
  const { pool, container, context } = parts;
  const done = stepLogger({ batch, log: context.log, signal });
  const known = await pool.use(signal, async (connection) => {
    const receipt = await alreadyLoaded(connection, batch, signal);
    if (receipt || batch.rows === 0) return receipt ?? nothing;
    await checkTables(connection, [batch.table], signal);
    if (first) await sweep(connection, container, context.log, signal);
    return null;
  });
  if (known) return known;
  done('greeted');
  const files = await uploadFiles(container, batch, context.tempDir, signal);
  try {
    done('uploaded');
    return await pool.use(signal, (connection) => copyAndMerge(parts, connection, batch, files, signal));
  } finally {
    await deleteFiles(container, files);
  }
}

const nothing: Receipt = { loaded: 0, applied: { upserted: 0, deleted: 0 }, alreadyLoaded: false };

async function copyAndMerge(
  { settings, container, context }: SessionParts,
  connection: SqlConnection,
  batch: StagedBatch,
  files: readonly string[],
  signal: AbortSignal,
): Promise<Receipt> {
  const stage = await createStageTable(connection, batch.table, signal);
  try {
    const urls = files.map((name) => `${container.url}/${name}`);
    const label = `wharf:${batch.runId}:${batch.id}`;
    await connection.run(copyInto(stage, batch.table, urls, settings.sharedAccessSignature, label), signal);
    const merging = { connection, batch, stage, log: context.log, signal };
    await settleStage(merging);
    stepLogger(merging)('staged');
    return await mergeStage(merging);
  } finally {
    await dropStageTable(connection, stage);
  }
}

/** Staging tables: one a file, of one worker's attempt, with an end of their own in case nobody drops them. */
import type { LogicalType, StagedBatch, TableSpec } from '../destination.ts';
import { runJob } from './jobs.ts';
import type { Field, Warehouse } from './warehouse.ts';

const prefix = '_wharf_stage_';
const lifetimeMs = 24 * 60 * 60_000;

/** Documents stay text here: a load would refuse the whole file for a number that JSON columns cannot hold. */
const stagedTypes: Record<LogicalType, string> = {
  text: 'STRING',
  integer: 'INTEGER',
  timestamp: 'TIMESTAMP',
  json: 'STRING',
};

const required = new Set(['id', '_change_number']);

export function stageFields(table: TableSpec): readonly Field[] {
  const fields = table.columns.map(({ name, type }) => ({
    name,
    type: stagedTypes[type],
    mode: required.has(name) ? 'REQUIRED' : 'NULLABLE',
  }));
  return [...fields, { name: '_deleted', type: 'BOOLEAN', mode: 'REQUIRED' }];
}

/** @param owner unique to the batch and the attempt, so that a worker that was replaced cannot touch its successor's rows */
export function stageName(owner: string, index: number): string {
  return `${prefix}${owner}_${index}`;
}

export interface StagingTask {
  readonly warehouse: Warehouse;
  readonly table: TableSpec;
  readonly files: StagedBatch['files'];
  readonly owner: string;
  /** What the names of load jobs begin with. */
  readonly jobPrefix: string;
}

/** Loads each file into a table of its own. Resolves to the rows as BigQuery counted them. */
export async function stageFiles(task: StagingTask, signal: AbortSignal): Promise<number> {
  const { warehouse, owner } = task;
  const fields = stageFields(task.table);
  let rows = 0;
  for (const [index, file] of task.files.entries()) {
    const table = stageName(owner, index);
    await warehouse.createStage(table, fields, new Date(Date.now() + lifetimeMs), signal);
    const job = await runJob(
      warehouse,
      {
        name: `${task.jobPrefix}_load${index}`,
        start: (jobId) => warehouse.startLoad(jobId, table, fields, file, signal),
        stands: async (done) => {
          const { outputRows } = done.statistics?.load ?? {};
          return (await warehouse.table(table, signal))?.numRows === outputRows;
        },
      },
      signal,
    );
    rows += Number(job.statistics?.load?.outputRows ?? 0);
  }
  return rows;
}

export async function dropStages({ warehouse, owner, files }: StagingTask, signal: AbortSignal): Promise<void> {
  for (const index of files.keys()) await warehouse.dropTable(stageName(owner, index), signal);
}

/** Drops staging tables that a crash has left more than a day ago. */
export async function sweepStages(warehouse: Warehouse, signal: AbortSignal): Promise<void> {
  const oldest = Date.now() - lifetimeMs;
  for (const [table, made] of await warehouse.tables(signal)) {
    if (table.startsWith(prefix) && made.getTime() < oldest) await warehouse.dropTable(table, signal);
  }
}

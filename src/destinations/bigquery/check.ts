import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import type { CheckStep } from '../destination.ts';
import { metricTable, tables } from '../tables.ts';
import { runJob } from './jobs.ts';
import { checkOwnTables, checkTable } from './schema.ts';
import { probeStatements, script } from './sql.ts';
import { stageFields, stageName } from './stage.ts';
import type { JobResource, Warehouse } from './warehouse.ts';

/** Google refuses sign-ins from some minutes on; a drift of half a minute deserves a look. */
const clockToleranceMs = 30_000;
const probeLifetimeMs = 60 * 60_000;

interface Probe {
  readonly id: string;
  readonly label: string;
  /** Steps without which this one cannot tell anything. */
  readonly needs: readonly string[];
  /** Resolves to what was found. */
  run(warehouse: Warehouse, signal: AbortSignal): Promise<string>;
}

const probes: readonly Probe[] = [
  {
    id: 'reach',
    label: 'BigQuery answers',
    needs: [],
    run: async ({ transport }, signal) => {
      await transport.reach(signal);
      return 'Reached over HTTPS.';
    },
  },
  {
    id: 'sign-in',
    label: 'The key is accepted',
    needs: ['reach'],
    run: async ({ transport }, signal) => {
      await transport.signIn(signal);
      return transport.account;
    },
  },
  {
    id: 'dataset',
    label: 'The dataset is visible',
    needs: ['sign-in'],
    run: async (warehouse, signal) => {
      const { projectId, dataset } = warehouse.place;
      return `${projectId}.${dataset} in ${await warehouse.location(signal)}`;
    },
  },
  {
    id: 'jobs',
    label: 'The project lets the service account run jobs',
    needs: ['dataset'],
    run: async (warehouse, signal) => {
      await warehouse.dryRun('SELECT 1', signal);
      return 'A query was accepted without being run.';
    },
  },
  {
    id: 'tables',
    label: 'Tables have the right columns',
    needs: ['dataset'],
    run: async (warehouse, signal) => {
      for (const table of Object.values(tables)) await checkTable(warehouse, table, signal);
      await checkOwnTables(warehouse, signal);
      return `${Object.keys(tables).join(', ')}, and Wharf's own`;
    },
  },
  {
    id: 'stage',
    label: 'A file can be loaded into a staging table',
    needs: ['jobs'],
    run: loadProbe,
  },
  {
    id: 'probe',
    label: 'Rows can be changed',
    needs: ['jobs', 'tables'],
    run: async (warehouse, signal) => {
      const text = script(probeStatements(warehouse.place));
      const name = `wharf_probe_${ulid()}`;
      await runJob(warehouse, { name, start: (id) => warehouse.startScript(id, text, {}, signal), stands }, signal);
      return 'A row was written and rolled back.';
    },
  },
];

/** Steps of the connection check; what hangs on a failed step is skipped. */
export async function* checkWarehouse(
  warehouse: Warehouse,
  translate: (error: unknown) => AppError,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
  const unknown = new Set<string>();
  for (const { id, label, needs, run } of probes) {
    if (needs.some((need) => unknown.has(need))) {
      unknown.add(id);
      yield { id, label, outcome: 'skipped', message: 'A step it depends on failed.' };
      continue;
    }
    try {
      yield { id, label, outcome: 'passed', message: await run(warehouse, signal) };
    } catch (error) {
      unknown.add(id);
      yield { id, label, outcome: 'failed', error: translate(error) };
    }
  }
  yield clockStep(warehouse.transport.clockDifferenceMs);
}

/** One row from a file of its own, through the same job as a load; the table goes again. */
async function loadProbe(warehouse: Warehouse, signal: AbortSignal): Promise<string> {
  const table = stageName(`probe_${ulid()}`, 0);
  const fields = stageFields(metricTable);
  const bytes = gzipSync('{"id":"wharf-probe","_change_number":"0","_deleted":false}\n');
  const file = { bytes: bytes.length, open: async () => Readable.from([bytes]) };
  try {
    await warehouse.createStage(table, fields, new Date(Date.now() + probeLifetimeMs), signal);
    const start = (jobId: string): Promise<JobResource> => warehouse.startLoad(jobId, table, fields, file, signal);
    const job = await runJob(warehouse, { name: table.slice(1), start, stands }, signal);
    const rows = Number(job.statistics?.load?.outputRows);
    if (rows !== 1)
      throw new AppError('COUNT_MISMATCH', { summary: `BigQuery counted ${rows} rows in a file of one.` });
    return 'Loaded, counted and dropped.';
  } finally {
    await warehouse.dropTable(table, AbortSignal.timeout(15_000));
  }
}

const stands = async (): Promise<boolean> => true;

function clockStep(differenceMs: number | null): CheckStep {
  const step = { id: 'clock', label: 'The clocks agree' };
  if (differenceMs === null) return { ...step, outcome: 'skipped', message: 'BigQuery told no time.' };
  const seconds = Math.round(differenceMs / 1000);
  const message = `BigQuery's clock differs by ${seconds} s.`;
  if (Math.abs(differenceMs) <= clockToleranceMs) return { ...step, outcome: 'passed', message };
  return { ...step, outcome: 'failed', error: new AppError('CLOCK_SKEW', { summary: message, details: { seconds } }) };
}

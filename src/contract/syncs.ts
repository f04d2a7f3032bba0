import { z } from 'zod';
import { dataObject, tableName } from './connection.ts';
import { endpoint } from './endpoint.ts';
import { remedy } from './error-body.ts';
import { accountParams, id, instant, listOf, pageOf, pageQuery } from './values.ts';

export const syncKind = z.enum(['historical', 'periodic']);
export const syncStatus = z.enum(['completed', 'scheduled', 'in_progress', 'error', 'failed', 'paused', 'disabled']);
export const runStatus = z.enum(['queued', 'running', 'failed', 'succeeded', 'cancelled']);

export const sync = z
  .object({
    id,
    object: dataObject,
    kind: syncKind,
    status: syncStatus,
    nextRunAt: instant.nullable().describe('Next start when scheduled, next attempt after an error.'),
    progress: z.number().nullable().describe('Whole percent of the open run; null when none is open.'),
    freshnessSeconds: z
      .number()
      .nullable()
      .describe('Age of the oldest accepted change that is not yet in the warehouse; periodic syncs only.'),
    activeErrors: z.number().int(),
    startedAt: instant.nullable().describe('Of the newest run.'),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Sync' });
export type Sync = z.infer<typeof sync>;

export const run = z
  .object({
    id,
    syncId: id,
    object: dataObject,
    kind: syncKind,
    status: runStatus,
    window: z
      .object({ from: z.number().int(), to: z.number().int() })
      .describe('Half-open range (from, to] of change numbers.'),
    createdAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    progress: z.number().describe('Whole percent.'),
    rows: z.number().int().describe('In the warehouse so far.'),
    bytes: z.number().int().describe('Compressed.'),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof run>;

export const reconciliation = z.object({
  table: tableName,
  source: z.number().int(),
  staged: z.number().int(),
  loaded: z.number().int().describe('Counted by the warehouse.'),
  chunks: z.number().int(),
  chunksLoaded: z.number().int(),
  bytes: z.number().int(),
});

export const runDetails = run
  .extend({
    tables: z.array(reconciliation).describe('In a run that succeeded, source = staged = loaded.'),
  })
  .meta({ id: 'RunDetails' });
export type RunDetails = z.infer<typeof runDetails>;

export const timelineKind = z.enum([
  'connected',
  'settings-edited',
  'selection-edited',
  'enabled',
  'disabled',
  'removed',
  'paused',
  'resumed',
  're-enabled',
  'sync-requested',
  'cancelled',
  'back-fill',
  'run-succeeded',
  'run-error',
  'run-failed',
  'recovered',
]);

export const timelineEntry = z
  .object({
    id,
    kind: timelineKind,
    syncId: id.nullable().describe('Null: concerns the whole connection.'),
    runId: id.nullable(),
    at: instant,
    actor: z.string().describe('Who did it; `system` for what happens by itself.'),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const syncError = z
  .object({
    id,
    syncId: id,
    runId: id,
    summary: z.string(),
    code: z.string(),
    externalMessage: z.string().nullable().describe("The warehouse's own words."),
    advice: z.string().describe('What to do.'),
    remedy,
    details: z.record(z.string(), z.unknown()),
    firstAt: instant,
    lastAt: instant,
    occurrences: z.number().int().describe('How often it came in a row.'),
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'SyncError' });
export type SyncError = z.infer<typeof syncError>;

const base = '/v1/accounts/{account}';
const shared = { tag: 'syncs', access: 'account', params: accountParams } as const;
const ofSync = id.optional().describe('Only what concerns this sync.');
const listQuery = z.strictObject({ ...pageQuery, sync: ofSync });

function syncAction(action: string, summary: string) {
  return endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/syncs/{sync}/${action}`,
    summary,
    params: accountParams.extend({ sync: id }),
    reply: sync,
  });
}

export const syncEndpoints = {
  listSyncs: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/syncs`,
    summary: 'All syncs of the connection: historical before periodic, profiles before events.',
    reply: listOf(sync),
  }),
  getSync: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/syncs/{sync}`,
    summary: 'One sync.',
    params: accountParams.extend({ sync: id }),
    reply: sync,
  }),
  syncNow: syncAction('now', 'Start the next run, or the next attempt, at once.'),
  pauseSync: syncAction('pause', 'Pause: batches in hand end, no new one begins.'),
  resumeSync: syncAction('resume', 'Resume a paused sync where it stopped.'),
  reEnableSync: syncAction('re-enable', 'Try a failed sync again, where it stopped.'),
  cancelSync: syncAction('cancel', 'End the open run. Nothing is lost: its changes come with the next one.'),
  watchSyncs: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/live`,
    summary: 'All syncs now, and again each time a status or the progress changes, as one line each time.',
    lines: listOf(sync),
    endless: true,
  }),
  listRuns: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/runs`,
    summary: 'Runs, newest first.',
    query: listQuery,
    reply: pageOf(run),
  }),
  getRun: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/runs/{run}`,
    summary: 'One run with its counts per table: source, staged, loaded.',
    params: accountParams.extend({ run: id }),
    reply: runDetails,
  }),
  listTimeline: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/timeline`,
    summary: 'What happened, newest first: runs, pauses, edits.',
    query: listQuery,
    reply: pageOf(timelineEntry),
  }),
  listErrors: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/errors`,
    summary: 'Sync errors, newest first.',
    query: listQuery.extend({ active: z.enum(['true', 'false']).default('false').describe('Only unresolved ones.') }),
    reply: pageOf(syncError),
  }),
  getError: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/errors/{error}`,
    summary: 'One sync error.',
    params: accountParams.extend({ error: id }),
    reply: syncError,
  }),
};

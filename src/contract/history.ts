/** Runs, the timeline and errors: what happened. */
import { z } from 'zod';
import { dataObject, tableName } from './connection.ts';
import { endpoint } from './endpoint.ts';
import { remedy } from './error-body.ts';
import { syncKind } from './syncs.ts';
import { accountParams, id, instant, pageOf, pageQuery } from './values.ts';

export const runStatus = z.enum(['queued', 'running', 'failed', 'succeeded', 'cancelled']);

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
    freshnessSeconds: z
      .number()
      .nullable()
      .describe(
        'How old its oldest change can have been when the run brought it. Null until it succeeds, for historical runs, and for the first of a sync.',
      ),
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
  'credentials-expire-soon',
  'credentials-expired',
]);

export const timelineEntry = z
  .object({
    id,
    kind: timelineKind,
    syncId: id.nullable().describe('Null: concerns the whole connection.'),
    runId: id.nullable(),
    at: instant,
    actor: z.string().describe('Who did it; `system` for what happens by itself.'),
    actorName: z.string().describe('As the person or the key is called.'),
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
const shared = { method: 'GET', tag: 'syncs', access: 'account', params: accountParams } as const;
const listQuery = z.strictObject({ ...pageQuery, sync: id.optional().describe('Only what concerns this sync.') });

export const historyEndpoints = {
  listRuns: endpoint({
    ...shared,
    path: `${base}/runs`,
    summary: 'Runs, newest first.',
    query: listQuery,
    reply: pageOf(run),
  }),
  getRun: endpoint({
    ...shared,
    path: `${base}/runs/{run}`,
    summary: 'One run with its counts per table: source, staged, loaded.',
    params: accountParams.extend({ run: id }),
    reply: runDetails,
  }),
  listTimeline: endpoint({
    ...shared,
    path: `${base}/timeline`,
    summary: 'What happened, newest first: runs, pauses, edits.',
    query: listQuery,
    reply: pageOf(timelineEntry),
  }),
  listErrors: endpoint({
    ...shared,
    path: `${base}/errors`,
    summary: 'Sync errors, newest first.',
    query: listQuery.extend({ active: z.enum(['true', 'false']).default('false').describe('Only unresolved ones.') }),
    reply: pageOf(syncError),
  }),
  getError: endpoint({
    ...shared,
    path: `${base}/errors/{error}`,
    summary: 'One sync error.',
    params: accountParams.extend({ error: id }),
    reply: syncError,
  }),
};

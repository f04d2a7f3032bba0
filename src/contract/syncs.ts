import { z } from 'zod';
import { dataObject } from './connection.ts';
import { endpoint } from './endpoint.ts';
import { accountParams, id, instant, listOf } from './values.ts';

export const syncKind = z.enum(['historical', 'periodic']);
export const syncStatus = z.enum(['completed', 'scheduled', 'in_progress', 'error', 'failed', 'paused', 'disabled']);

export const sync = z
  .object({
    id,
    object: dataObject,
    kind: syncKind,
    status: syncStatus,
    nextRunAt: instant
      .nullable()
      .describe(
        'Next start when scheduled, next attempt after an error; while a run is open: another was asked for and follows.',
      ),
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

const base = '/v1/accounts/{account}';
const shared = { tag: 'syncs', access: 'account', params: accountParams } as const;

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
  syncNow: syncAction(
    'now',
    'Start the next run, or the next attempt, at once. While a run is open, one more follows it.',
  ),
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
};

import { z } from 'zod';
import { settings } from './destinations.ts';
import { endpoint } from './endpoint.ts';
import { errorFacts } from './error-body.ts';
import { accountParams, id, instant, listOf, name } from './values.ts';

export const dataObject = z.enum(['profiles', 'events']);
export const history = z.enum(['30d', '90d', '1y', 'all']);
export const tableName = z.enum(['klaviyo_profile', 'klaviyo_event', 'klaviyo_metric']);

/** What is shared. Exclusions and chosen metrics concern events only, never profiles. */
export const selection = z.strictObject({
  objects: z.array(dataObject).min(1, 'choose profiles, events, or both').max(2),
  excludedIntegrations: z.array(id).max(1000).default([]).describe('Ids of integrations whose events stay out.'),
  metrics: z
    .array(id)
    .max(1000)
    .nullable()
    .default(null)
    .describe('Ids of the metrics to share; null shares all, future ones included.'),
  history: history.default('all').describe('How far back the historical sync of events reaches.'),
});
export type Selection = z.output<typeof selection>;

export const connection = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()).describe('As saved; secret fields are null.'),
    secretsSet: z.array(z.string()).readonly().describe('Names of the secret fields that have a value.'),
    selection: z.object({
      objects: z.array(dataObject).readonly(),
      excludedIntegrations: z.array(z.string()).readonly(),
      metrics: z.array(z.string()).readonly().nullable(),
      history,
    }),
    version: z.number().int().describe('Give it back with an edit; an edit of an outdated version is refused.'),
    connectedAt: instant,
    lastSyncedAt: instant.nullable().describe('End of the newest successful run.'),
    errorsLastDay: z.number().int(),
    credentialsExpireAt: instant.nullable().describe('Null when the credentials do not end, or do not tell.'),
    warnings: z
      .array(z.object({ code: z.string(), message: z.string(), advice: z.string().describe('What to do.') }))
      .readonly()
      .describe('What is going to stop the syncs, or has: credentials, from 14 days before they end.'),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connection>;

export const checkStep = z
  .object({
    id: z.string(),
    label: z.string(),
    outcome: z.enum(['passed', 'failed', 'skipped']),
    message: z.string().optional(),
    error: errorFacts.optional().describe('Present exactly when failed.'),
  })
  .meta({ id: 'CheckStep' });
export type CheckStep = z.infer<typeof checkStep>;

export const estimate = z.object({
  table: tableName,
  rows: z.number().int(),
  bytes: z.number().int().describe('Of the JSON lines, uncompressed.'),
});

const kind = z.string().min(1).max(100).describe('A kind from the list of destinations.');
const version = z.number().int().min(0);
const path = '/v1/accounts/{account}/connection';
const shared = { tag: 'connection', access: 'account', params: accountParams } as const;

export const connectionEndpoints = {
  getConnection: endpoint({
    ...shared,
    method: 'GET',
    path,
    summary: "The account's one connection, or null.",
    reply: z.object({ connection: connection.nullable() }),
  }),
  testConnection: endpoint({
    ...shared,
    method: 'POST',
    path: `${path}/test`,
    summary: 'Check settings step by step, or those saved. Ask for application/x-ndjson to see each step as it ends.',
    body: z.union([z.strictObject({ kind, settings }), z.strictObject({ saved: z.literal(true) })]),
    reply: listOf(checkStep),
    lines: checkStep,
  }),
  estimate: endpoint({
    ...shared,
    method: 'POST',
    path: `${path}/estimate`,
    summary: 'Rows and bytes a selection would send in its historical sync, and how long that takes.',
    body: z.strictObject({ selection }),
    reply: listOf(estimate).extend({
      seconds: z.number().int(),
      measured: z
        .boolean()
        .describe("Whether `seconds` follows from the account's own runs, not from a cautious guess."),
    }),
  }),
  connect: endpoint({
    ...shared,
    method: 'POST',
    path,
    summary: 'Connect a warehouse and start the historical sync. An account has at most one connection.',
    status: 201,
    body: z.strictObject({ kind, name: name.optional(), settings, selection }),
    reply: connection,
  }),
  editSettings: endpoint({
    ...shared,
    method: 'PATCH',
    path: `${path}/settings`,
    summary:
      'Replace the settings. Secrets left out keep their saved values while the server is the same; failed syncs are tried again. When a field with a place changes, all is sent anew.',
    body: z.strictObject({ version, settings }),
    reply: connection,
  }),
  editSelection: endpoint({
    ...shared,
    method: 'PATCH',
    path: `${path}/selection`,
    summary: 'Replace the selection. What is new is back-filled; what left stays in the warehouse.',
    body: z.strictObject({ version, selection }),
    reply: connection,
  }),
  enableConnection: endpoint({
    ...shared,
    method: 'POST',
    path: `${path}/enable`,
    summary: 'Switch the connection on.',
    reply: connection,
  }),
  disableConnection: endpoint({
    ...shared,
    method: 'POST',
    path: `${path}/disable`,
    summary: 'Switch the connection off; settings are kept.',
    reply: connection,
  }),
  removeConnection: endpoint({
    ...shared,
    method: 'DELETE',
    path,
    summary: 'Stop all runs and delete the credentials. The tables in the warehouse stay.',
    status: 204,
  }),
};

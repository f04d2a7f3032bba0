import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { accountParams, id, listOf, pageOf, pageQuery } from './values.ts';

export const integration = z.object({ id, name: z.string(), category: z.string() }).meta({ id: 'Integration' });

export const metric = z.object({ id, name: z.string(), integration }).meta({ id: 'Metric' });
export type Metric = z.infer<typeof metric>;

const shared = { method: 'GET', tag: 'catalogue', access: 'account', params: accountParams } as const;

/** What a selection can choose from. */
export const catalogueEndpoints = {
  listMetrics: endpoint({
    ...shared,
    path: '/v1/accounts/{account}/metrics',
    summary: 'Metrics in order of id, each with its integration.',
    query: z.strictObject(pageQuery),
    reply: pageOf(metric),
  }),
  listIntegrations: endpoint({
    ...shared,
    path: '/v1/accounts/{account}/integrations',
    summary: 'Where events come from.',
    reply: listOf(integration),
  }),
};

import { z } from 'zod';
import { endpoint } from './endpoint.ts';

export const serviceEndpoints = {
  live: endpoint({
    method: 'GET',
    path: '/healthz',
    tag: 'service',
    access: 'public',
    summary: 'The process answers.',
    reply: z.object({ status: z.literal('ok') }),
  }),
  ready: endpoint({
    method: 'GET',
    path: '/readyz',
    tag: 'service',
    access: 'public',
    summary: 'The process answers and reaches its database; 503 otherwise.',
    reply: z.object({ status: z.literal('ok') }),
  }),
  openApi: endpoint({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'service',
    access: 'public',
    summary: 'This API in OpenAPI 3.1.',
    reply: z.record(z.string(), z.unknown()),
  }),
};

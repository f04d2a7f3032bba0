import type { FastifyInstance } from 'fastify';
import { listAccounts } from '../../store/accounts.ts';
import type { Sync } from '../../exports/types.ts';
import { requireOperator, type Auth } from '../auth.ts';
import { metricText, type DurationHistogram, type Sample } from '../prometheus.ts';
import type { RestDeps } from './route.ts';

type Deps = Pick<RestDeps, 'db' | 'exports'> & { readonly auth: Auth; readonly requests: DurationHistogram };

/** GET /metrics in the Prometheus text format; for the operator, since it names accounts. */
export function metricsRoute(app: FastifyInstance, { db, exports, auth, requests }: Deps): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    onRequest: async (request) => requireOperator(await auth.identify(request)),
    handler: async (_request, reply) => {
      const samples: SyncSamples = { status: [], freshness: [], progress: [], errors: [] };
      for (const account of await listAccounts(db)) {
        for (const sync of await exports.syncs.list(account.id)) addSync(samples, account.publicId, sync);
      }
      const text = [processText(), requests.text(), syncText(samples)].join('');
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  });
}

interface SyncSamples {
  readonly status: Sample[];
  readonly freshness: Sample[];
  readonly progress: Sample[];
  readonly errors: Sample[];
}

function addSync(samples: SyncSamples, account: string, sync: Sync): void {
  const labels = { account, object: sync.object, kind: sync.kind };
  samples.status.push({ labels: { ...labels, status: sync.status }, value: 1 });
  samples.errors.push({ labels, value: sync.activeErrors });
  if (sync.freshnessSeconds !== null) samples.freshness.push({ labels, value: sync.freshnessSeconds });
  if (sync.progress !== null) samples.progress.push({ labels, value: sync.progress });
}

function syncText({ status, freshness, progress, errors }: SyncSamples): string {
  return [
    metricText('wharf_sync_status', 'gauge', 'The present status of each sync, as 1.', status),
    metricText(
      'wharf_sync_freshness_seconds',
      'gauge',
      'Age of the oldest accepted change that is not yet in the warehouse.',
      freshness,
    ),
    metricText('wharf_sync_progress_percent', 'gauge', 'Progress of open runs.', progress),
    metricText('wharf_sync_active_errors', 'gauge', 'Errors that are not resolved.', errors),
  ].join('');
}

function processText(): string {
  return [
    metricText('process_resident_memory_bytes', 'gauge', 'Memory of this process.', [
      { labels: {}, value: process.memoryUsage.rss() },
    ]),
    metricText('process_uptime_seconds', 'gauge', 'Time since this process started.', [
      { labels: {}, value: process.uptime() },
    ]),
  ].join('');
}

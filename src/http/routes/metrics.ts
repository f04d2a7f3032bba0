import type { FastifyInstance } from 'fastify';
import { listAccounts } from '../../store/accounts.ts';
import type { Run, Sync } from '../../exports/types.ts';
import { requireOperator, type Auth } from '../auth.ts';
import { metricText, type DurationHistogram, type Labels, type Sample } from '../prometheus.ts';
import type { RestDeps } from './route.ts';

type Deps = Pick<RestDeps, 'db' | 'exports' | 'clock'> & { readonly auth: Auth; readonly requests: DurationHistogram };

/** GET /metrics in the Prometheus text format; for the operator, since it names accounts. */
export function metricsRoute(app: FastifyInstance, { db, exports, clock, auth, requests }: Deps): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    onRequest: async (request) => requireOperator(await auth.identify(request)),
    handler: async (_request, reply) => {
      const gauges = new Gauges();
      for (const account of await listAccounts(db)) {
        const { items } = await exports.runs.list(account.id, { size: 100 });
        for (const sync of await exports.syncs.list(account.id)) addSync(gauges, account.publicId, sync, items);
        const ends = (await exports.connections.get(account.id))?.credentialsExpireAt;
        const labels = { account: account.publicId };
        if (ends)
          gauges.add('wharf_credentials_expire_seconds', labels, (ends.getTime() - clock.now().getTime()) / 1000);
      }
      const text = [processText(), requests.text(), gauges.text()].join('');
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  });
}

const help = {
  wharf_sync_status: 'The present status of each sync, as 1.',
  wharf_sync_freshness_seconds: 'Age of the oldest accepted change that is not yet in the warehouse.',
  wharf_sync_progress_percent: 'Progress of open runs.',
  wharf_sync_active_errors: 'Errors that are not resolved.',
  wharf_credentials_expire_seconds: 'Time until the credentials of the warehouse end; below zero when they have.',
  wharf_last_run_end_timestamp_seconds: 'When the newest successful run ended.',
  wharf_last_run_seconds: 'How long the newest successful run took.',
  wharf_last_run_rows: 'Rows the newest successful run brought into the warehouse.',
  wharf_last_run_bytes: 'Compressed bytes of the newest successful run.',
} as const;

class Gauges {
  readonly #samples = new Map<keyof typeof help, Sample[]>();

  add(name: keyof typeof help, labels: Labels, value: number): void {
    const samples = this.#samples.get(name) ?? [];
    samples.push({ labels, value });
    this.#samples.set(name, samples);
  }

  text(): string {
    return [...this.#samples].map(([name, samples]) => metricText(name, 'gauge', help[name], samples)).join('');
  }
}

function addSync(gauges: Gauges, account: string, sync: Sync, newestRuns: readonly Run[]): void {
  const labels = { account, object: sync.object, kind: sync.kind };
  gauges.add('wharf_sync_status', { ...labels, status: sync.status }, 1);
  gauges.add('wharf_sync_active_errors', labels, sync.activeErrors);
  if (sync.freshnessSeconds !== null) gauges.add('wharf_sync_freshness_seconds', labels, sync.freshnessSeconds);
  if (sync.progress !== null) gauges.add('wharf_sync_progress_percent', labels, sync.progress);
  const run = newestRuns.find((candidate) => candidate.syncId === sync.id && candidate.status === 'succeeded');
  if (!run?.startedAt || !run.endedAt) return;
  gauges.add('wharf_last_run_end_timestamp_seconds', labels, run.endedAt.getTime() / 1000);
  gauges.add('wharf_last_run_seconds', labels, (run.endedAt.getTime() - run.startedAt.getTime()) / 1000);
  gauges.add('wharf_last_run_rows', labels, run.rows);
  gauges.add('wharf_last_run_bytes', labels, run.bytes);
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

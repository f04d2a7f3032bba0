import { PgBoss } from 'pg-boss';
import type { Database, Sql } from '../db/database.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';

/** Every kind of background job and its payload: small ids only, the facts stay in tables. */
export interface Jobs {
  'profiles.import': { readonly accountId: number; readonly jobId: string };
  'imports.run': { readonly accountId: number; readonly importId: string };
  'alerts.deliver': { readonly accountId: number; readonly alertId: string; readonly addressId: string };
}

export type JobKind = keyof Jobs;

/** Must be idempotent: after a crash the job runs again, on this machine or another. */
export type JobHandler<Kind extends JobKind> = (payload: Jobs[Kind], signal: AbortSignal) => Promise<void>;

/** Jobs of a kind without a handler are left to other processes. */
export type JobHandlers = { readonly [Kind in JobKind]?: JobHandler<Kind> };

/** Background jobs that outlive the process. Exports do not use it: they claim chunks with leases of their own. */
export interface Queue extends Service {
  /** Adds a job in the caller's transaction: it exists exactly when the transaction commits. */
  add<Kind extends JobKind>(sql: Sql, kind: Kind, payload: Jobs[Kind]): Promise<void>;
  /** Starts taking jobs; call once, after `start`. */
  work(handlers: JobHandlers): Promise<void>;
}

const policy = {
  // a killed worker is noticed after this long (the engine's minimum), a frozen one too
  heartbeatSeconds: 10,
  expireInSeconds: 6 * 3600,
  retryLimit: 20,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  deleteAfterSeconds: 7 * 24 * 3600,
} as const;

const kinds: readonly JobKind[] = ['profiles.import', 'imports.run', 'alerts.deliver'];

/** Jobs of a kind that one process does at once: a receiver of alerts that does not answer holds no other up. */
const atOnce: Readonly<Record<JobKind, number>> = { 'profiles.import': 1, 'imports.run': 1, 'alerts.deliver': 4 };

export function createQueue(database: Database, log: Logger, options: { readonly pollSeconds?: number } = {}): Queue {
  const boss = new PgBoss({
    connectionString: database.url,
    application_name: 'wharf queue',
    max: 3,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (err) => log.warn({ err }, 'queue.failed'));
  let state: 'new' | 'started' | 'stopped' = 'new';

  return {
    async start() {
      if (state !== 'new') return;
      state = 'started';
      await boss.start();
      for (const kind of kinds) await boss.createQueue(kind, policy);
    },

    async stop() {
      if (state !== 'started') return;
      state = 'stopped';
      await boss.stop({ graceful: true, timeout: 20_000 });
    },

    async add(sql, kind, payload) {
      await boss.send(kind, payload, { db: inTransaction(sql) });
    },

    async work(handlers) {
      const take = async <Kind extends JobKind>(kind: Kind, handler: JobHandler<Kind>): Promise<void> => {
        const how = { pollingIntervalSeconds: options.pollSeconds ?? 0.5, localConcurrency: atOnce[kind] };
        await boss.work<Jobs[Kind]>(kind, how, async (jobs) => {
          for (const job of jobs) {
            log.debug({ kind, jobId: job.id }, 'queue.job.started');
            await handler(job.data, job.signal);
          }
        });
      };
      if (handlers['profiles.import']) await take('profiles.import', handlers['profiles.import']);
      if (handlers['imports.run']) await take('imports.run', handlers['imports.run']);
      if (handlers['alerts.deliver']) await take('alerts.deliver', handlers['alerts.deliver']);
    },
  };
}

function inTransaction(sql: Sql): { executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }> } {
  // the queue's tables belong to no account
  return { executeSql: (text, values = []) => sql.queryAsOwner(text, values) };
}

import { afterAll, beforeAll, expect } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../db/database.ts';
import { testDatabase } from '../../db/testing/test-database.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createQueue, type Queue } from '../../queue/queue.ts';
import { createAccount, type Account } from '../../store/accounts.ts';
import { createApiKey } from '../../store/api-keys.ts';
import { createApp } from '../app.ts';
import { profileImportHandler } from '../klaviyo/import-worker.ts';
import { klaviyoApi } from '../klaviyo/plugin.ts';
import { ContractJudge } from './klaviyo-contract.ts';

export interface KlaviyoServer {
  readonly origin: string;
  readonly db: Database;
  /** Log lines, one JSON text each. */
  readonly logged: readonly string[];
  /** Has looked at every answer that left the server. */
  readonly judge: ContractJudge;
  newAccount(name: string): Promise<{ readonly account: Account; readonly key: string }>;
}

/**
 * The compatible API on a port of its own, over the test file's database. Call at the top of a test file.
 * Every answer is compared with the published description; one that differs fails the file at its end.
 * `work`: imports are worked through by a real queue.
 */
export function klaviyoServer(
  options: {
    readonly scale?: number;
    readonly clock?: Clock;
    readonly work?: boolean;
    readonly publicUrl?: string;
  } = {},
): () => KlaviyoServer {
  const database = testDatabase();
  const logged: string[] = [];
  const judge = new ContractJudge();
  let server: KlaviyoServer | undefined;
  let app: FastifyInstance | undefined;
  let queue: Queue | undefined;

  beforeAll(async () => {
    const db = database();
    const log = createLogger('debug', { write: (line) => void logged.push(line) });
    const clock = options.clock ?? systemClock;
    queue = createQueue(db, log, { pollSeconds: 0.5 });
    await queue.start();
    if (options.work) await queue.work({ 'profiles.import': profileImportHandler({ db, clock, log }) });
    const klaviyo = klaviyoApi({
      db,
      clock,
      log,
      queue,
      limits: { scale: options.scale ?? 0 },
      publicUrl: options.publicUrl,
    });
    app = await createApp({
      log,
      rest: async () => undefined,
      async klaviyo(scope) {
        scope.addHook('onSend', async (request, reply, payload) => {
          // preflights are of browsers, not of the API
          if (request.method === 'OPTIONS') return payload;
          const path = (request.routeOptions.url ?? request.url).replaceAll(/:(\w+)/g, '{$1}');
          judge.judge(request.method, path, reply.statusCode, String(payload ?? ''), /[?&]fields/.test(request.url));
          return payload;
        });
        await scope.register(klaviyo);
      },
    });
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    server = {
      origin,
      db,
      logged,
      judge,
      async newAccount(name) {
        const account = await createAccount(db, { name });
        const { key } = await createApiKey(db, account.id, 'test');
        return { account, key };
      },
    };
  });

  afterAll(async () => {
    await app?.close();
    await queue?.stop();
    expect(judge.violations).toEqual([]);
  });

  return () => {
    if (!server) throw new Error('klaviyoServer() may be read inside tests only');
    return server;
  };
}

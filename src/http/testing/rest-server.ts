import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createAlerts } from '../../alerts/alerts.ts';
import { createClient, type Client } from '../../contract/client.ts';
import type { Database } from '../../db/database.ts';
import { testDatabase } from '../../db/testing/test-database.ts';
import { rotateKeys } from '../../db/secret-keys.ts';
import { destinations } from '../../destinations/registry.ts';
import { createExports } from '../../exports/exports.ts';
import { LocalStage } from '../../exports/stage-local.ts';
import type { Exports } from '../../exports/types.ts';
import { LocalImportFiles } from '../../imports/files.ts';
import { createImports } from '../../imports/imports.ts';
import { systemClock as clock } from '../../kernel/clock.ts';
import { createLogger } from '../../kernel/logger.ts';
import { sealingKey } from '../../kernel/sealed.ts';
import { createSignIn } from '../../people/sign-in.ts';
import { createQueue } from '../../queue/queue.ts';
import { createAccount, type Account } from '../../store/accounts.ts';
import { createApiKey } from '../../store/api-keys.ts';
import { createApp } from '../app.ts';
import { restApi } from '../routes/plugin.ts';
import { serve } from '../serve.ts';
import { signInRoutes } from '../sign-in.ts';

export interface RestServer {
  readonly origin: string;
  readonly db: Database;
  readonly exports: Exports;
  readonly operatorToken: string;
  readonly operator: Client;
  /** A private folder for warehouse files. */
  readonly folder: string;
  /** Log lines, one JSON text each. */
  readonly logged: readonly string[];
  newAccount(name: string): Promise<Tenant>;
}

export interface Tenant {
  readonly account: Account;
  readonly key: string;
  readonly keyId: string;
  readonly client: Client;
  /** Path parameters of this account. */
  readonly params: { readonly account: string };
}

/** Wharf as it runs, on a port of its own, over the test file's database: real exports, real DuckDB. */
export function restServer(): () => RestServer {
  const database = testDatabase();
  const parts = new AsyncDisposableStack();
  const logged: string[] = [];
  let server: RestServer | undefined;

  beforeAll(async () => {
    const db = database();
    const log = createLogger('debug', { write: (line) => void logged.push(line) });
    const folder = await mkdtemp(join(tmpdir(), 'wharf-rest-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const tempDir = join(folder, 'temp');
    await mkdir(tempDir);
    const outboundAddresses = ['192.0.2.0/24'];
    const exports = createExports({
      db,
      destinations,
      stage: new LocalStage(join(folder, 'staged')),
      sealingKeys: [sealingKey('a secret for tests')],
      clock,
      log,
      options: { slots: 2, outboundAddresses, tempDir },
    });
    parts.defer(() => exports.stop());
    await exports.start();
    const queue = createQueue(db, log, { pollSeconds: 0.5 });
    parts.defer(() => queue.stop());
    await queue.start();
    const files = new LocalImportFiles(join(folder, 'imports'));
    const imports = createImports({ db, queue, files, clock, log, options: { tempDir, maxFileBytes: 5_000_000 } });
    const options = { privateAddresses: true };
    const alerts = createAlerts({ db, queue, sealingKeys: [sealingKey('a secret for tests')], clock, log, options });
    await queue.work({ 'imports.run': imports.handler, 'alerts.deliver': alerts.handler });
    const operatorToken = randomBytes(32).toString('base64url');
    const signIn = createSignIn({ databaseUrl: db.url, secret: randomBytes(32).toString('hex'), secure: false });
    parts.defer(() => signIn.stop());
    await signIn.start();
    const rotateSecretKey = () => rotateKeys(db, { file: join(folder, 'secret-key'), older: [] });
    const app = await createApp({
      log,
      rest: restApi({
        db,
        rotateSecretKey,
        exports,
        imports,
        alerts,
        destinations,
        operatorToken,
        signIn,
        outboundAddresses,
        clock,
      }),
      signIn: signInRoutes(signIn, undefined),
    });
    const { url: origin } = parts.use(await serve(app, { host: '127.0.0.1', port: 0 }));
    const operator = createClient({ baseUrl: origin, token: operatorToken });
    server = {
      origin,
      db,
      exports,
      operatorToken,
      operator,
      folder,
      logged,
      newAccount: (name) => tenant(db, origin, name),
    };
  });

  afterAll(() => parts.disposeAsync());

  return () => {
    if (!server) throw new Error('restServer() may be read inside tests only');
    return server;
  };
}

async function tenant(db: Database, origin: string, name: string): Promise<Tenant> {
  const account = await createAccount(db, { name });
  const { key, id: keyId } = await createApiKey(db, account.id, 'test');
  const client = createClient({ baseUrl: origin, token: key });
  return { account, key, keyId, client, params: { account: account.publicId } };
}

/* The composition root: reads the settings, builds the parts, starts them in order and stops them in reverse. */
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createAlerts } from './alerts/alerts.ts';
import type { AlertOptions } from './alerts/parts.ts';
import type { Alerts } from './alerts/types.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { Database } from './db/database.ts';
import { EmbeddedPostgres } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';
import { untilReady } from './db/ready.ts';
import { finishRotation, newestSecret, openSealingKeys, rotateKeys } from './db/secret-keys.ts';
import { createDestinations } from './destinations/registry.ts';
import { createExports } from './exports/exports.ts';
import type { Exports } from './exports/types.ts';
import type { StageStore } from './exports/stage-store.ts';
import { LocalStage } from './exports/stage-local.ts';
import { createApp } from './http/app.ts';
import { profileImportHandler } from './http/klaviyo/import-worker.ts';
import { klaviyoApi } from './http/klaviyo/plugin.ts';
import { restApi } from './http/routes/plugin.ts';
import { serve } from './http/serve.ts';
import { signInRoutes } from './http/sign-in.ts';
import { webApp } from './http/web-app.ts';
import { importFiles } from './import-files.ts';
import { createImports } from './imports/imports.ts';
import type { Imports } from './imports/types.ts';
import { AppError } from './kernel/app-error.ts';
import { systemClock as clock } from './kernel/clock.ts';
import { keptSecret } from './kernel/kept-secret.ts';
import { createLogger, type Logger } from './kernel/logger.ts';
import type { SealingKeys } from './kernel/sealed.ts';
import type { Service } from './kernel/service.ts';
import { createSignIn } from './people/sign-in.ts';
import { createQueue, type Queue } from './queue/queue.ts';
import { secretSource } from './secret-source.ts';
import { sftpChild } from './sftp/child.ts';
import type { SftpAddress } from './store/sftp-servers.ts';

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.WHARF_LOG_LEVEL);
  const stop = stopSignal();
  if (config.WHARF_ROLES.every((role) => role === 'sftp')) {
    const { runSftp } = await import('./sftp/run.ts');
    const { DATABASE_URL } = config;
    if (!DATABASE_URL) throw new ConfigError(['DATABASE_URL: the role sftp on its own needs it']);
    return runSftp({ ...config, DATABASE_URL }, log, stop, sayWhere);
  }
  await using parts = new AsyncDisposableStack();

  const db = await openDatabase(config, parts, log);
  const queue = createQueue(db, log);
  const tempDir = join(config.WHARF_DATA, 'temp');
  await mkdir(tempDir, { recursive: true });
  const destinations = createDestinations({
    duckdbFolder: config.WHARF_DUCKDB_FOLDER,
    endpoints: {
      snowflake: config.WHARF_SNOWFLAKE_ENDPOINT,
      bigquery: config.WHARF_BIGQUERY_ENDPOINT,
      synapse: config.WHARF_SYNAPSE_ENDPOINT,
      synapseBlob: config.WHARF_SYNAPSE_BLOB_ENDPOINT,
    },
  });
  const keys = await openKeys(db, config, log);
  const exports = createExports({
    db,
    destinations,
    stage: await stageStore(config),
    sealingKeys: keys,
    clock,
    log,
    options: {
      slots: config.WHARF_ROLES.includes('worker') ? config.WHARF_EXPORT_WORKERS : 0,
      outboundAddresses: config.WHARF_OUTBOUND_ADDRESSES,
      tempDir,
    },
  });
  const imports = createImports({
    db,
    queue,
    files: await importFiles(config),
    clock,
    log,
    options: {
      tempDir,
      keepDays: config.WHARF_IMPORT_KEEP_DAYS,
      maxFileBytes: config.WHARF_SFTP_FILE_MB * 1e6,
    },
  });
  const alerts = createAlerts({ db, queue, sealingKeys: keys, clock, log, options: alertOptions(config) });
  await started(queue, parts);
  await started(exports, parts);
  if (config.WHARF_ROLES.includes('worker')) {
    await startJobs({ db, queue, imports, alerts, log }, parts);
  }

  if (config.WHARF_ROLES.includes('sftp'))
    await started(sftpChild({ ...config, DATABASE_URL: db.url }, log, sayWhere), parts);

  if (config.WHARF_ROLES.includes('api')) {
    const url = await startApi(config, { db, exports, imports, alerts, destinations, queue, log }, parts);
    log.info({ url, roles: config.WHARF_ROLES }, 'wharf.ready');
    process.stderr.write(`Wharf is ready at ${url}\n`);
  } else {
    log.info({ roles: config.WHARF_ROLES }, 'wharf.ready');
  }
  await stop;
  log.info('wharf.stopping');
}

/** What a worker does besides syncs. */
async function startJobs(
  given: Omit<ApiParts, 'exports' | 'destinations'>,
  parts: AsyncDisposableStack,
): Promise<void> {
  const { db, queue, imports, alerts, log } = given;
  await started(imports, parts);
  await started(alerts, parts);
  await queue.work({
    'profiles.import': profileImportHandler({ db, clock, log }),
    'imports.run': imports.handler,
    'alerts.deliver': alerts.handler,
  });
}

interface ApiParts {
  readonly db: Database;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly alerts: Alerts;
  readonly destinations: ReturnType<typeof createDestinations>;
  readonly queue: Queue;
  readonly log: Logger;
}

/** Resolves to the address people reach it by. */
async function startApi(config: Config, given: ApiParts, parts: AsyncDisposableStack): Promise<string> {
  const { db, log, queue } = given;
  const operatorToken = config.WHARF_OPERATOR_TOKEN ?? (await keptSecret(join(config.WHARF_DATA, 'operator-token')));
  const publicUrl = config.WHARF_PUBLIC_URL;
  const signIn = createSignIn({
    databaseUrl: db.url,
    secret: createHmac('sha256', await newestSecret(secretSource(config)))
      .update('sign-in cookies')
      .digest('hex'),
    secure: publicUrl?.startsWith('https://') ?? false,
  });
  await started(signIn, parts);
  const app = await createApp({
    log,
    rest: restApi({
      ...given,
      operatorToken,
      rotateSecretKey: () => rotateKeys(db, secretSource(config)),
      signIn,
      publicUrl,
      outboundAddresses: config.WHARF_OUTBOUND_ADDRESSES,
      clock,
    }),
    signIn: signInRoutes(signIn, publicUrl),
    webApp: webApp(join(import.meta.dirname, '../ui/dist')),
    klaviyo: klaviyoApi({
      db,
      clock,
      log,
      queue,
      limits: { scale: config.WHARF_RATE_LIMIT_SCALE },
      publicUrl,
    }),
  });
  const server = parts.use(await serve(app, { host: config.WHARF_HOST, port: config.WHARF_PORT }));
  const url = publicUrl ?? server.url;
  if (!(await signIn.isKnown())) process.stderr.write(`Set it up at ${url}/set-up#${operatorToken}\n`);
  return url;
}

function alertOptions(config: Config): Partial<AlertOptions> {
  const { WHARF_SMTP_URL: url, WHARF_MAIL_FROM: from } = config;
  return {
    publicUrl: config.WHARF_PUBLIC_URL,
    mail: url === undefined ? null : { url, from },
    privateAddresses: config.WHARF_WEBHOOKS_TO_PRIVATE_NETWORKS,
  };
}

function sayWhere({ host, port }: SftpAddress): void {
  process.stderr.write(`SFTP is ready at ${host}, port ${port}\n`);
}

async function started(service: Service, parts: AsyncDisposableStack): Promise<void> {
  parts.defer(() => service.stop());
  await service.start();
}

/** Migrated, and ready for all parts. */
async function openDatabase(config: Config, parts: AsyncDisposableStack, log: Logger): Promise<Database> {
  const rowLevelSecurity = config.WHARF_ROW_LEVEL_SECURITY === 'on';
  if (!rowLevelSecurity) log.warn('database.row_level_security.off');
  const url = await databaseUrl(config, parts, log);
  const db = parts.use(new Database(url, { maxConnections: 20, rowLevelSecurity }));
  await untilReady(db, log);
  const migrated = await migrate(db);
  if (migrated.length > 0) log.info({ migrated }, 'database.migrated');
  return db;
}

/** The outside database, or one of our own that lives as long as this process. */
async function databaseUrl(config: Config, parts: AsyncDisposableStack, log: Logger): Promise<string> {
  if (config.DATABASE_URL) return config.DATABASE_URL;
  const postgres = parts.use(await EmbeddedPostgres.start({ dataDir: join(config.WHARF_DATA, 'postgres') }));
  postgres.onUnexpectedExit((words) => {
    log.fatal({ words }, 'postgres.exited');
    process.exit(1);
  });
  return postgres.url;
}

async function stageStore(config: Config): Promise<StageStore> {
  if (!config.WHARF_STAGE_BUCKET) return new LocalStage(join(config.WHARF_DATA, 'staged'));
  const { BucketStage } = await import('./exports/stage-bucket.ts');
  return new BucketStage({
    bucket: config.WHARF_STAGE_BUCKET,
    prefix: config.WHARF_STAGE_PREFIX,
    region: config.WHARF_STAGE_REGION,
    endpoint: config.WHARF_STAGE_ENDPOINT,
    accessKeyId: config.WHARF_STAGE_ACCESS_KEY_ID,
    secretAccessKey: config.WHARF_STAGE_SECRET_ACCESS_KEY,
    tempDir: join(config.WHARF_DATA, 'temp'),
  });
}

/** What stored credentials are sealed with. A rotation that was cut off comes to its end first. */
async function openKeys(db: Database, config: Config, log: Logger): Promise<SealingKeys> {
  const source = secretSource(config);
  const rotation = await finishRotation(db, source);
  if (rotation) log.info({ ...rotation }, 'secret_key.rotated');
  return openSealingKeys(source);
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const words =
    error instanceof ConfigError
      ? error.message
      : error instanceof AppError
        ? [error.summary, error.externalMessage, error.advice].filter(Boolean).join('\n')
        : error;
  process.stderr.write(`${words instanceof Error ? words.stack : String(words)}\n`);
  process.exit(1);
}

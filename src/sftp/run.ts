/** The process that does nothing but SFTP. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { openSealingKeys } from '../db/secret-keys.ts';
import { importFiles } from '../import-files.ts';
import { createImports } from '../imports/imports.ts';
import { systemClock as clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createQueue } from '../queue/queue.ts';
import { secretSource } from '../secret-source.ts';
import type { SftpAddress } from '../store/sftp-servers.ts';
import { createSftp, type SftpOptions } from './sftp.ts';

const megabyte = 1_000_000;

/** Settings with a database that runs: the embedded one belongs to the service. */
export type SftpConfig = Config & { readonly DATABASE_URL: string };

/** Serves until `stop` resolves. @throws AppError when it cannot begin */
export async function runSftp(
  config: SftpConfig,
  log: Logger,
  stop: Promise<void>,
  onReady: (address: SftpAddress) => void,
): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const db = parts.use(
    new Database(config.DATABASE_URL, {
      maxConnections: 10,
      applicationName: 'wharf sftp',
      rowLevelSecurity: config.WHARF_ROW_LEVEL_SECURITY === 'on',
    }),
  );
  await migrate(db);
  const queue = createQueue(db, log);
  parts.defer(() => queue.stop());
  await queue.start();
  const files = await importFiles(config);
  const options = optionsOf(config);
  // only handed to, never started: importing is done by workers
  const imports = createImports({ db, queue, files, clock, log });
  const sealingKeys = await openSealingKeys(secretSource(config));
  const sftp = await createSftp({ db, imports, sealingKeys, clock, log, options });
  parts.defer(() => sftp.stop());
  await sftp.start();
  const address = { host: options.publicHost ?? options.host, port: options.publicPort ?? sftp.port };
  log.info({ ...address, listening: `${options.host} ${sftp.port}` }, 'sftp.ready');
  onReady(address);
  await stop;
  log.info('sftp.stopping');
}

function optionsOf(config: Config): SftpOptions {
  return {
    host: config.WHARF_SFTP_HOST,
    port: config.WHARF_SFTP_PORT,
    publicHost: config.WHARF_SFTP_PUBLIC_HOST ?? null,
    publicPort: config.WHARF_SFTP_PUBLIC_PORT ?? null,
    folder: join(config.WHARF_DATA, 'sftp'),
    gate: {
      total: config.WHARF_SFTP_CONNECTIONS,
      perAddress: config.WHARF_SFTP_CONNECTIONS_PER_ADDRESS,
      strangers: Math.ceil(config.WHARF_SFTP_CONNECTIONS / 4),
    },
    loginSeconds: 30,
    idleSeconds: 15 * 60,
    quota: {
      fileBytes: config.WHARF_SFTP_FILE_MB * megabyte,
      accountBytes: config.WHARF_SFTP_ACCOUNT_MB * megabyte,
    },
    keepFree: config.WHARF_SFTP_FREE_DISK_MB * megabyte,
    quietSeconds: config.WHARF_SFTP_QUIET_SECONDS,
    keepDays: config.WHARF_SFTP_KEEP_DAYS,
  };
}

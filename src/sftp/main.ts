/*
 * The SFTP server as a process beside the service, started by it. The service sends the address of the database, and its end is ours: what
 * is under way is put away, nothing keeps listening.
 */
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import type { SftpAddress } from '../store/sftp-servers.ts';

/** Sent to the service once clients can connect. */
export interface SftpReady {
  readonly ready: SftpAddress;
}

/** Sent by the service at the start. */
export interface SftpOrders {
  readonly databaseUrl: string;
}

enableCompileCache();
const orders = once(process, 'message') as Promise<[SftpOrders]>;
const stop = new Promise<void>((done) => {
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.once(signal, () => done());
});
// Ctrl-C is for the service, which then stops this process
process.on('SIGINT', () => undefined);

const { readConfig } = await import('../config.ts');
const { createLogger } = await import('../kernel/logger.ts');
const { runSftp } = await import('./run.ts');

const config = readConfig();
const log = createLogger(config.WHARF_LOG_LEVEL);
try {
  const [{ databaseUrl }] = await orders;
  await runSftp({ ...config, DATABASE_URL: databaseUrl }, log, stop, (address) => {
    const message: SftpReady = { ready: address };
    process.send?.(message);
  });
  process.exit(0);
} catch (err) {
  log.fatal({ err }, 'sftp.failed');
  process.exit(1);
}

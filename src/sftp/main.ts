/*
 * The SFTP server as a process beside the service, started by it. The service sends the settings, so that nothing need be read and checked
 * again; its end is ours: what is under way is put away, nothing keeps listening.
 */
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import type { SftpAddress } from '../store/sftp-servers.ts';
import type { SftpConfig } from './run.ts';

/** Sent by the service at the start. */
export interface SftpOrders {
  readonly config: SftpConfig;
}

/** Sent to the service once clients can connect. */
export interface SftpReady {
  readonly ready: SftpAddress;
}

enableCompileCache();
const orders = once(process, 'message') as Promise<[SftpOrders]>;
const stop = new Promise<void>((done) => {
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.once(signal, () => done());
});
// Ctrl-C is for the service, which then stops this process
process.on('SIGINT', () => undefined);

const { createLogger } = await import('../kernel/logger.ts');
const { runSftp } = await import('./run.ts');

const [{ config }] = await orders;
const log = createLogger(config.WHARF_LOG_LEVEL);
try {
  await runSftp(config, log, stop, (address) => {
    const message: SftpReady = { ready: address };
    process.send?.(message);
  });
  process.exit(0);
} catch (err) {
  log.fatal({ err }, 'sftp.failed');
  process.exit(1);
}

import { readFile } from 'node:fs/promises';
import { readConfig } from '../../src/config.ts';
import { forkSftp } from '../../src/sftp/child.ts';
import type { SftpReady } from '../../src/sftp/main.ts';
import { secretKey, type SftpRig } from './rig.ts';

/** The SFTP server as the service starts it: a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** The most memory it has ever had, in MB (10^6 bytes). Linux only. */
  peakRssMb(): Promise<number>;
}

export async function serverProcess(
  rig: SftpRig,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const config = readConfig({
    WHARF_DATA: rig.folder,
    WHARF_SECRET_KEY: secretKey,
    WHARF_SFTP_PORT: '0',
    WHARF_SFTP_QUIET_SECONDS: '1',
    WHARF_SFTP_FREE_DISK_MB: '0',
    WHARF_LOG_LEVEL: 'error',
    ...settings,
  });
  const child = forkSftp();
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  child.send({ config: { ...config, DATABASE_URL: rig.db.url } });
  const { ready } = await new Promise<SftpReady>((done, fail) => {
    child.once('message', (message) => done(message as SftpReady));
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}`)));
  });
  const end = (signal: NodeJS.Signals) => (): Promise<void> => {
    child.kill(signal);
    return exited;
  };
  return {
    port: ready.port,
    kill: end('SIGKILL'),
    async peakRssMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Math.round((Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6);
    },
    [Symbol.asyncDispose]: end('SIGTERM'),
  };
}

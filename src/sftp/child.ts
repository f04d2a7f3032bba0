import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from '../config.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import type { SftpAddress } from '../store/sftp-servers.ts';
import type { SftpOrders, SftpReady } from './main.ts';
import type { SftpConfig } from './run.ts';

const pause = { least: 1000, most: 30_000 } as const;

/**
 * The process, without its orders. The bytes of a long upload are garbage at once: small and frequent collections keep them from piling up,
 * and an allocator that maps large blocks one by one gives them back to the system (glibc; others do not read these).
 */
export function forkSftp(): ChildProcess {
  return fork(join(import.meta.dirname, 'main.ts'), {
    execArgv: ['--max-semi-space-size=1'],
    env: { ...childEnvironment({ MALLOC_MMAP_THRESHOLD_: '60000', MALLOC_TRIM_THRESHOLD_: '65536' }) },
  });
}

/**
 * The SFTP server in a process of its own: its work does not hold up the API, and its end does not end the service. It is started again,
 * later and later while it fails.
 */
export function sftpChild(config: SftpConfig, log: Logger, onReady: (address: SftpAddress) => void): Service {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;

  async function keepRunning(): Promise<void> {
    let pauseMs: number = pause.least;
    while (!stopping.signal.aborted) {
      const { code, wasReady } = await runOnce();
      if (stopping.signal.aborted) return;
      pauseMs = wasReady ? pause.least : Math.min(pause.most, pauseMs * 2);
      log.error({ code, againInMs: pauseMs }, 'sftp.exited');
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function runOnce(): Promise<{ code: number | null; wasReady: boolean }> {
    const child = forkSftp();
    const exited = exitOf(child);
    const orders: SftpOrders = { config };
    let wasReady = false;
    child.once('message', (message) => {
      wasReady = true;
      onReady((message as SftpReady).ready);
    });
    // a child that is gone already is noticed by its exit
    child.send(orders, () => undefined);
    const stopChild = (): void => void child.kill('SIGTERM');
    stopping.signal.addEventListener('abort', stopChild, { once: true });
    const code = await exited;
    stopping.signal.removeEventListener('abort', stopChild);
    return { code, wasReady };
  }

  return {
    async start() {
      running ??= keepRunning();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => {
    child.once('exit', (code) => done(code));
    child.once('error', () => done(null));
  });
}

/** Composition of the SFTP side: what `main.ts` of this folder, and the tests, hold in their hands. */
import { join } from 'node:path';
import type { Database } from '../db/database.ts';
import type { Imports } from '../imports/types.ts';
import type { Clock } from '../kernel/clock.ts';
import { keptSecret } from '../kernel/kept-secret.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SealingKeys } from '../kernel/sealed.ts';
import type { Service } from '../kernel/service.ts';
import { announceSftpServer, withdrawSftpServer, type SftpAddress } from '../store/sftp-servers.ts';
import { Handover } from './handover.ts';
import { hostKeys } from './host-keys.ts';
import { Quota, type QuotaLimits } from './quota.ts';
import { removedKeys } from './removed-keys.ts';
import { repeated } from './repeated.ts';
import { SftpServer, type ServerOptions } from './server.ts';
import { Spool } from './spool.ts';
import { Uploads } from './uploads.ts';

export interface SftpDeps {
  readonly db: Database;
  readonly imports: Pick<Imports, 'accept'>;
  readonly sealingKeys: SealingKeys;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: SftpOptions;
}

export interface SftpOptions extends ServerOptions {
  /** For the spooled bytes and the name of this machine. Not to be shared with another one. */
  readonly folder: string;
  /** What people are shown, where it differs from what is listened on. */
  readonly publicHost: string | null;
  readonly publicPort: number | null;
  readonly quota: QuotaLimits;
  /** Bytes that uploads leave free on the disk. */
  readonly keepFree: number;
  readonly quietSeconds: number;
  readonly keepDays: number;
}

export interface Sftp extends Service {
  /** Where it listens; after `start`. */
  readonly port: number;
}

const pauses = {
  handover: 500,
  inspection: 10_000,
  checkpoint: 5000,
  announcement: 30_000,
  expiry: 3_600_000,
} as const;

/** @throws AppError from `start` when it cannot listen, or its host keys cannot be opened */
export async function createSftp({ db, imports, sealingKeys, clock, log, options }: SftpDeps): Promise<Sftp> {
  const machine = await keptSecret(join(options.folder, 'machine-id'));
  const spool = new Spool(join(options.folder, 'spool'), options.keepFree);
  await spool.prepare();
  const quota = new Quota(db, spool, options.quota);
  const uploads = new Uploads({ db, spool, quota, machine, quietSeconds: options.quietSeconds });
  const handover = new Handover({ db, spool, imports, machine, keepDays: options.keepDays, log });
  const server = new SftpServer({ db, uploads, log, hostKeys: await hostKeys(db, sealingKeys, log), options });
  const address = (): SftpAddress => ({
    host: options.publicHost ?? options.host,
    port: options.publicPort ?? server.port,
  });

  const failed = (what: string) => (err: unknown) => log.error({ err }, `sftp.${what}.failed`);
  const every = (what: keyof typeof pauses, work: () => Promise<void>): Service =>
    repeated(clock, pauses[what], work, failed(what));
  const parts: readonly Service[] = [
    server,
    removedKeys(db, clock, log, (keyId) => server.endSessionsOf(keyId)),
    every('inspection', () => server.inspect()),
    every('checkpoint', () => uploads.checkpoint()),
    every('handover', () => handover.begin()),
    every('expiry', () => handover.expire()),
    every('announcement', () => announceSftpServer(db, machine, address())),
  ];

  return {
    get port() {
      return server.port;
    },

    async start() {
      await handover.recover();
      for (const part of parts) await part.start();
    },

    async stop() {
      for (const part of parts) await part.stop();
      await handover.settle();
      await withdrawSftpServer(db, machine);
    },
  };
}

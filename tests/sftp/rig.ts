/** SFTP servers over the test file's database, real imports behind them, and accounts with keys to log in with. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { testDatabase } from '../../src/db/testing/test-database.ts';
import { LocalImportFiles } from '../../src/imports/files.ts';
import { createImports } from '../../src/imports/imports.ts';
import { systemClock as clock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { sealingKey } from '../../src/kernel/sealed.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { createSftp, type Sftp, type SftpOptions } from '../../src/sftp/sftp.ts';
import { createAccount } from '../../src/store/accounts.ts';
import { listHostKeys } from '../../src/store/sftp-servers.ts';
import { addSshKey } from '../../src/store/ssh-keys.ts';
import { makeKey, type KeyPair } from './programs.ts';

export interface SftpRig {
  readonly db: Database;
  readonly port: number;
  /** A private folder. */
  readonly folder: string;
  /** With the host keys of the servers, for any port that was given to `knows`. */
  readonly knownHosts: string;
  /** Log lines, one JSON text each. */
  readonly logged: readonly string[];
  newAccount(): Promise<Shop>;
  /** One more server over the same database, as on another machine. */
  start(options?: Partial<SftpOptions>): Promise<RunningSftp>;
}

export interface RunningSftp {
  readonly port: number;
  readonly folder: string;
  stop(): Promise<void>;
}

/** An account and a key that opens it. */
export interface Shop {
  readonly accountId: number;
  /** The SFTP user name. */
  readonly user: string;
  readonly keyId: string;
  readonly key: KeyPair;
}

export interface Imported {
  readonly object: string;
  readonly name: string;
  readonly bytes: number;
  readonly by: string;
  readonly mayConsent: boolean;
  /** Of the bytes that imports have. */
  readonly sha256: string;
}

/** Also of servers in a process of their own. */
export const secretKey = 'a secret for tests, of 32 characters at least';

/** Generous, so that a test about something else never meets a limit. */
const roomy: Omit<SftpOptions, 'folder'> = {
  host: '127.0.0.1',
  port: 0,
  publicHost: null,
  publicPort: null,
  gate: { total: 200, perAddress: 200, strangers: 100 },
  loginSeconds: 30,
  idleSeconds: 900,
  quota: { fileBytes: 1e9, accountBytes: 1e10 },
  keepFree: 0,
  quietSeconds: 1,
  keepDays: 7,
};

export function sftpRig(options: Partial<SftpOptions> = {}): () => SftpRig {
  const database = testDatabase();
  const parts = new AsyncDisposableStack();
  const logged: string[] = [];
  let rig: SftpRig | undefined;

  beforeAll(async () => {
    const db = database();
    const folder = await mkdtemp(join(tmpdir(), 'wharf-sftp-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const log = createLogger('debug', { write: (line) => void logged.push(line) });
    const queue = createQueue(db, log);
    parts.defer(() => queue.stop());
    await queue.start();
    const files = new LocalImportFiles(join(folder, 'imports'));
    const imports = createImports({
      db,
      queue,
      files,
      clock,
      log,
      options: { tempDir: join(folder, 'temp'), keepDays: 7, maxFileBytes: 1e9 },
    });
    let machines = 0;
    const start = async (more: Partial<SftpOptions> = {}): Promise<RunningSftp> => {
      machines += 1;
      const own = { ...roomy, folder: join(folder, `machine-${machines}`), ...options, ...more };
      const sftp: Sftp = await createSftp({
        db,
        imports,
        sealingKeys: [sealingKey(secretKey)],
        clock,
        log,
        options: own,
      });
      parts.defer(() => sftp.stop());
      await sftp.start();
      return { port: sftp.port, folder: own.folder, stop: () => sftp.stop() };
    };
    const { port } = await start();
    const knownHosts = (await listHostKeys(db)).map((key) => `[127.0.0.1]:${port} ${key.publicKey}\n`).join('');
    rig = { db, port, folder, knownHosts, logged, start, newAccount: () => newShop(db, folder) };
  }, 60_000);

  afterAll(() => parts.disposeAsync());

  return () => {
    if (!rig) throw new Error('sftpRig() may be read inside tests only');
    return rig;
  };
}

let shops = 0;

async function newShop(db: Database, folder: string): Promise<Shop> {
  shops += 1;
  const account = await createAccount(db, { name: 'Shop' });
  const key = await makeKey(folder, `key-${shops}`, ['-t', 'ed25519']);
  const { id: keyId } = await addSshKey(db, account.id, {
    title: 'Laptop',
    owner: 'Ola',
    publicKey: await readFile(key.publicFile, 'utf8'),
    mayConsent: false,
  });
  return { accountId: account.id, user: account.publicId, keyId, key };
}

/** What imports were given of an account so far, by name. */
export async function importedFiles(rig: SftpRig, shop: Shop): Promise<Imported[]> {
  const { rows } = await rig.db.query<Omit<Imported, 'sha256'> & { storedName: string }>(
    `select object, file_name as name, bytes, imported_by as by, may_consent as "mayConsent", stored_name as "storedName"
     from import where account_id = $1 order by file_name, created_at`,
    [shop.accountId],
  );
  return Promise.all(
    rows.map(async ({ storedName, ...row }) => {
      const content = await readFile(join(rig.folder, 'imports', storedName));
      return { ...row, sha256: sha256(content) };
    }),
  );
}

/** Waits until imports have as many files of the account. */
export async function imports(rig: SftpRig, shop: Shop, count: number): Promise<Imported[]> {
  await expect.poll(async () => (await importedFiles(rig, shop)).length, { timeout: 20_000 }).toBe(count);
  return importedFiles(rig, shop);
}

export interface UploadFacts {
  readonly path: string;
  readonly state: string;
  readonly bytes: number;
  readonly machine: string;
}

/** The rows of an account's folders, by path. */
export async function uploadsOf(rig: SftpRig, shop: Shop): Promise<UploadFacts[]> {
  const { rows } = await rig.db.query<UploadFacts>(
    `select '/' || folder || '/' || name as path, state, bytes, machine from sftp_upload where account_id = $1 order by 1`,
    [shop.accountId],
  );
  return rows;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

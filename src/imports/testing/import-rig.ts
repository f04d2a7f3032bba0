import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../../db/database.ts';
import { testDatabase } from '../../db/testing/test-database.ts';
import { systemClock as clock } from '../../kernel/clock.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createQueue } from '../../queue/queue.ts';
import { createAccount } from '../../store/accounts.ts';
import { LocalImportFiles } from '../files.ts';
import type { Import } from '../import.ts';
import { createImports } from '../imports.ts';
import type { ImportsDeps } from '../parts.ts';
import type { FinishedUpload, Imports } from '../types.ts';

export interface ImportRig {
  readonly db: Database;
  readonly imports: Imports;
  readonly files: LocalImportFiles;
  /** What the imports are made of, for parts of them with another clock. */
  readonly deps: ImportsDeps;
  readonly folder: string;
  newAccount(): Promise<number>;
  /** Accepts a file and does what a worker would do at once: the import is over, or waits. */
  run(
    accountId: number,
    object: Import['object'],
    content: string | Buffer,
    more?: Partial<FinishedUpload>,
  ): Promise<Import>;
  accept(
    accountId: number,
    object: Import['object'],
    content: string | Buffer,
    more?: Partial<FinishedUpload>,
  ): Promise<string>;
  work(accountId: number, importId: string): Promise<Import>;
  /** The download of the skipped rows. */
  skipped(accountId: number, importId: string): Promise<string>;
  profiles(accountId: number): Promise<Record<string, unknown>[]>;
  events(accountId: number): Promise<Record<string, unknown>[]>;
}

/** Real imports over the test file's own database, with files in a folder of their own. */
export function importRig(): () => ImportRig {
  const database = testDatabase();
  const parts = new AsyncDisposableStack();
  let rig: ImportRig | undefined;

  beforeAll(async () => {
    const db = database();
    const folder = await mkdtemp(join(tmpdir(), 'wharf-imports-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const log = createLogger('silent');
    const queue = createQueue(db, log);
    parts.defer(() => queue.stop());
    await queue.start();
    const tempDir = join(folder, 'temp');
    await mkdir(tempDir);
    const files = new LocalImportFiles(join(folder, 'files'));
    const deps = { db, queue, files, clock, log, options: { tempDir, keepDays: 30, maxFileBytes: 1e9 } };
    rig = rigOf({ db, imports: createImports(deps), files, deps, folder });
  });

  afterAll(() => parts.disposeAsync());

  return () => {
    if (!rig) throw new Error('importRig() may be read inside tests only');
    return rig;
  };
}

function rigOf(parts: Pick<ImportRig, 'db' | 'imports' | 'files' | 'deps' | 'folder'>): ImportRig {
  const { db, imports, folder } = parts;
  const signal = new AbortController().signal;

  const accept: ImportRig['accept'] = async (accountId, object, content, more = {}) => {
    const bytes = Buffer.from(content);
    const path = join(folder, randomUUID());
    await writeFile(path, bytes);
    const upload = { accountId, object, fileName: 'test.csv', path, bytes: bytes.length, by: 'Ann', mayConsent: true };
    const { importId } = await imports.accept(randomUUID(), { ...upload, source: 'sftp', ...more });
    await rm(path);
    return importId;
  };

  const work: ImportRig['work'] = async (accountId, importId) => {
    await imports.handler({ accountId, importId }, signal);
    return imports.get(accountId, importId);
  };

  return {
    ...parts,
    accept,
    work,
    newAccount: async () => (await createAccount(db, { name: 'Imports' })).id,
    run: async (accountId, object, content, more) => work(accountId, await accept(accountId, object, content, more)),
    async skipped(accountId, importId) {
      let text = '';
      for await (const some of await imports.skipped(accountId, importId, signal)) text += some;
      return text;
    },
    async profiles(accountId) {
      const { rows } = await db.query<Record<string, unknown>>(
        `select email, phone_number, external_id, first_name, last_name, location, properties, subscriptions
         from profile where account_id = $1 order by email, external_id, phone_number`,
        [accountId],
      );
      return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
    },
    async events(accountId) {
      const { rows } = await db.query<Record<string, unknown>>(
        `select m.name as metric, i.name as integration, p.email, e.datetime, e.unique_id, e.properties
         from event e join profile p on p.account_id = e.account_id and p.id = e.profile_id
           join metric m on m.account_id = e.account_id and m.id = e.metric_id
           join integration i on i.account_id = m.account_id and i.id = m.integration_id
         where e.account_id = $1 order by e.datetime, e.unique_id`,
        [accountId],
      );
      return rows;
    },
  };
}

import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import { classify, type Phase } from '../rules.ts';
import { withoutRow } from '../staged-reader.ts';
import { checkFile } from './check.ts';
import { openDatabaseFile, type DatabaseFile } from './database-file.ts';
import { duckdbRules } from './errors.ts';
import type { DuckdbSettings } from './spec.ts';
import { alreadyLoaded, applyBatch } from './writer.ts';

/** Opens the file at the first call and keeps it until the session ends. */
export function openSession(settings: DuckdbSettings, context: OpenContext): Session {
  let opening: Promise<DatabaseFile> | null = null;
  let disposed = false;

  const translate = (thrown: unknown, phase: Phase): AppError =>
    classify(withoutRow(thrown), duckdbRules, { secrets: [], phase, details: { path: settings.path } });

  const open = (): Promise<DatabaseFile> => {
    if (disposed) throw new AppError('CANCELLED', { summary: 'The session has ended.' });
    opening ??= openDatabaseFile(settings.path).catch((error: unknown) => {
      opening = null;
      throw translate(error, 'open');
    });
    return opening;
  };

  return {
    check: () => checkFile(settings.path, open, (error) => translate(error, 'check')),
    load: async (batch, signal) => {
      const file = await open();
      try {
        return await file.exclusive(() => interruptible(file, signal, () => loadInto(file, batch, signal, context)));
      } catch (error) {
        throw signal.aborted ? new AppError('CANCELLED', { cause: error }) : translate(error, 'load');
      }
    },
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      const file = await opening?.catch(() => null);
      // work in hand ends first: closing under it would crash the engine
      await file?.exclusive(async () => file[Symbol.dispose]());
    },
  };
}

async function loadInto(
  file: DatabaseFile,
  batch: StagedBatch,
  signal: AbortSignal,
  context: OpenContext,
): Promise<Receipt> {
  if (batch.rows === 0) return greet(file, batch);
  const paths = [];
  for (const staged of batch.files) paths.push(await staged.localPath(signal));
  file.keep();
  return applyBatch(file.connection, batch, paths, { log: context.log, signal });
}

/** An empty window: the file opens and the fence holds; nothing is written. */
async function greet(file: DatabaseFile, batch: StagedBatch): Promise<Receipt> {
  const ledger = await file.connection.runAndReadAll(
    `SELECT 1 FROM duckdb_tables() WHERE database_name = 'warehouse' AND table_name = '_wharf_ledger'`,
  );
  const seen = ledger.currentRowCount > 0 ? await alreadyLoaded(file.connection, batch) : null;
  return seen ?? { loaded: 0, applied: { upserted: 0, deleted: 0 }, alreadyLoaded: false };
}

async function interruptible<T>(file: DatabaseFile, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const interrupt = (): void => file.connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

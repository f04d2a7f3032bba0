/** Rows of a chunk from PostgreSQL to a staged file, as bytes: no row becomes a JavaScript object. */
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Database } from '../db/database.ts';
import type { StagedFormat } from '../destinations/destination.ts';
import { AppError } from '../kernel/app-error.ts';
import { copyStatement, countStatement, type RowRange } from './rows.ts';
import type { StagedObject, StageStore } from './stage-store.ts';

export interface Staged {
  /** None when the range is empty. */
  readonly files: readonly StagedObject[];
  /** Rows counted in the store, and rows written; equal, or staging fails. */
  readonly source: number;
  readonly staged: number;
}

const block = 1 << 20;

/**
 * Reads and counts in one snapshot, so that the two numbers can be compared.
 * @throws AppError STORE_UNAVAILABLE, COUNT_MISMATCH
 */
export async function stageRows(
  db: Database,
  store: StageStore,
  range: RowRange,
  format: StagedFormat,
  name: string,
  signal: AbortSignal,
): Promise<Staged> {
  signal.throwIfAborted();
  const client = await db.connect('wharf staging');
  // Ending a client in the middle of a query cuts its connection, and the server stops the query.
  const cut = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', cut, { once: true });
  try {
    await client.query(
      `set timezone = 'UTC'; set datestyle = 'ISO'; set jit = off; begin isolation level repeatable read read only`,
    );
    const source = await countRows(client, range);
    if (source === 0) return { files: [], source, staged: 0 };
    const file = await copyRows(client, store, range, format, name, signal);
    if (file.rows !== source) {
      await store.remove([name]);
      throw new AppError('COUNT_MISMATCH', {
        summary: 'The store counted other rows than it gave out; nothing was loaded.',
        details: { source, staged: file.rows },
      });
    }
    return { files: [file], source, staged: file.rows };
  } catch (error) {
    signal.throwIfAborted();
    throw storeError(error);
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
  }
}

async function countRows(client: pg.Client, range: RowRange): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(countStatement(range));
  return Number(rows[0]?.rows);
}

async function copyRows(
  client: pg.Client,
  store: StageStore,
  range: RowRange,
  format: StagedFormat,
  name: string,
  signal: AbortSignal,
): Promise<StagedObject> {
  const rows = client.query(copyTo(copyStatement(range, format), { highWaterMark: block }));
  // level 1: higher levels cost more time than the bytes they save cost on the way
  const gzip = createGzip({ level: 1, chunkSize: block });
  const compressing = pipeline(rows, gzip, { signal });
  const writing = store.write(name, gzip, signal).catch((error: unknown) => {
    gzip.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [compressed, written] = await Promise.allSettled([compressing, writing]);
  // the writer fails for the reader's reason and the other way round; PostgreSQL's own words are the better ones
  if (compressed.status === 'rejected' && isDatabaseError(compressed.reason)) throw compressed.reason;
  if (written.status === 'rejected') throw written.reason;
  if (compressed.status === 'rejected') throw compressed.reason;
  return { name, rows: rows.rowCount, ...written.value };
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && 'severity' in error;
}

/** What is not ours already came from the connection to PostgreSQL. */
function storeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new AppError('STORE_UNAVAILABLE', { externalMessage: words, cause: error });
}

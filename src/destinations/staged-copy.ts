/** Staged rows into a file of another format, by DuckDB: no row becomes a JavaScript object. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { TableSpec } from './destination.ts';
import { readStaged, withoutRow } from './staged-reader.ts';

export interface StagedCopyOptions {
  /** How many rows were staged. Where that is known, less memory is tried first. */
  readonly rows?: number;
  /** Folder for what does not fit into memory. */
  readonly spill: string;
  readonly signal: AbortSignal;
}

/** What to do with `source`, a table expression over the staged rows. */
export type CopyStatement = (source: string) => string;

/** Ends with the copy that was asked for last; never rejects. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a `COPY (...) TO` over staged rows. Resolves to the number of rows. Their order is not kept. Copies take turns in
 * this process, for the sake of its memory; one that is aborted while it waits ends when its turn comes.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export async function copyStaged(
  table: TableSpec,
  paths: readonly string[],
  statement: CopyStatement,
  options: StagedCopyOptions,
): Promise<number> {
  const copying = last.then(async () => {
    if (options.rows !== undefined) {
      // a true failure shows again below
      const copied = await runCopy(statement(readStaged(table, paths, 'short')), options).catch(() => null);
      if (copied === options.rows) return copied;
    }
    return runCopy(statement(readStaged(table, paths)), options);
  });
  last = copying.catch(() => undefined);
  return copying;
}

async function runCopy(statement: string, { spill, signal }: StagedCopyOptions): Promise<number> {
  signal.throwIfAborted();
  const instance = await DuckDBInstance.create(':memory:', {
    // one thread reads gzip in any case; each further one would hold rows and buffers of its own
    threads: '1',
    memory_limit: '160MB',
    temp_directory: spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return (await connection.run(statement)).rowsChanged;
  } catch (error) {
    throw withoutRow(error);
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

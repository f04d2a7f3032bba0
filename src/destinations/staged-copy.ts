/** Staged rows into a file of another format, by DuckDB: no row becomes a JavaScript object. */
import { DuckDBInstance } from '@duckdb/node-api';
import { withoutRow } from './staged-reader.ts';

export interface StagedCopyOptions {
  /** Folder for what does not fit into memory. */
  readonly spill: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a `COPY (...) TO` that reads by `readStaged`. Resolves to the number of rows. Their order is not kept.
 * @throws Error of DuckDB (`stagedReaderRules`) when a row cannot be read
 */
export async function copyStaged(statement: string, { spill, signal }: StagedCopyOptions): Promise<number> {
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

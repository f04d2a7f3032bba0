/**
 * One DuckDB file as this process sees it. DuckDB locks a file per process, and would let two engines of one process
 * corrupt it; so all sessions of a path share one engine here, and the last to leave closes it, which frees the file
 * for others between runs.
 */
import { access, constants, realpath, stat } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../../kernel/app-error.ts';
import { literal } from '../staged-reader.ts';

/** A connection to the file. Close it, and the file with it when nobody else has it open. */
export interface DatabaseFile extends Disposable {
  readonly connection: DuckDBConnection;
  /** Whether opening made the file. */
  readonly created: boolean;
  /** Runs `work` when no other writer of this process is at work on the file. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** The file is worth keeping: without this call a file made by opening is removed on close. */
  keep(): void;
}

interface Engine {
  readonly instance: DuckDBInstance;
  readonly path: string;
  readonly created: boolean;
  users: number;
  kept: boolean;
  queue: Promise<unknown>;
}

const engines = new Map<string, Promise<Engine>>();

/** @throws Error of Node (ENOENT, EACCES, EISDIR...) or DuckDB, to be classified by the caller */
export async function openDatabaseFile(path: string): Promise<DatabaseFile> {
  const { file, exists } = await usablePath(path);
  const opening = engines.get(file) ?? startEngine(file, !exists);
  engines.set(file, opening);
  const engine = await opening.catch((error: unknown) => {
    engines.delete(file);
    throw error;
  });
  engine.users += 1;
  try {
    const connection = await engine.instance.connect();
    await connection.run('USE warehouse');
    return openConnection(engine, connection);
  } catch (error) {
    leave(engine);
    throw error;
  }
}

function openConnection(engine: Engine, connection: DuckDBConnection): DatabaseFile {
  let open = true;
  return {
    connection,
    created: engine.created,
    keep: () => {
      engine.kept = true;
    },
    exclusive: (work) => {
      const result = engine.queue.then(work);
      engine.queue = result.catch(() => undefined);
      return result;
    },
    [Symbol.dispose]: () => {
      if (!open) return;
      open = false;
      connection.closeSync();
      leave(engine);
    },
  };
}

/** Synchronous, so that no other session can join an engine that is going away. */
function leave(engine: Engine): void {
  engine.users -= 1;
  if (engine.users > 0) return;
  engines.delete(engine.path);
  engine.instance.closeSync();
  rmSync(spillFolder(engine.path), { recursive: true, force: true });
  if (engine.created && !engine.kept) {
    rmSync(engine.path, { force: true });
    rmSync(`${engine.path}.wal`, { force: true });
  }
}

async function startEngine(path: string, created: boolean): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    // enough for the largest row; more threads or memory gain little, since reading gzip is the limit
    threads: '2',
    memory_limit: '100MB',
    preserve_insertion_order: 'false',
    // hold little back: write out each finished row group, return freed memory early
    write_buffer_row_group_count: '1',
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
    temp_directory: spillFolder(path),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    // small row groups bound the memory of an insert, and let a merge skip what cannot hold its keys
    await connection.run(`ATTACH ${literal(path)} AS warehouse (TYPE duckdb, ROW_GROUP_SIZE 30720)`);
    connection.closeSync();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return { instance, path, created, users: 0, kept: false, queue: Promise.resolve() };
}

function spillFolder(path: string): string {
  return `${path}.wharf-tmp`;
}

/**
 * Never opens the file: closing any descriptor of it would drop DuckDB's lock, which belongs to the whole process.
 */
async function usablePath(path: string): Promise<{ file: string; exists: boolean }> {
  const folder = await realpath(dirname(path));
  await access(folder, constants.W_OK | constants.X_OK);
  const wanted = join(folder, basename(path));
  const file = await realpath(wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return wanted;
    throw error;
  });
  const found = await stat(file).catch(() => null);
  if (!found) return { file, exists: false };
  if (found.isDirectory())
    throw Object.assign(new Error(`EISDIR: the path is a folder, '${file}'`), { code: 'EISDIR' });
  if (!found.isFile()) {
    throw new AppError('SETTINGS_INVALID', { summary: 'The path is neither a file nor free.', details: { path } });
  }
  await access(file, constants.R_OK | constants.W_OK);
  return { file, exists: true };
}

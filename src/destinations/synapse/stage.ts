/**
 * One attempt's files in the container and its table in the staging schema. Both are named by a ULID, so that each attempt
 * has its own and their age can be read from their names.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ulid } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { StagedBatch, StagedFile, TableSpec } from '../destination.ts';
import type { SqlConnection } from './connection.ts';
import type { Container } from './container.ts';
import { writeCsv } from './csv-file.ts';
import { createStage, dropStage, listStages } from './sql.ts';

/** Everything of ours in the container is below it. */
export const rootFolder = 'wharf/';

const tablePrefix = 's_';
/** No load takes so long. */
const orphanAgeMs = 24 * 60 * 60_000;
const tidyMs = 30_000;

/** Uploads the batch as one file for each staged one. Resolves to their names. */
export async function uploadFiles(
  container: Container,
  batch: StagedBatch,
  tempDir: string,
  signal: AbortSignal,
): Promise<string[]> {
  const folder = `${rootFolder}${batch.id}/${batch.fence}/${ulid()}/`;
  const names: string[] = [];
  try {
    for (const [index, file] of batch.files.entries()) {
      const name = `${folder}part-${String(index).padStart(5, '0')}.csv.gz`;
      names.push(name);
      await uploadFile(container, batch.table, file, name, tempDir, signal);
    }
    return names;
  } catch (error) {
    await deleteFiles(container, names);
    throw error;
  }
}

async function uploadFile(
  container: Container,
  table: TableSpec,
  file: StagedFile,
  name: string,
  tempDir: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tempDir, 'csv-'));
  try {
    const path = join(folder, 'part.csv');
    await writeCsv(table, await file.localPath(signal), path, { rows: file.rows, spill: folder, signal });
    // DuckDB's own gzip takes several times as long
    const gzip = createGzip({ level: 1, memLevel: 9, chunkSize: 1 << 18 });
    pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), gzip, () => undefined);
    await container.upload(name, gzip, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Best effort: what stays is swept later. */
export async function deleteFiles(container: Container, names: readonly string[]): Promise<void> {
  const signal = AbortSignal.timeout(tidyMs);
  for (const name of names) await container.delete(name, signal).catch(() => undefined);
}

/** Resolves to the table's name. */
export async function createStageTable(
  connection: SqlConnection,
  table: TableSpec,
  signal: AbortSignal,
): Promise<string> {
  const name = `${tablePrefix}${ulid()}`;
  await connection.run(createStage(name, table), signal);
  return name;
}

/** Best effort: what stays is swept later. */
export async function dropStageTable(connection: SqlConnection, name: string): Promise<void> {
  await connection.run(dropStage(name), AbortSignal.timeout(tidyMs)).catch(() => undefined);
}

/** Removes what attempts left that were killed more than a day ago. Never fails a load. */
export async function sweep(
  connection: SqlConnection,
  container: Container,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { rows } = await connection.run(listStages, signal);
    const tables = rows.map(([name]) => String(name)).filter((name) => isOrphan(name.slice(tablePrefix.length)));
    for (const name of tables) await connection.run(dropStage(name), signal);
    const blobs = (await container.list(rootFolder, signal)).filter((name) => isOrphan(name.split('/').at(-2) ?? ''));
    for (const name of blobs) await container.delete(name, signal);
    if (tables.length + blobs.length > 0) log.info({ tables: tables.length, blobs: blobs.length }, 'synapse.swept');
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.name : 'unknown';
    log.warn({ reason }, 'synapse.sweep.failed');
  }
}

function isOrphan(id: string): boolean {
  const madeAt = ulidTime(id);
  return madeAt !== null && Date.now() - madeAt > orphanAgeMs;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Milliseconds since 1970; null when it is no ULID. */
function ulidTime(id: string): number | null {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return null;
  return Array.from(id.slice(0, 10)).reduce((time, digit) => time * 32 + crockford.indexOf(digit), 0);
}

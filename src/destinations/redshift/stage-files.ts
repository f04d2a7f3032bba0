/** Staged rows on their way through the staging bucket: Parquet files and a manifest, below a folder for this attempt. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnSpec, StagedBatch } from '../destination.ts';
import { writeParquet } from '../parquet.ts';
import { quoted, withoutRepeats } from '../staged-reader.ts';
import { checkedText } from './limits.ts';
import type { Staging } from './spec.ts';
import { longestDocument } from './sql.ts';
import type { StagingBucket } from './staging-bucket.ts';

/** Far beyond any load: nobody reads such files any more. */
const orphanAgeMs = 24 * 60 * 60 * 1000;
const tidyUpTimeoutMs = 30_000;

export interface StagedFiles extends AsyncDisposable {
  /** `s3://` URL for COPY. */
  readonly manifestUrl: string;
}

/** @throws Error of DuckDB (`stagedReaderRules`, `tooLargePattern`) or of the SDK; then nothing is left in the bucket */
export async function stageFiles(
  bucket: StagingBucket,
  staging: Staging,
  batch: Pick<StagedBatch, 'id' | 'fence' | 'table' | 'files'>,
  tempDir: string,
  signal: AbortSignal,
): Promise<StagedFiles> {
  const folder = `${batchFolder(staging, batch.id)}${batch.fence}/`;
  const keys: string[] = [];
  const remove = async (): Promise<void> => {
    const late = AbortSignal.timeout(tidyUpTimeoutMs);
    // what cannot be deleted now is an orphan that a later session sweeps
    for (const key of keys) await bucket.delete(key, late).catch(() => undefined);
  };
  const local = await mkdtemp(join(tempDir, 'parquet-'));
  try {
    const entries = [];
    for (const [index, file] of batch.files.entries()) {
      const path = join(local, 'part.parquet');
      await writeParquet(withoutRepeats(batch.table), [await file.localPath(signal)], path, {
        rows: file.rows,
        spill: local,
        rowGroup: 10_240,
        column: parquetColumn,
        signal,
      });
      const key = `${folder}part-${String(index).padStart(5, '0')}.parquet`;
      const { size } = await stat(path);
      keys.push(key);
      await bucket.upload(key, createReadStream(path, { highWaterMark: 1 << 20 }), signal);
      entries.push({ url: `s3://${staging.bucket}/${key}`, mandatory: true, meta: { content_length: size } });
    }
    const manifest = `${folder}manifest.json`;
    keys.push(manifest);
    await bucket.put(manifest, JSON.stringify({ entries }), signal);
    return { manifestUrl: `s3://${staging.bucket}/${manifest}`, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    await rm(local, { recursive: true, force: true });
  }
}

/** JSON as bytes, which take 16 MB where text takes 64 KB. */
function parquetColumn(column: ColumnSpec): string {
  if (column.name === '_deleted') return quoted(column.name);
  const text = checkedText(column, longestDocument);
  return column.type === 'json' ? `encode(${text})` : text;
}

/** Files of earlier attempts at this batch, which their fence outdates, and files that a crash left long ago. */
export async function sweepOrphans(
  bucket: StagingBucket,
  staging: Staging,
  batch: Pick<StagedBatch, 'id' | 'fence'>,
  signal: AbortSignal,
): Promise<void> {
  const own = batchFolder(staging, batch.id);
  for (const { key, modified } of await bucket.list(`${staging.prefix}/`, signal)) {
    const fence = /^[\w-]+\/(\d+)\/(?:part-\d{5}\.parquet|manifest\.json)$/.exec(
      key.slice(staging.prefix.length + 1),
    )?.[1];
    if (fence === undefined) continue;
    const outdated = key.startsWith(own) && Number(fence) < batch.fence;
    if (outdated || Date.now() - modified.getTime() > orphanAgeMs) await bucket.delete(key, signal);
  }
}

/** With a slash at its end. A batch id that is no plain word goes by its hash: COPY reads some characters its own way. */
function batchFolder({ prefix }: Staging, batchId: string): string {
  const name = /^[\w-]{1,64}$/.test(batchId) ? batchId : createHash('sha256').update(batchId).digest('hex');
  return `${prefix}/${name}/`;
}

/** Where things lie in the bucket. Pure. */
import { z } from 'zod';
import type { StagedBatch } from '../destination.ts';
import type { S3Settings } from './spec.ts';

/** Joins the prefix and a path below it. */
export function keyUnder(settings: Pick<S3Settings, 'prefix'>, path: string): string {
  return settings.prefix === '' ? path : `${settings.prefix}/${path}`;
}

/**
 * The folder of a batch, with a slash at its end. Day and hour are those at which the window was closed, so that a
 * retry, however late, writes to the same keys.
 */
export function batchFolder(settings: Pick<S3Settings, 'prefix'>, batch: StagedBatch): string {
  const [day = '', time = ''] = batch.createdAt.toISOString().split('T');
  const id = encodeURIComponent(batch.id);
  return keyUnder(settings, `${batch.table.name}/dt=${day}/hour=${time.slice(0, 2)}/batch=${id}/`);
}

export function partName(index: number, format: S3Settings['format']): string {
  return `part-${String(index).padStart(5, '0')}.${format === 'jsonl' ? 'jsonl.gz' : 'parquet'}`;
}

export const manifestName = '_manifest.json';
export const successName = '_SUCCESS';

const manifestSchema = z.object({
  version: z.literal(1),
  batch: z.string(),
  run: z.string(),
  sync: z.string(),
  table: z.string(),
  format: z.enum(['jsonl', 'parquet']),
  window: z.object({ from: z.number(), to: z.number() }),
  created_at: z.string(),
  fence: z.number(),
  rows: z.number(),
  bytes: z.number(),
  parts: z.array(z.object({ key: z.string(), rows: z.number(), bytes: z.number(), sha256: z.string() })),
});

/** `_manifest.json`: which parts make up the batch. Rows include deletions; bytes are as stored. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestPart = Manifest['parts'][number];

export function manifestOf(batch: StagedBatch, format: S3Settings['format'], parts: readonly ManifestPart[]): Manifest {
  return {
    version: 1,
    batch: batch.id,
    run: batch.runId,
    sync: batch.syncId,
    table: batch.table.name,
    format,
    window: { ...batch.window },
    created_at: batch.createdAt.toISOString(),
    fence: batch.fence,
    rows: batch.rows,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: [...parts],
  };
}

/** Null for anything that is not a manifest: such a batch is loaded again. */
export function parseManifest(text: string): Manifest | null {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, StagedBatch } from '../destination.ts';
import type { Bucket } from './bucket.ts';
import {
  batchFolder,
  manifestName,
  manifestOf,
  parseManifest,
  partName,
  successName,
  type Manifest,
  type ManifestPart,
} from './layout.ts';
import { jsonLinesPart, parquetPart } from './parts.ts';
import type { S3Settings } from './spec.ts';

/**
 * Writes a batch: parts, then `_manifest.json`, then `_SUCCESS`. Before `_SUCCESS` exists readers ignore the folder,
 * so a batch appears whole or not at all; a retry overwrites the same keys.
 */
export async function writeBatch(
  bucket: Bucket,
  settings: S3Settings,
  batch: StagedBatch,
  context: OpenContext,
  signal: AbortSignal,
): Promise<Receipt> {
  const done = (step: string): void => {
    context.log.debug({ batch: batch.id, step }, 's3.load.step');
    if (step !== 'committed') signal.throwIfAborted();
  };
  const folder = batchFolder(settings, batch);
  const earlier = await bucket.list(folder, signal);
  const known = await findReceipt(bucket, folder, earlier, batch, signal);
  if (known || batch.rows === 0) return known ?? { loaded: 0, applied: null, alreadyLoaded: false };
  await bucket.abortUploads(folder, signal);
  done('greeted');

  const parts = await uploadParts(bucket, settings, batch, context, signal);
  done('uploaded');

  const landed = await bucket.list(folder, signal);
  const finished = await findReceipt(bucket, folder, landed, batch, signal);
  if (finished) return finished;
  verify(batch, parts, landed);
  await removeStrays(bucket, folder, parts, landed, signal);
  done('verified');

  const manifest = manifestOf(batch, settings.format, parts);
  await bucket.put(`${folder}${manifestName}`, `${JSON.stringify(manifest, null, 2)}\n`, 'application/json', signal);
  done('manifest');

  const first = await bucket.putNew(`${folder}${successName}`, '', 'text/plain', signal);
  done('committed');
  return { loaded: manifest.rows, applied: null, alreadyLoaded: !first };
}

/**
 * The receipt of a batch that is complete, else null.
 * @throws AppError FENCED when a worker with a higher fence has written its manifest
 */
async function findReceipt(
  bucket: Bucket,
  folder: string,
  found: ReadonlyMap<string, number>,
  batch: StagedBatch,
  signal: AbortSignal,
): Promise<Receipt | null> {
  if (!found.has(`${folder}${manifestName}`)) return null;
  const manifest = parseManifest(await bucket.read(`${folder}${manifestName}`, signal));
  if (!manifest) return null;
  if (manifest.fence > batch.fence) {
    throw new AppError('FENCED', { details: { batch: batch.id, fence: batch.fence, seen: manifest.fence } });
  }
  return found.has(`${folder}${successName}`) ? receiptOf(manifest) : null;
}

function receiptOf(manifest: Manifest): Receipt {
  return { loaded: manifest.rows, applied: null, alreadyLoaded: true };
}

async function uploadParts(
  bucket: Bucket,
  settings: S3Settings,
  batch: StagedBatch,
  context: OpenContext,
  signal: AbortSignal,
): Promise<ManifestPart[]> {
  const folder = batchFolder(settings, batch);
  const parts: ManifestPart[] = [];
  for (const [index, file] of batch.files.entries()) {
    const key = `${folder}${partName(index, settings.format)}`;
    await using part =
      settings.format === 'jsonl'
        ? await jsonLinesPart(file, signal)
        : await parquetPart(batch.table, file, context.tempDir, signal);
    await bucket.upload(key, part.body, part.contentType, signal);
    parts.push({ key, rows: part.rows(), bytes: part.bytes(), sha256: part.sha256() });
  }
  return parts;
}

/** Rows as counted while they passed, sizes as the store tells them. */
function verify(batch: StagedBatch, parts: readonly ManifestPart[], landed: ReadonlyMap<string, number>): void {
  const counted = parts.reduce((sum, part) => sum + part.rows, 0);
  if (counted !== batch.rows) {
    throw new AppError('COUNT_MISMATCH', {
      summary: `The uploaded files hold ${counted} rows where ${batch.rows} were staged; the batch was not published.`,
      details: { batch: batch.id, counted, staged: batch.rows },
    });
  }
  const wrong = parts.find(({ key, bytes }) => landed.get(key) !== bytes);
  if (wrong) {
    throw new AppError('UPLOAD_CORRUPT', {
      summary: 'An uploaded file does not have the size it was sent with.',
      details: { key: wrong.key, sent: wrong.bytes, stored: landed.get(wrong.key) ?? null },
    });
  }
}

/** Parts of an earlier attempt in another shape, which a reader of the folder would take for ours. */
async function removeStrays(
  bucket: Bucket,
  folder: string,
  parts: readonly ManifestPart[],
  landed: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set([...parts.map(({ key }) => key), `${folder}${manifestName}`]);
  for (const key of landed.keys()) if (!wanted.has(key)) await bucket.delete(key, signal);
}

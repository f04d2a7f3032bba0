import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../kernel/app-error.ts';
import { acceptUpload } from './accept.ts';
import type { ImportsDeps } from './parts.ts';
import type { StreamedUpload } from './types.ts';

/** Writes a file down as it comes and hands it over when it is whole. */
export async function uploadStream(
  deps: ImportsDeps,
  upload: StreamedUpload,
  body: Readable,
  signal: AbortSignal,
): Promise<{ readonly importId: string }> {
  const { tempDir, maxFileBytes } = deps.options;
  await mkdir(tempDir, { recursive: true });
  const path = join(tempDir, `wharf-upload-${randomUUID()}`);
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const block of body.iterator({ destroyOnReturn: false })) {
      bytes += (block as Buffer).length;
      if (bytes > maxFileBytes) throw tooLarge(maxFileBytes);
      yield block as Buffer;
    }
  };
  try {
    await pipeline(counted, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    return await acceptUpload(deps, randomUUID(), { ...upload, path, bytes });
  } catch (error) {
    // a client that is still sending would not hear the answer
    if (!signal.aborted) body.resume();
    throw diskTrouble(error, tempDir) ?? error;
  } finally {
    await rm(path, { force: true });
  }
}

export function tooLarge(maxFileBytes: number): AppError {
  const most = maxFileBytes >= 1e9 ? `${maxFileBytes / 1e9} GB` : `${maxFileBytes / 1e6} MB`;
  return new AppError('TOO_LARGE', {
    summary: `The file is too large; ${most} are possible.`,
    advice: 'Export the rows into several files.',
  });
}

function diskTrouble(error: unknown, folder: string): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EACCES' && code !== 'EROFS') return null;
  return new AppError('STORE_UNAVAILABLE', {
    summary: 'There is no room for the uploaded file.',
    advice: `Make room in ${folder}, or give Wharf the right to write there; then upload again.`,
    cause: error,
  });
}

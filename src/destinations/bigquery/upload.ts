import { Transform, type Readable } from 'node:stream';
import { AppError } from '../../kernel/app-error.ts';
import type { StagedFile } from '../destination.ts';
import { statusOf, type Transport } from './transport.ts';

const maxResumes = 3;
/** For a whole file on a slow line. */
const uploadTimeoutMs = 30 * 60_000;

/**
 * Sends a file's bytes as they are, by Google's resumable protocol: announce, send, and after a broken connection ask how
 * much has arrived and go on from there. Resolves to what the server made of it.
 * @throws the vendor's error; what the file's own stream says about missing or altered bytes
 */
export async function upload<T>(
  transport: Transport,
  path: string,
  body: object,
  file: Pick<StagedFile, 'bytes' | 'open'>,
  signal: AbortSignal,
): Promise<T> {
  const headers = {
    'x-upload-content-type': 'application/octet-stream',
    'x-upload-content-length': String(file.bytes),
  };
  const announced = await transport.call(
    { method: 'POST', path, query: { uploadType: 'resumable' }, headers, body },
    signal,
  );
  const session = announced.headers.get('location');
  if (!session) throw new AppError('NETWORK_UNREACHABLE', { summary: 'BigQuery gave no address for the upload.' });
  let arrived = 0;
  for (let resumes = 0; ; resumes++) {
    try {
      const answer = await send<T>(transport, session, file, arrived, signal);
      if (answer.status !== 308) return answer.data;
    } catch (error) {
      // an answer is final; a broken connection is not
      if (signal.aborted || error instanceof AppError || statusOf(error) !== null || resumes >= maxResumes) throw error;
    }
    if (resumes >= maxResumes)
      throw new AppError('NETWORK_UNREACHABLE', { summary: 'The upload broke again and again.' });
    const asked = await transport.call<T>(
      { method: 'PUT', path: session, headers: { 'content-range': `bytes */${file.bytes}`, 'content-length': '0' } },
      signal,
    );
    if (asked.status !== 308) return asked.data;
    arrived = arrivedBytes(asked.headers.get('range'));
  }
}

async function send<T>(
  transport: Transport,
  session: string,
  file: Pick<StagedFile, 'bytes' | 'open'>,
  from: number,
  signal: AbortSignal,
) {
  const source = await file.open(signal);
  // a source that fails must not look like a broken connection
  let failure: Error | null = null;
  const rest = from === 0 ? source : without(source, from);
  source.once('error', (error: Error) => {
    failure = error;
    rest.destroy(error);
  });
  const headers = {
    'content-length': String(file.bytes - from),
    ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${file.bytes - 1}/${file.bytes}` }),
  };
  try {
    return await transport.call<T>(
      { method: 'PUT', path: session, headers, stream: rest, timeoutMs: uploadTimeoutMs },
      signal,
    );
  } catch (error) {
    throw failure ?? error;
  } finally {
    source.destroy();
  }
}

/** The stream without its first bytes. */
function without(source: Readable, bytes: number): Transform {
  let left = bytes;
  return source.pipe(
    new Transform({
      transform: (chunk: Buffer, _, done) => {
        const skipped = Math.min(left, chunk.length);
        left -= skipped;
        done(null, chunk.subarray(skipped));
      },
    }),
  );
}

/** `bytes=0-524287` is 524,288 bytes; nothing said is none. */
function arrivedBytes(range: string | null): number {
  const [, last] = /^bytes=0-(\d+)$/.exec(range ?? '') ?? [];
  return last === undefined ? 0 : Number(last) + 1;
}

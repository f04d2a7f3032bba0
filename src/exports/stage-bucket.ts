import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../kernel/app-error.ts';
import { redactText } from '../kernel/redact.ts';
import { missingFile, withChecksum, type StagedObject, type StageStore } from './stage-store.ts';

export interface BucketStageOptions {
  readonly bucket: string;
  /** Folder inside the bucket; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** For stores that are not Amazon's own. */
  readonly endpoint: string | undefined;
  /** Without keys the SDK's own chain (environment, machine role) is asked. */
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  /** Where `localPath` puts its copies. */
  readonly tempDir: string;
}

const partBytes = 8 << 20;
const deleteBatch = 1_000;

/** Staged files in an S3-compatible bucket, so that a worker on another machine goes on with what one has staged. */
export class BucketStage implements StageStore {
  readonly shared = true;
  readonly #options: BucketStageOptions;
  #client: Promise<S3Client> | null = null;

  constructor(options: BucketStageOptions) {
    this.#options = options;
  }

  async write(name: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number; sha256: string }> {
    const client = await this.#connect();
    // loaded here so that a service with a staging folder never pays for the SDK
    const { Upload } = await import('@aws-sdk/lib-storage');
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = Readable.from(measure(content), { objectMode: false, highWaterMark: partBytes });
    async function* measure(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const block of source) {
        hash.update(block);
        bytes += block.length;
        yield block;
      }
    }
    const upload = new Upload({
      client,
      params: { Bucket: this.#options.bucket, Key: this.#key(name), Body: measured },
      partSize: partBytes,
      queueSize: 2,
    });
    const abort = (): void => void upload.abort().catch(() => undefined);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      await upload.done();
      return { bytes, sha256: hash.digest('hex') };
    } catch (error) {
      measured.destroy();
      signal.throwIfAborted();
      throw bucketTrouble(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async has(file: StagedObject, signal: AbortSignal): Promise<boolean> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const head = await this.#send((client) =>
        client.send(new HeadObjectCommand(this.#place(file.name)), { abortSignal: signal }),
      );
      return head.ContentLength === file.bytes;
    } catch (error) {
      if (isMissing(error)) return false;
      throw bucketTrouble(error);
    }
  }

  async open(file: StagedObject, signal: AbortSignal): Promise<Readable> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const { Body } = await this.#send((client) =>
        client.send(new GetObjectCommand(this.#place(file.name)), { abortSignal: signal }),
      );
      return Readable.from(withChecksum(Body as AsyncIterable<Buffer>, file), { objectMode: false });
    } catch (error) {
      throw isMissing(error) ? missingFile(file, error) : bucketTrouble(error);
    }
  }

  /** A copy that is made once and removed with the file. */
  async localPath(file: StagedObject, signal: AbortSignal): Promise<string> {
    const path = this.#copyPath(file.name);
    const found = await stat(path).catch(() => null);
    if (found?.size === file.bytes && (await isWhole(path, file))) return path;
    await mkdir(this.#options.tempDir, { recursive: true });
    try {
      await pipeline(await this.open(file, signal), createWriteStream(path, { mode: 0o600 }), { signal });
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
    for (let i = 0; i < names.length; i += deleteBatch) {
      const some = names.slice(i, i + deleteBatch);
      const Objects = some.map((name) => ({ Key: this.#key(name) }));
      await this.#send((client) =>
        client.send(new DeleteObjectsCommand({ Bucket: this.#options.bucket, Delete: { Objects, Quiet: true } })),
      ).catch((error: unknown) => {
        throw bucketTrouble(error);
      });
      for (const name of some) await rm(this.#copyPath(name), { force: true });
    }
  }

  async *list(olderThan: Date): AsyncIterable<string> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const root = this.#key('');
    const pages = paginateListObjectsV2(
      { client: await this.#connect() },
      { Bucket: this.#options.bucket, Prefix: root },
    );
    for await (const page of pages) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key && LastModified && LastModified < olderThan) yield Key.slice(root.length);
      }
    }
  }

  async #send<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
    return work(await this.#connect());
  }

  #connect(): Promise<S3Client> {
    this.#client ??= connect(this.#options);
    return this.#client;
  }

  #place(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#options.bucket, Key: this.#key(name) };
  }

  #key(name: string): string {
    const prefix = this.#options.prefix.replace(/^\/+|\/+$/g, '');
    return prefix === '' ? name : `${prefix}/${name}`;
  }

  #copyPath(name: string): string {
    return join(this.#options.tempDir, `staged-${createHash('sha256').update(name).digest('hex')}.gz`);
  }
}

async function connect(options: BucketStageOptions): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { accessKeyId, secretAccessKey, endpoint } = options;
  return new S3Client({
    region: options.region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
}

async function isWhole(path: string, file: StagedObject): Promise<boolean> {
  try {
    for await (const _ of withChecksum(createReadStream(path), file));
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name);
}

function bucketTrouble(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new AppError('STORE_UNAVAILABLE', {
    summary: 'The staging bucket did not answer as it should.',
    advice: "Check the bucket's name, keys and rights; the sync retries by itself.",
    externalMessage: redactText(words),
    cause: error,
  });
}

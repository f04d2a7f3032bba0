import { createReadStream } from 'node:fs';
import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../kernel/app-error.ts';
import { redactText } from '../kernel/redact.ts';
import { missingFile, type ImportFiles } from './files.ts';

export interface ImportBucket {
  readonly bucket: string;
  /** Folder inside the bucket; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** For stores that are not Amazon's own. */
  readonly endpoint: string | undefined;
  /** Without keys the SDK's own chain (environment, machine role) is asked. */
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
}

const partBytes = 8 << 20;
const deleteBatch = 1_000;

/** Files in an S3-compatible bucket, so that any machine imports what another one has received. */
export class BucketImportFiles implements ImportFiles {
  readonly #options: ImportBucket;
  #client: Promise<S3Client> | null = null;

  constructor(options: ImportBucket) {
    this.#options = options;
  }

  async keep(name: string, path: string): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = { ...this.#place(name), Body: createReadStream(path, { highWaterMark: 1 << 20 }) };
    const upload = new Upload({ client: await this.#connect(), params, partSize: partBytes, queueSize: 2 });
    await upload.done().catch(bucketTrouble);
  }

  async *read(name: string, from: number, to: number | null, signal: AbortSignal): AsyncIterable<Buffer> {
    if (to !== null && to <= from) return;
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const range = `bytes=${from}-${to === null ? '' : to - 1}`;
    const client = await this.#connect();
    try {
      const command = new GetObjectCommand({ ...this.#place(name), Range: range });
      const { Body } = await client.send(command, { abortSignal: signal });
      for await (const block of Body as AsyncIterable<Uint8Array>)
        yield Buffer.from(block.buffer, block.byteOffset, block.length);
    } catch (error) {
      // to begin at the end is to read nothing
      if (error instanceof Error && error.name === 'InvalidRange') return;
      signal.throwIfAborted();
      if (error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name)) throw missingFile(error);
      bucketTrouble(error);
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
    const client = await this.#connect();
    for (let i = 0; i < names.length; i += deleteBatch) {
      const Objects = names.slice(i, i + deleteBatch).map((name) => ({ Key: this.#key(name) }));
      const command = new DeleteObjectsCommand({ Bucket: this.#options.bucket, Delete: { Objects, Quiet: true } });
      await client.send(command).catch(bucketTrouble);
    }
  }

  async *list(olderThan: Date): AsyncIterable<string> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const root = this.#key('');
    const input = { Bucket: this.#options.bucket, Prefix: root };
    for await (const page of paginateListObjectsV2({ client: await this.#connect() }, input)) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key && LastModified && LastModified < olderThan) yield Key.slice(root.length);
      }
    }
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
}

/** Loaded here so that a service with a folder never pays for the SDK. */
async function connect({ region, endpoint, accessKeyId, secretAccessKey }: ImportBucket): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
}

function bucketTrouble(error: unknown): never {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  throw new AppError('STORE_UNAVAILABLE', {
    summary: 'The bucket of uploaded files did not answer as it should.',
    advice: "Check the bucket's name, keys and rights; the import goes on by itself.",
    externalMessage: redactText(words),
    cause: error,
  });
}

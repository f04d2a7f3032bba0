/** The few calls Wharf makes, over the AWS SDK. Errors are the SDK's own; `s3.ts` translates them. */
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Readable } from 'node:stream';
import type { S3Settings } from './spec.ts';

const partBytes = 8 * 1024 * 1024;

export class Bucket {
  readonly #client: S3Client;
  readonly #name: string;
  /** The store's time minus ours at the last answer, in milliseconds; null before the first. */
  clockDifferenceMs: number | null = null;

  constructor(settings: S3Settings) {
    this.#name = settings.bucket;
    this.#client = new S3Client({
      region: settings.region,
      credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
      ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint, forcePathStyle: true }),
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000 },
    });
    this.#client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const date = (result.response as { headers?: Record<string, string> }).headers?.['date'];
        if (date) this.clockDifferenceMs = Date.parse(date) - Date.now();
        return result;
      },
      // outermost of the last step, so that it sees answers that are errors too
      { step: 'deserialize', priority: 'low', name: 'observeServerDate' },
    );
  }

  close(): void {
    this.#client.destroy();
  }

  /** Keys under a folder with their sizes, at most `limit`. */
  async list(folder: string, signal: AbortSignal, limit = Number.POSITIVE_INFINITY): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#name,
          Prefix: folder,
          MaxKeys: Math.min(limit, 1000),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
        { abortSignal: signal },
      );
      for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) found.set(Key, Size ?? 0);
      token = page.NextContinuationToken;
    } while (token !== undefined && found.size < limit);
    return found;
  }

  async read(key: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#name, Key: key }), {
      abortSignal: signal,
    });
    return (await answer.Body?.transformToString('utf8')) ?? '';
  }

  async put(key: string, body: string, contentType: string, signal: AbortSignal): Promise<void> {
    await this.#client.send(this.#putCommand({ Key: key, Body: body, ContentType: contentType }), {
      abortSignal: signal,
    });
  }

  /**
   * Puts an object only where there is none. Resolves to false when there is one; stores without conditional
   * writes overwrite.
   */
  async putNew(key: string, body: string, contentType: string, signal: AbortSignal): Promise<boolean> {
    const parts = { Key: key, Body: body, ContentType: contentType, ContentLength: Buffer.byteLength(body) };
    try {
      await this.#client.send(this.#putCommand({ ...parts, IfNoneMatch: '*' }), { abortSignal: signal });
      return true;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'PreconditionFailed') return false;
      if (name !== 'NotImplemented') throw error;
      await this.#client.send(this.#putCommand(parts), { abortSignal: signal });
      return true;
    }
  }

  #putCommand(parts: Omit<PutObjectCommandInput, 'Bucket'>): PutObjectCommand {
    return new PutObjectCommand({ Bucket: this.#name, ChecksumAlgorithm: 'SHA256', ...parts });
  }

  /** In one request or in parts; a failure or an abort leaves no parts behind. */
  async upload(key: string, body: Readable, contentType: string, signal: AbortSignal): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#name, Key: key, Body: body, ContentType: contentType, ChecksumAlgorithm: 'SHA256' },
      partSize: partBytes,
      queueSize: 2,
      leavePartsOnError: false,
    });
    const abort = (): void => void upload.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await upload.done();
    } catch (error) {
      // the SDK stops at once when told to, and may leave what was sent
      await this.abortUploads(key, AbortSignal.timeout(10_000)).catch(() => 0);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      body.destroy();
    }
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#name, Key: key }), { abortSignal: signal });
  }

  /** Begins an upload in parts and gives it up at once. */
  async tryMultipart(key: string, signal: AbortSignal): Promise<void> {
    const { UploadId } = await this.#client.send(new CreateMultipartUploadCommand({ Bucket: this.#name, Key: key }), {
      abortSignal: signal,
    });
    await this.#abortUpload(key, UploadId, signal);
  }

  /** Gives up uploads in parts that a crash left under a folder. Resolves to how many. */
  async abortUploads(folder: string, signal: AbortSignal): Promise<number> {
    const { Uploads = [] } = await this.#client.send(
      new ListMultipartUploadsCommand({ Bucket: this.#name, Prefix: folder }),
      { abortSignal: signal },
    );
    const left = Uploads.filter(({ Key }) => Key?.startsWith(folder));
    for (const { Key, UploadId } of left) if (Key !== undefined) await this.#abortUpload(Key, UploadId, signal);
    return left.length;
  }

  async #abortUpload(key: string, uploadId: string | undefined, signal: AbortSignal): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#name, Key: key, UploadId: uploadId }), {
      abortSignal: signal,
    });
  }
}

/** The few calls to the staging bucket, over the AWS SDK. Errors are the SDK's own; `errors.ts` translates them. */
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Readable } from 'node:stream';
import type { Staging } from './spec.ts';

/** The smallest that S3 takes; some of them are held in memory. */
const partBytes = 5 * 1024 * 1024;
const tidyUpTimeoutMs = 10_000;

export interface FoundObject {
  readonly key: string;
  readonly modified: Date;
}

export class StagingBucket implements Disposable {
  readonly #client: S3Client;
  readonly #name: string;

  constructor(staging: Staging) {
    this.#name = staging.bucket;
    this.#client = new S3Client({
      region: staging.region,
      credentials: { accessKeyId: staging.accessKeyId, secretAccessKey: staging.secretAccessKey },
      ...(staging.endpoint === null ? {} : { endpoint: staging.endpoint, forcePathStyle: true }),
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000 },
    });
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  /** At most a thousand: enough to tidy up after a crash, and the next session takes the rest. */
  async list(folder: string, signal: AbortSignal): Promise<FoundObject[]> {
    const { Contents = [] } = await this.#client.send(
      new ListObjectsV2Command({ Bucket: this.#name, Prefix: folder }),
      { abortSignal: signal },
    );
    return Contents.flatMap(({ Key, LastModified }) =>
      Key === undefined || LastModified === undefined ? [] : [{ key: Key, modified: LastModified }],
    );
  }

  async read(key: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#name, Key: key }), {
      abortSignal: signal,
    });
    return (await answer.Body?.transformToString('utf8')) ?? '';
  }

  async put(key: string, body: string, signal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.#name,
      Key: key,
      Body: body,
      ContentType: 'application/json',
      ChecksumAlgorithm: 'SHA256',
    });
    await this.#client.send(command, { abortSignal: signal });
  }

  /** In one request or in parts; a failure or an abort leaves no parts behind. */
  async upload(key: string, body: Readable, signal: AbortSignal): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#name, Key: key, Body: body, ChecksumAlgorithm: 'SHA256' },
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
      await this.#abortUploads(key).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      body.destroy();
    }
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#name, Key: key }), { abortSignal: signal });
  }

  async #abortUploads(key: string): Promise<void> {
    const abortSignal = AbortSignal.timeout(tidyUpTimeoutMs);
    const { Uploads = [] } = await this.#client.send(
      new ListMultipartUploadsCommand({ Bucket: this.#name, Prefix: key }),
      { abortSignal },
    );
    for (const { Key, UploadId } of Uploads) {
      if (Key !== key) continue;
      await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#name, Key, UploadId }), { abortSignal });
    }
  }
}

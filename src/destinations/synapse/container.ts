/** The container that files pass through, over the Azure SDK. Errors are the SDK's own; `errors.ts` translates them. */
import type { Readable } from 'node:stream';
import { ContainerClient, type BlobItem } from '@azure/storage-blob';
import type { SynapseSettings } from './spec.ts';

/** Some of them are held in memory. A blob takes 50,000. */
const blockBytes = 2 * 1024 * 1024;

export class Container {
  readonly #client: ContainerClient;
  /** Without the signature. */
  readonly url: string;
  /** The store's time minus ours at the last answer, in milliseconds; null before the first. */
  clockDifferenceMs: number | null = null;

  /** @param endpoint base URL instead of the storage account's own */
  constructor(settings: SynapseSettings, endpoint: string | undefined) {
    const base = endpoint?.replace(/\/+$/, '') ?? `https://${settings.storageAccount}.blob.core.windows.net`;
    this.url = `${base}/${settings.container}`;
    this.#client = new ContainerClient(`${this.url}?${settings.sharedAccessSignature}`, undefined, {
      retryOptions: { maxTries: 3, tryTimeoutInMs: 120_000, retryDelayInMs: 500, maxRetryDelayInMs: 5000 },
    });
  }

  /** In blocks, so that no file is held in memory. */
  async upload(name: string, body: Readable, signal: AbortSignal): Promise<void> {
    try {
      const blob = this.#client.getBlockBlobClient(name);
      const { date } = await blob.uploadStream(body, blockBytes, 2, { abortSignal: signal });
      this.#observe(date);
    } finally {
      body.destroy();
    }
  }

  async put(name: string, text: string, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(text);
    const blob = this.#client.getBlockBlobClient(name);
    const { date } = await blob.upload(bytes, bytes.length, { abortSignal: signal });
    this.#observe(date);
  }

  async read(name: string, signal: AbortSignal): Promise<string> {
    return (await this.#client.getBlobClient(name).downloadToBuffer(0, undefined, { abortSignal: signal })).toString();
  }

  async list(folder: string, signal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    const pages = this.#client.listBlobsFlat({ prefix: folder, abortSignal: signal });
    for await (const { name } of pages as AsyncIterable<BlobItem>) names.push(name);
    return names;
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    await this.#client.getBlobClient(name).deleteIfExists({ abortSignal: signal });
  }

  #observe(date: Date | undefined): void {
    if (date) this.clockDifferenceMs = date.getTime() - Date.now();
  }
}

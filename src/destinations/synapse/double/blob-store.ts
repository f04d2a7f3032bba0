/**
 * A storage account: Azurite in a thread of this process, behind a small proxy that logs calls and meets faults. Azurite
 * checks each signature as the vendor does.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultPlan } from '../../stand-in/faults.ts';

export const account = 'wharfdev';

export interface BlobStore extends AsyncDisposable {
  /** Base URL of the account, through the proxy. */
  readonly url: string;
  /** With all rights, to look inside. */
  readonly client: BlobServiceClient;
  createContainer(name: string): Promise<void>;
  /** A shared access signature, without `?`. */
  sas(options: SasOptions & { readonly container: string }): string;
}

export interface SasOptions {
  readonly container?: string;
  readonly rights?: string;
  readonly expires?: Date;
}

export async function startBlobStore(folder: string, parts: { faults: FaultPlan; calls: CallLog }): Promise<BlobStore> {
  const key = randomBytes(32).toString('base64');
  const azurite = await startAzurite(join(folder, 'blobs'), key);
  const proxy = createServer((from, to) => void pass(from, to, azurite.url, parts).catch(() => to.destroy()));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const credential = new StorageSharedKeyCredential(account, key);
  const client = new BlobServiceClient(`${azurite.url}/${account}`, credential);
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/${account}`,
    client,
    createContainer: async (name) => {
      await client.createContainer(name);
    },
    sas: ({ container, rights = 'rcwdl', expires = new Date(Date.now() + 30 * 86_400_000) }) =>
      generateBlobSASQueryParameters(
        {
          containerName: container,
          permissions: ContainerSASPermissions.parse(rights),
          startsOn: new Date(Math.min(Date.now(), expires.getTime()) - 3_600_000),
          expiresOn: expires,
        },
        credential,
      ).toString(),
    [Symbol.asyncDispose]: async () => {
      await closed(proxy);
      await azurite.worker.terminate();
    },
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

async function startAzurite(location: string, key: string): Promise<{ readonly url: string; readonly worker: Worker }> {
  const script = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--location', location, '--blobHost', '127.0.0.1', '--blobPort', '0'];
  const worker = new Worker(script, {
    argv: [...options, '--silent', '--disableTelemetry', '--skipApiVersionCheck'],
    env: { AZURITE_ACCOUNTS: `${account}:${key}` },
    stdout: true,
    stderr: true,
  });
  for await (const line of createInterface({ input: worker.stdout })) {
    const url = /listens on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    worker.stdout.resume();
    worker.stderr.resume();
    return { url, worker };
  }
  throw new Error('Azurite ended before it was ready.');
}

async function pass(
  from: IncomingMessage,
  to: ServerResponse,
  target: string,
  { faults, calls }: { readonly faults: FaultPlan; readonly calls: CallLog },
): Promise<void> {
  const label = `BLOB ${from.method} ${decodeURIComponent((from.url ?? '').split('?')[0] ?? '')}`;
  const fault = faults.take(label);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'drop' && fault.when === 'before') {
    from.socket.destroy();
    return;
  }
  if (fault?.kind === 'error') {
    answerWithError(from, to, fault.error);
    return;
  }
  if (fault?.kind === 'slow') await sleep(fault.ms);
  let bytesReceived = 0;
  from.on('data', (bytes: Buffer) => {
    bytesReceived += bytes.length;
  });
  const { method, headers } = from;
  const onward = request(`${target}${from.url ?? ''}`, { ...(method === undefined ? {} : { method }), headers });
  from.pipe(onward);
  await once(from, 'end');
  const start = performance.now();
  const [reply] = (await once(onward, 'response')) as [IncomingMessage];
  calls.add({ label, bytesReceived, milliseconds: performance.now() - start });
  if (fault?.kind === 'drop') {
    reply.resume();
    from.socket.destroy();
    return;
  }
  to.writeHead(reply.statusCode ?? 500, reply.headers);
  reply.pipe(to);
}

/** `{ status, code, message }` */
function answerWithError(from: IncomingMessage, to: ServerResponse, error: Readonly<Record<string, unknown>>): void {
  const { status = 503, code = 'ServerBusy', message = 'The server is busy.' } = error;
  from.resume();
  to.writeHead(Number(status), { 'content-type': 'application/xml', 'x-ms-error-code': String(code) });
  to.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

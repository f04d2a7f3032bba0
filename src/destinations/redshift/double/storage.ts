/** The S3 side: a store that keeps objects in memory, behind a door that checks signatures and does what faults say. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFauxqs } from 'fauxqs';
import type { StandInContext } from '../../stand-in/stand-in.ts';
import { checkSignature, type S3Refusal } from './signature.ts';

export const region = 'eu-central-1';

export interface Storage extends AsyncDisposable {
  readonly endpoint: string;
  createBucket(name: string): void;
  addKey(accessKeyId: string, secretAccessKey: string): void;
}

export async function startStorage({ faults, calls }: Pick<StandInContext, 'faults' | 'calls'>): Promise<Storage> {
  const store = await startFauxqs({ port: 0, logger: false, defaultRegion: region });
  const secrets = new Map<string, string>();

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const label = `s3 ${incoming.method} ${incoming.url}`;
    const fault = faults.take(label);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop' && fault.when === 'before') return void incoming.socket.destroy();
    if (fault?.kind === 'slow') await new Promise((done) => setTimeout(done, fault.ms));
    const refusal = fault?.kind === 'error' ? refusalOf(fault.error) : checkSignature(incoming, region, secrets);
    if (refusal) return refuse(incoming, outgoing, refusal);
    let bytes = 0;
    let received = performance.now();
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      received = performance.now();
    });
    const { method, url, headers } = incoming;
    const inner = request({ host: '127.0.0.1', port: store.port, method, path: url, headers }, (answer) => {
      calls.add({ label, bytesReceived: bytes, milliseconds: performance.now() - received });
      if (fault?.kind === 'drop') return void incoming.socket.destroy();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    inner.on('error', () => incoming.socket.destroy());
    incoming.pipe(inner);
  }

  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    createBucket: (name) => void store.createBucket(name),
    addKey: (accessKeyId, secretAccessKey) => void secrets.set(accessKeyId, secretAccessKey),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await store.stop();
    },
  };
}

function refusalOf(error: Readonly<Record<string, unknown>>): S3Refusal {
  const { status = 500, code = 'InternalError', message = 'We encountered an internal error.' } = error;
  return { status: Number(status), code: String(code), message: String(message) };
}

/** The body is read to its end, so that the client sees the answer and not a broken line. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, refusal: S3Refusal): void {
  const { status, code, message, region: right } = refusal;
  const hint = right === undefined ? '' : `<Region>${right}</Region>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message>${hint}</Error>`;
  incoming.resume().once('end', () => {
    outgoing.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'STANDIN000000001' });
    outgoing.end(incoming.method === 'HEAD' ? '' : body);
  });
}

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import { s3 } from './s3.ts';
import { wrongFields, type S3Bench } from './wrong-fields.ts';

let server: FauxqsServer;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  server.createBucket('lake');
});
afterAll(() => server.stop());

async function openBench(): Promise<S3Bench> {
  return {
    destination: sealDestination(s3),
    settings: {
      name: 'Lake',
      bucket: 'lake',
      region: 'us-east-1',
      prefix: 'crm',
      format: 'jsonl',
      endpoint: `http://127.0.0.1:${server.port}`,
      accessKeyId: 'AKIAWHARFTEST',
      secretAccessKey: 'wharf-test-secret-access-key',
    },
    deadEndpoint: `http://127.0.0.1:${await freePort()}`,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

proveWrongFields('Amazon S3', openBench, wrongFields);

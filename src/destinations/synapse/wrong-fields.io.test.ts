import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { CallLog } from '../stand-in/calls.ts';
import { FaultPlan } from '../stand-in/faults.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import { startSynapse, type SynapseStandIn } from './double.ts';
import { createSynapse } from './synapse.ts';
import { wrongFields, type SynapseBench } from './wrong-fields.ts';

let folder: string;
let standIn: SynapseStandIn;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-synapse-'));
  standIn = await startSynapse({ port: 0, folder, faults: new FaultPlan(), calls: new CallLog() });
});
afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function openBench(): Promise<SynapseBench> {
  const settings = await standIn.createWarehouse();
  const { database, container } = settings as { database: string; container: string };
  const pool = standIn.pool(database);
  const { endpoints } = standIn.options;
  const bench = {
    settings,
    endpoints: { endpoint: endpoints?.synapse, blobEndpoint: endpoints?.synapseBlob },
    destination: {
      ...sealDestination(createSynapse()),
      // looked up when it is opened, since a case may have changed it
      open: async (...given: Parameters<SynapseBench['destination']['open']>) =>
        sealDestination(createSynapse(bench.endpoints)).open(...given),
    },
    administer: (sql: string) => pool.administer(sql),
    pause: () => {
      pool.paused = true;
    },
    closeFirewall: () => {
      standIn.firewallOpen = false;
    },
    sas: (options: Parameters<SynapseBench['sas']>[0]) => standIn.store.sas({ container, ...options }),
    closedPort,
    [Symbol.asyncDispose]: async () => {
      standIn.firewallOpen = true;
    },
  };
  return bench;
}

proveWrongFields('Azure Synapse', openBench, wrongFields);

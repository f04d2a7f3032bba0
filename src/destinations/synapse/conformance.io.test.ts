import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { CallLog } from '../stand-in/calls.ts';
import { FaultPlan } from '../stand-in/faults.ts';
import { conformance } from '../testing/conformance.ts';
import { readRows } from '../testing/duckdb-rows.ts';
import type { Rig } from '../testing/rig.ts';
import { startSynapse, type SynapseStandIn } from './double.ts';
import { createSynapse } from './synapse.ts';

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

conformance(
  'Azure Synapse',
  async (): Promise<Rig> => {
    const settings = await standIn.createWarehouse();
    const { database, container } = settings as { database: string; container: string };
    const pool = standIn.pool(database);
    const connection = await pool.connect();
    const { endpoints } = standIn.options;
    const own = ['_wharf_ledger', '_wharf_tombstone', 'klaviyo_event', 'klaviyo_metric', 'klaviyo_profile'];

    async function blobs(): Promise<string[]> {
      const names: string[] = [];
      for await (const { name } of standIn.store.client.getContainerClient(container).listBlobsFlat()) names.push(name);
      return names;
    }
    async function stages(): Promise<unknown> {
      const sql = `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'wharf_stage'`;
      return (await connection.runAndReadAll(sql)).getRowsJson();
    }

    return {
      kind: 'synapse',
      options: standIn.options,
      destination: sealDestination(
        createSynapse({ endpoint: endpoints?.synapse, blobEndpoint: endpoints?.synapseBlob }),
      ),
      settings,
      brokenSettings: { ...settings, password: 'not the password' },
      secrets: ['not the password', String(settings['password']), String(settings['sharedAccessSignature'])],
      readBack: (table) => readRows(connection, table, `dbo.${table.name}`),
      inventory: async () => {
        const counts = [];
        for (const name of own) {
          counts.push([name, (await connection.runAndReadAll(`SELECT count(*) FROM dbo.${name}`)).getRowsJson()]);
        }
        return [counts, await stages(), await blobs()];
      },
      isReleased: async () => JSON.stringify([await stages(), await blobs()]) === '[[],[]]',
      drift: async (table, column, how) => {
        const change = how === 'drop' ? `DROP COLUMN [${column}]` : `ALTER COLUMN [${column}] nvarchar(max) NULL`;
        await pool.administer(`ALTER TABLE [dbo].[${table.name}] ${change}`);
      },
      [Symbol.asyncDispose]: async () => connection.closeSync(),
    };
  },
  { 'adds-columns': 'The user of the set-up script has no right to alter the tables of the contract.' },
);

/*
 * `--circle`: what Wharf has brought into the DuckDB warehouse is exported from there as CSV, uploaded over SFTP into a fresh
 * account, and synced again into a second DuckDB file, which must give the same answers.
 */
import { isDeepStrictEqual } from 'node:util';
import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import type { Client } from '../../src/contract/client.ts';
import type { Settings } from '../../src/contract/destinations.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import type { ImportedFile } from '../../src/contract/imports.ts';
import { dollars } from './purchases.ts';
import { customersByOrders, orderTotals, presentRows } from './questions.ts';
import { reconcile, watch, type Shop } from './syncing.ts';
import { count, heading, progressBar } from './terminal.ts';
import { open } from './warehouses/duckdb.ts';
import type { DemoWarehouse } from './warehouses/warehouse.ts';

const exportStatements = {
  profiles: `select external_id as "ExternalID", email as "Email", properties as "Properties" from klaviyo_profile`,
  events: `
    select p.external_id as "ExternalID", m.name as "MetricName", m.integration_name as "Integration", e.datetime as "Timestamp",
           e.event_properties ->> '$."$event_id"' as "UniqueID", e.event_properties as "Properties"
    from klaviyo_event e join klaviyo_profile p on p.id = e.profile_id join klaviyo_metric m on m.id = e.metric_id`,
} as const;

export async function fullCircle(client: Client, warehouse: DemoWarehouse, folder: string): Promise<void> {
  heading('6. Export profiles and events from the warehouse as CSV');
  const files = await exportFiles(String(warehouse.settings['path']), folder);

  heading('7. Upload them over SFTP, with a key made just now, into a fresh account');
  const account = await client.call(endpoints.createAccount, { body: { name: 'CDNOW again', currency: 'USD' } });
  const shop: Shop = { client, account: account.id };
  const privateKey = await addKey(shop);
  for (const [object, file] of Object.entries(files)) {
    await upload(shop, privateKey, file, `${object}/${object}.csv`);
    await imported(shop, object);
  }

  heading('8. Sync the fresh account into a second DuckDB file, and ask both');
  const second = join(folder, 'circle');
  await mkdir(second);
  await using copy = await open(second);
  const since = Date.now();
  await client.call(endpoints.connect, {
    params: { account: shop.account },
    body: {
      kind: copy.kind,
      name: 'Full circle',
      settings: { ...copy.settings, name: 'Full circle' } as Settings,
      selection: { objects: ['profiles', 'events'] },
    },
  });
  await watch(shop, 'historical', since);
  await reconcile(shop, 'historical');
  await proveEqual(warehouse, copy);
}

/** As an analyst would: another program, read-only. */
async function exportFiles(warehouse: string, folder: string): Promise<Record<'profiles' | 'events', string>> {
  const files = { profiles: join(folder, 'profiles.csv'), events: join(folder, 'events.csv') };
  const instance = await DuckDBInstance.create(warehouse, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    for (const object of ['profiles', 'events'] as const) {
      await connection.run(`copy (${exportStatements[object]}) to '${files[object].replaceAll("'", "''")}' (header)`);
      console.log(`  ${object}.csv: ${((await stat(files[object])).size / 1e6).toFixed(1)} MB`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return files;
}

async function addKey({ client, account }: Shop): Promise<string> {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  const key = await client.call(endpoints.addSshKey, {
    params: { account },
    body: { title: 'demo', owner: 'Demo', publicKey: pair.public },
  });
  console.log(`  ${key.type} ${key.fingerprint}`);
  return pair.private;
}

/** The server must show one of the host keys that the API names. */
async function upload({ client, account }: Shop, privateKey: string, file: string, remote: string): Promise<void> {
  const { server, userName, hostKeys } = await client.call(endpoints.sftpCredentials, { params: { account } });
  if (!server) throw new Error('no SFTP server runs');
  const fingerprints = new Set(hostKeys.map((key) => key.fingerprint));
  const sftp = new SftpClient();
  await sftp.connect({
    host: server.host,
    port: server.port,
    username: userName,
    privateKey,
    hostVerifier: (key: Buffer) => fingerprints.has(fingerprintOf(key)),
  });
  try {
    await sftp.put(file, remote);
    console.log(`  ${remote} is uploaded to ${userName}@${server.host}`);
  } finally {
    await sftp.end();
  }
}

function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Waits until the file is imported. @throws when a row was not */
async function imported(shop: Shop, object: string): Promise<void> {
  const bar = progressBar(object);
  const started = Date.now();
  for (;;) {
    const { data } = await shop.client.call(endpoints.listImports, { params: { account: shop.account } });
    const found = data.find((one) => one.object === object);
    if (found && found.status !== 'in_progress') {
      if (found.status !== 'completed') throw new Error(`${object}: ${JSON.stringify(found)}`);
      bar.end(`${count(rowsOf(found))} rows imported in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      return;
    }
    bar.show(found?.progress ?? 0);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function rowsOf({ rows }: ImportedFile): number {
  return rows.created + rows.updated + rows.unchanged;
}

async function proveEqual(first: DemoWarehouse, second: DemoWarehouse): Promise<void> {
  const ask = async (warehouse: DemoWarehouse) => ({
    present: await presentRows(warehouse),
    totals: await orderTotals(warehouse),
    customers: await customersByOrders(warehouse),
  });
  const [before, after] = [await ask(first), await ask(second)];
  const { present, totals } = after;
  console.log(`  after the full circle: ${count(present.profiles)} profiles, ${count(present.events)} events,`);
  console.log(`  ${count(totals.orders)} orders worth ${dollars(totals.cents)} USD`);
  if (!isDeepStrictEqual(before, after)) throw new Error('the second warehouse gives other answers than the first');
  console.log('  the same as before it, to the cent');
}

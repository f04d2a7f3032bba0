/** Stands in for a Synapse workspace and its storage account. See `double.md`. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from '../../kernel/ids.ts';
import { runStandIn } from '../stand-in/run.ts';
import type { StandIn, StandInContext } from '../stand-in/stand-in.ts';
import { account, startBlobStore, type BlobStore } from './double/blob-store.ts';
import { selfSigned } from './double/certificate.ts';
import type { Login } from './double/login.ts';
import { SqlError } from './double/sql-error.ts';
import { SqlPool } from './double/sql-pool.ts';
import type { SqlSession } from './double/sql-session.ts';
import { TdsConnection } from './double/tds-connection.ts';
import { createSynapse } from './synapse.ts';

const user = 'wharf_loader';
const password = 'Wharf-Stand-In-1';
const workspace = 'wharf-stand-in';

/** In a test's own process it can be looked into and put into other states. */
export interface SynapseStandIn extends StandIn {
  readonly store: BlobStore;
  pool(database: string): SqlPool;
  /** Whether addresses of clients are let in. */
  firewallOpen: boolean;
}

export async function startSynapse(context: StandInContext): Promise<SynapseStandIn> {
  const store = await startBlobStore(context.folder, context);
  const pools = new Map<string, SqlPool>();
  const sockets = new Set<Socket>();
  const state = { firewallOpen: true };
  const parts = {
    ...context,
    certificate: selfSigned(),
    signIn: (login: Login, address: string) => signIn(pools, login, address, state.firewallOpen),
  };
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on('close', () => sockets.delete(socket));
    TdsConnection.serve(socket, parts);
  });
  server.listen(context.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    options: { endpoints: { synapse: `tds://127.0.0.1:${port}`, synapseBlob: store.url } },
    notes: [`tsql -H 127.0.0.1 -p ${port} -U ${user} -P ${password} -D <database of the settings>`],
    store,
    pool: (database) => {
      const pool = pools.get(database);
      if (!pool) throw new Error(`There is no pool ${database}.`);
      return pool;
    },
    get firewallOpen() {
      return state.firewallOpen;
    },
    set firewallOpen(open: boolean) {
      state.firewallOpen = open;
    },
    createWarehouse: () => createWarehouse(pools, store, context.folder),
    [Symbol.asyncDispose]: async () => {
      await close(server, sockets);
      for (const pool of pools.values()) pool[Symbol.dispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function signIn(
  pools: ReadonlyMap<string, SqlPool>,
  { user, password, database }: Login,
  address: string,
  firewallOpen: boolean,
): Promise<SqlSession> {
  if (!firewallOpen) {
    const words = `Cannot open server '${workspace}' requested by the login. Client with IP address '${address}' is not allowed to access the server.`;
    throw new SqlError(40_615, words, { severity: 14 });
  }
  const pool = pools.get(database);
  if (!pool) {
    throw new SqlError(4060, `Cannot open database "${database}" requested by the login. The login failed.`, {
      severity: 11,
    });
  }
  return pool.signIn(user, password);
}

/** Set up by the very script that people run, with a password where it asks for one. */
async function createWarehouse(
  pools: Map<string, SqlPool>,
  store: BlobStore,
  folder: string,
): Promise<Record<string, unknown>> {
  const id = ulid().toLowerCase();
  const database = `pool_${id}`;
  const container = `stage-${id}`;
  const settings = {
    name: 'Azure Synapse',
    workspace,
    database,
    username: user,
    password,
    storageAccount: account,
    container,
  };
  await store.createContainer(container);
  await mkdir(join(folder, 'fetched'), { recursive: true });
  const source = { store: store.url, folder: join(folder, 'fetched') };
  const pool = await SqlPool.open(database, join(folder, `${database}.duckdb`), source);
  pools.set(database, pool);
  const { text } = createSynapse().setup(settings, { outboundAddresses: ['127.0.0.0/8'] });
  await pool.administer(text.replace('<choose a password>', password));
  return { ...settings, sharedAccessSignature: store.sas({ container }) };
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

if (import.meta.main) await runStandIn(startSynapse);

/** The stand-in for Amazon Redshift and its staging bucket; `double.md` says what it is and is not. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { shortId } from '../../kernel/ids.ts';
import { runStandIn } from '../stand-in/run.ts';
import type { StandIn, StandInContext } from '../stand-in/stand-in.ts';
import { redshiftCatalog } from './double/catalog.ts';
import { fetchFiles } from './double/copy.ts';
import type { LoadError } from './double/errors.ts';
import { administrator, copyRole } from './double/known.ts';
import { startPostgres } from './double/postgres.ts';
import { ProxySession } from './double/proxy.ts';
import { region, startStorage, type Storage } from './double/storage.ts';
import { translate } from './double/translate.ts';
import { passwordPlaceholder, setup } from './setup.ts';
import type { RedshiftSettings } from './spec.ts';

const database = 'dev';

export async function startDouble(context: StandInContext): Promise<StandIn> {
  await using stack = new AsyncDisposableStack();
  const engine = stack.use(await startPostgres(context.folder, administrator));
  await prepareDatabase(engine.port);
  const admin = new pg.Client({ host: '127.0.0.1', port: engine.port, database, ...administrator });
  await admin.connect();
  stack.defer(() => admin.end());
  const storage = stack.use(await startStorage(context));
  const roleKey = { accessKeyId: `ASIAROLE${shortId(8)}`, secretAccessKey: shortId(40) };
  storage.addKey(roleKey.accessKeyId, roleKey.secretAccessKey);
  const { faults, calls, folder } = context;
  const parts = {
    faults,
    calls,
    enginePort: engine.port,
    fetchFiles: (statement: Parameters<typeof fetchFiles>[0]) =>
      fetchFiles(statement, { endpoint: storage.endpoint, folder, roles: new Set([copyRole]), roleKey }),
    recordLoadError: (error: LoadError, session: { user: string; id: number }) =>
      recordLoadError(admin, error, session),
  };
  const port = await listen(context.port, stack, (client) => void new ProxySession(client, parts));
  const open = stack.move();
  return {
    options: {},
    notes: [
      `PGPASSWORD=${administrator.password} psql -h 127.0.0.1 -p ${port} -U ${administrator.user} ${database}`,
      `IAM role that COPY may use: ${copyRole}`,
    ],
    createWarehouse: () => createWarehouse(admin, port, storage),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function prepareDatabase(port: number): Promise<void> {
  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port, database: name, ...administrator });
    await client.connect();
    return client;
  };
  const outside = await connect('postgres');
  await outside.query(`CREATE DATABASE ${database}`);
  await outside.query(`ALTER DATABASE ${database} SET search_path = "$user", public, redshift`);
  // real Redshift lets PUBLIC make temporary tables; here only who was granted it, so that a missing grant shows
  await outside.query(`REVOKE TEMP ON DATABASE ${database} FROM PUBLIC`);
  await outside.end();
  const inside = await connect(database);
  await inside.query(redshiftCatalog);
  await inside.end();
}

async function listen(port: number, stack: AsyncDisposableStack, serve: (client: Socket) => void): Promise<number> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    serve(client);
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  stack.defer(async () => {
    for (const client of clients) client.destroy();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** As the set-up script does it, run by the administrator. */
async function createWarehouse(admin: pg.Client, port: number, storage: Storage): Promise<Record<string, unknown>> {
  const id = shortId(8).toLowerCase();
  const settings: RedshiftSettings = {
    name: 'Stand-in',
    host: '127.0.0.1',
    database,
    port,
    schema: `klaviyo_${id}`,
    username: `wharf_${id}`,
    password: `Pw-${shortId(16)}`,
    stagingBucket: `wharf-${id}`,
    stagingRegion: region,
    stagingPrefix: 'staging/wharf',
    stagingAccessKeyId: `AKIA${shortId(12).toUpperCase()}`,
    stagingSecretAccessKey: shortId(40),
    stagingIamRole: null,
    stagingEndpoint: storage.endpoint,
  };
  storage.createBucket(settings.stagingBucket ?? '');
  storage.addKey(settings.stagingAccessKeyId ?? '', settings.stagingSecretAccessKey ?? '');
  const script = setup(settings, { outboundAddresses: [] }).text;
  await admin.query(translate(script.replaceAll(passwordPlaceholder, settings.password)));
  return { ...settings };
}

async function recordLoadError(
  admin: pg.Client,
  { file, line, column, code, reason }: LoadError,
  session: { readonly user: string; readonly id: number },
): Promise<void> {
  await admin.query(
    `INSERT INTO redshift.load_error VALUES ($1, $2, clock_timestamp() AT TIME ZONE 'UTC', $3, $4, $5, $6, $7)`,
    [session.user, session.id, file, line, column, code, reason],
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runStandIn(startDouble);

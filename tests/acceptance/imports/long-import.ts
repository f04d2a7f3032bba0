/** The real service as a process of its own over a PostgreSQL of its own, and files that take it a while. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Shop } from '../../../examples/demo/syncing.ts';
import { endpoints } from '../../../src/contract/endpoints.ts';
import type { ImportedFile } from '../../../src/contract/imports.ts';
import { Database } from '../../../src/db/database.ts';
import { Cluster } from '../../chaos/cluster.ts';
import { Victim } from '../../chaos/victim.ts';

export interface Importing extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly database: Database;
  readonly service: Victim;
}

export async function startImporting(): Promise<Importing> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-importing-'));
  // under root PostgreSQL runs as another user, who must be able to pass through
  await chmod(folder, 0o711);
  const parts = new AsyncDisposableStack();
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const cluster = parts.use(await Cluster.start(join(folder, 'postgres')));
  const database = parts.use(new Database(cluster.url));
  const service = parts.use(new Victim(cluster.url, join(folder, 'data')));
  await service.start();
  return { cluster, database, service, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Of each file. */
export const rows = 40_000;

/** Bad addresses, and addresses that an earlier row has. */
export const isBad = (n: number): boolean => n % 100 === 7;
export const isRepeated = (n: number): boolean => n % 100 === 9;

export function* profileFile(): Generator<string> {
  yield 'Email,Number\n';
  for (let n = 0; n < rows; n++) yield `${isBad(n) ? 'nowhere' : `p${isRepeated(n) ? n - 1 : n}@x.pl`},${n}\n`;
}

export function* eventFile(): Generator<string> {
  yield 'Email,MetricName,Timestamp,UniqueID,Number\n';
  for (let n = 0; n < rows; n++)
    yield `p${n % 500}@x.pl,Paid,${new Date(1.7e12 + n * 1000).toISOString()},u${n},${n}\n`;
}

export async function upload(shop: Shop, object: 'profiles' | 'events', file: Iterable<string>): Promise<string> {
  const params = { account: shop.account };
  const body = Readable.from([[...file].join('')]);
  return (await shop.client.call(endpoints.uploadImport, { params, query: { object }, body })).id;
}

/** As the API tells it. */
export async function importOf({ service }: Importing, id: string): Promise<ImportedFile> {
  const { client, account } = await service.shop();
  return client.call(endpoints.getImport, { params: { account, import: id } });
}

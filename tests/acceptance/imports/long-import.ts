/** The real service as a process of its own over a PostgreSQL of its own, and files that take it a while. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect } from 'vitest';
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

/** A new one for each test of a file. */
export function eachWithImporting(): () => Importing {
  let importing: Importing | null = null;
  // a database is made anew, which takes its time where much else runs
  beforeEach(async () => void (importing = await startImporting()), 180_000);
  afterEach(() => importing?.[Symbol.asyncDispose]());
  return () => {
    if (!importing) throw new Error('may be read inside tests only');
    return importing;
  };
}

async function startImporting(): Promise<Importing> {
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

/** Every row of `profileFile` is accounted for once. */
export async function expectProfiles(importing: Importing, id: string): Promise<void> {
  const good = Array.from({ length: rows }, (_, n) => n).filter((n) => !isBad(n) && !isRepeated(n));
  expect(await importOf(importing, id)).toMatchObject({
    status: 'incomplete',
    rows: { created: good.length, updated: 0, unchanged: 0, skipped: rows - good.length },
  });
  const { rows: stored } = await importing.database.query<{ number: number }>(
    `select (properties::json ->> 'Number')::integer as number from profile order by 1`,
  );
  expect(stored.map(({ number }) => number)).toEqual(good);
}

/** Every row of `eventFile` is there once. */
export async function expectEvents(importing: Importing, id: string): Promise<void> {
  expect(await importOf(importing, id)).toMatchObject({
    status: 'completed',
    rows: { created: rows, unchanged: 0, skipped: 0 },
  });
  const { rows: stored } = await importing.database.query<{ n: number; different: number }>(
    'select count(*) as n, count(distinct unique_id) as different from event',
  );
  expect(stored).toEqual([{ n: rows, different: rows }]);
}

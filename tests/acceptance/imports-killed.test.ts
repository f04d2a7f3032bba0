/** The real service, killed again and again in the middle of an import. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Shop } from '../../examples/demo/syncing.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import type { ImportedFile } from '../../src/contract/imports.ts';
import { Database } from '../../src/db/database.ts';
import { Cluster } from '../chaos/cluster.ts';
import { Victim } from '../chaos/victim.ts';

let parts: AsyncDisposableStack;
let database: Database;
let service: Victim;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-killed-'));
  // under root PostgreSQL runs as another user, who must be able to pass through
  await chmod(folder, 0o711);
  parts = new AsyncDisposableStack();
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const cluster = parts.use(await Cluster.start(join(folder, 'postgres')));
  database = parts.use(new Database(cluster.url));
  service = parts.use(new Victim(cluster.url, join(folder, 'data')));
  await service.start();
});

afterEach(() => parts.disposeAsync());

const rows = 40_000;
const mostKills = 2;
/** A killed worker is noticed after ten seconds and more. */
const patience = 300_000;
/** Bad addresses, and addresses that an earlier row has. */
const isBad = (n: number): boolean => n % 100 === 7;
const isRepeated = (n: number): boolean => n % 100 === 9;

function* profileFile(): Generator<string> {
  yield 'Email,Number\n';
  for (let n = 0; n < rows; n++) yield `${isBad(n) ? 'nowhere' : `p${isRepeated(n) ? n - 1 : n}@x.pl`},${n}\n`;
}

function* eventFile(): Generator<string> {
  yield 'Email,MetricName,Timestamp,UniqueID,Number\n';
  for (let n = 0; n < rows; n++)
    yield `p${n % 500}@x.pl,Paid,${new Date(1.7e12 + n * 1000).toISOString()},u${n},${n}\n`;
}

async function upload(shop: Shop, object: 'profiles' | 'events', file: Iterable<string>): Promise<string> {
  const params = { account: shop.account };
  const body = Readable.from([[...file].join('')]);
  return (await shop.client.call(endpoints.uploadImport, { params, query: { object }, body })).id;
}

async function progress(): Promise<{ status: string; next_row: number; stored: number }> {
  const { rows: found } = await database.query<{ status: string; next_row: number; stored: number }>(
    `select status, next_row, created_rows as stored from import order by id desc limit 1`,
  );
  return found[0] ?? { status: 'none', next_row: 0, stored: 0 };
}

/** Kills the service each time some more rows are in, and starts it again, until the import is over. */
async function killUntilDone(): Promise<number> {
  let kills = 0;
  let last = 0;
  for (;;) {
    const now = await progress();
    if (now.status !== 'checking' && now.status !== 'in_progress') return kills;
    if (now.next_row > last && kills < mostKills) {
      last = now.next_row;
      kills += 1;
      await service.kill();
      await service.start();
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

async function ended(id: string): Promise<ImportedFile> {
  const { client, account } = await service.shop();
  return client.call(endpoints.getImport, { params: { account, import: id } });
}

test(
  'profiles: killed at any time, it goes on at the row where it was; every row is accounted for once',
  async () => {
    const id = await upload(await service.openShop(), 'profiles', profileFile());
    expect(await killUntilDone()).toBeGreaterThan(0);
    const numbers = Array.from({ length: rows }, (_, n) => n);
    const good = numbers.filter((n) => !isBad(n) && !isRepeated(n));
    expect(await ended(id)).toMatchObject({
      status: 'incomplete',
      rows: { created: good.length, updated: 0, unchanged: 0, skipped: rows - good.length },
    });
    const { rows: stored } = await database.query<{ number: number }>(
      `select (properties::json ->> 'Number')::integer as number from profile order by 1`,
    );
    expect(stored.map(({ number }) => number)).toEqual(good);
    const { client, account } = await service.shop();
    const params = { account, import: id };
    const lines = (await text(Readable.from(await client.call(endpoints.downloadSkipped, { params })))).split('\n');
    expect(lines.slice(1, -1).map((line) => Number(line.split(',')[1]))).toEqual(
      numbers.filter((n) => isBad(n) || isRepeated(n)),
    );
  },
  patience,
);

test(
  'events: killed at any time, none is lost and none is there twice; the same file again changes nothing',
  async () => {
    const shop = await service.openShop();
    const id = await upload(shop, 'events', eventFile());
    expect(await killUntilDone()).toBeGreaterThan(0);
    expect(await ended(id)).toMatchObject({ status: 'completed', rows: { created: rows, unchanged: 0, skipped: 0 } });
    const { rows: stored } = await database.query<{ n: number; different: number }>(
      'select count(*) as n, count(distinct unique_id) as different from event',
    );
    expect(stored).toEqual([{ n: rows, different: rows }]);
    const again = await upload(await service.shop(), 'events', eventFile());
    await killUntilDone();
    expect(await ended(again)).toMatchObject({ status: 'completed', rows: { created: 0, unchanged: rows } });
  },
  patience,
);

/** The real service as a process of its own, and what it must live through. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Shop } from '../../examples/demo/syncing.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { Database } from '../../src/db/database.ts';
import { toJsonText } from '../../src/kernel/json-text.ts';
import { findAccount } from '../../src/store/accounts.ts';
import { recordEvents } from '../../src/store/event-writes.ts';
import { Cluster } from '../chaos/cluster.ts';
import { everythingSynced, findProblems } from '../chaos/judge.ts';
import { Victim } from '../chaos/victim.ts';

let folder: string;
let parts: AsyncDisposableStack;
let cluster: Cluster;
let database: Database;
let service: Victim;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-outages-'));
  // under root PostgreSQL runs as another user, who must be able to pass through
  await chmod(folder, 0o711);
  parts = new AsyncDisposableStack();
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  cluster = parts.use(await Cluster.start(join(folder, 'postgres')));
  database = parts.use(new Database(cluster.url));
  service = parts.use(new Victim(cluster.url, join(folder, 'data')));
  await service.start();
});

afterEach(() => parts.disposeAsync());

const warehouse = (): string => join(folder, 'warehouse.duckdb');

async function record(shop: Shop, from: number, to: number): Promise<void> {
  const account = await findAccount(database, shop.account);
  for (let at = from; at < to; at += 1000) {
    const events = Array.from({ length: Math.min(1000, to - at) }, (_, i) => ({
      metric: { name: 'Placed Order' },
      profile: { email: `customer${(at + i) % 997}@example.com` },
      datetime: new Date(Date.UTC(2026, 0, 1, 0, 0, at + i)),
      uniqueId: `order-${at + i}`,
      properties: toJsonText({ order: at + i, note: 'x'.repeat(200) }),
    }));
    await recordEvents(database, account?.id ?? 0, events);
  }
}

async function connect(shop: Shop): Promise<void> {
  await shop.client.call(endpoints.connect, {
    params: { account: shop.account },
    body: { kind: 'duckdb', settings: { path: warehouse() }, selection: { objects: ['profiles', 'events'] } },
  });
}

/** Until the historical sync is under way; on a very fast machine it may have ended. */
async function untilWorking(shop: Shop): Promise<void> {
  for (;;) {
    const { data } = await shop.client.call(endpoints.listSyncs, { params: { account: shop.account } });
    if (data.some((sync) => sync.kind === 'historical' && sync.status !== 'scheduled')) return;
  }
}

async function ordersInStore(): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>('select unique_id as id from event');
  return rows.map((row) => row.id);
}

/** The store and the warehouse agree in every row, and nothing is left open. */
async function expectWhole(shop: Shop, orders: number): Promise<void> {
  await everythingSynced(shop, database);
  const recorded = await ordersInStore();
  expect(recorded).toHaveLength(orders);
  expect(await findProblems(database, warehouse(), recorded, service.stagedFolder)).toEqual([]);
}

test('PostgreSQL goes down and comes back: the running service goes on by itself', { timeout: 120_000 }, async () => {
  const shop = await service.openShop();
  await record(shop, 0, 20_000);
  await connect(shop);
  await untilWorking(shop);
  await cluster.crash();
  await record(shop, 20_000, 21_000);
  const ready = await fetch(new URL('/readyz', (await service.shopApi()).url));
  expect(ready.status).toBe(200);
  await expectWhole(shop, 21_000);
  expect(service.running).toBe(true);
});

test(
  'SIGTERM in the middle of a sync ends the process well, and the next start goes on',
  { timeout: 120_000 },
  async () => {
    const shop = await service.openShop();
    await record(shop, 0, 20_000);
    await connect(shop);
    await untilWorking(shop);
    expect(await service.stop()).toBe(0);
    await service.start();
    await expectWhole(await service.shop(), 20_000);
  },
);

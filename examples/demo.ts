/*
 * `npm run demo`: a shop's two years of real purchases through the API into a DuckDB warehouse, changes, a second sync, and
 * the proof that nothing was lost or doubled. `--keep` leaves the service up.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '../src/contract/endpoints.ts';
import type { ShopApi } from './demo/api.ts';
import { changeSomeData } from './demo/changes.ts';
import { loadPurchases } from './demo/load.ts';
import { readPurchases, totalCents, type Purchase } from './demo/purchases.ts';
import { startService, type DemoService } from './demo/service.ts';
import { reconcile, syncNow, watch, type Shop } from './demo/syncing.ts';
import { count, heading, table } from './demo/terminal.ts';
import { countRows, customersByOrders, orderTotals, queryWarehouse } from './demo/warehouse.ts';

const keep = process.argv.includes('--keep');
const started = Date.now();
const folder = await mkdtemp(join(tmpdir(), 'wharf-demo-'));
// under root PostgreSQL runs as another user, who must be able to pass through
await chmod(folder, 0o711);
const warehouse = join(folder, 'warehouse.duckdb');
try {
  await using service = await startService(join(folder, 'data'));
  await tour(service);
  if (keep) await stayUp(service);
} finally {
  if (!keep) await rm(folder, { recursive: true, force: true });
}

async function tour(service: DemoService): Promise<void> {
  heading(`1. Wharf is up at ${service.url}, with its own PostgreSQL`);
  const { shop, api } = await openShop(service);

  heading('2. Two years of real purchases go in through the Klaviyo-compatible API');
  const purchases = await readPurchases();
  await loadPurchases(api, purchases);

  heading('3. Connect a DuckDB file; the historical sync begins');
  const since = Date.now();
  await shop.client.call(endpoints.connect, {
    params: { account: shop.account },
    body: {
      kind: 'duckdb',
      name: 'Demo warehouse',
      settings: { name: 'Demo warehouse', path: warehouse },
      selection: { objects: ['profiles', 'events'] },
    },
  });
  await watch(shop, 'historical', since);
  await reconcile(shop, 'historical');
  await proveTotals(purchases);

  heading('4. Life goes on: some data changes, and a periodic sync brings it over');
  const changes = await changeSomeData(api, purchases);
  await syncNow(shop);
  await reconcile(shop, 'periodic');
  await proveTotals(purchases);
  await provePresent(changes.profilesLeft, purchases.length + changes.eventsAdded);

  heading('5. Ask the warehouse: who brings in the money?');
  const [answer = []] = await queryWarehouse(warehouse, customersByOrders);
  table(
    ['orders', 'customers', 'usd', 'share'],
    answer.map((row) => [row['orders']!, row['customers']!, row['usd']!, row['share']!]),
  );
  console.log(
    `\nDone in ${((Date.now() - started) / 1000).toFixed(0)} s. Every number above was read from the warehouse file or the run's own counts.`,
  );
}

async function openShop(service: DemoService): Promise<{ shop: Shop; api: ShopApi }> {
  const account = await service.client.call(endpoints.createAccount, { body: { name: 'CDNOW', currency: 'USD' } });
  const { key } = await service.client.call(endpoints.createApiKey, {
    params: { account: account.id },
    body: { name: 'demo' },
  });
  return { shop: { client: service.client, account: account.id }, api: { url: service.url, key } };
}

/** The warehouse file's own totals must be those of the data set, to the cent. */
async function proveTotals(purchases: readonly Purchase[]): Promise<void> {
  const [rows = []] = await queryWarehouse(warehouse, orderTotals);
  const found = rows[0] ?? {};
  const cents = totalCents(purchases.map((purchase) => purchase.amount));
  const expected = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  console.log(
    `  in the warehouse file: ${count(Number(found['orders']))} orders worth ${count(Number(found['usd']))} USD`,
  );
  if (found['orders'] !== purchases.length || found['usd'] !== expected) {
    throw new Error(`expected ${purchases.length} orders worth ${expected} USD, found ${JSON.stringify(found)}`);
  }
}

async function provePresent(profiles: number, events: number): Promise<void> {
  const [rows = []] = await queryWarehouse(warehouse, countRows);
  const found = rows[0] ?? {};
  console.log(`  and in all ${count(Number(found['profiles']))} profiles, ${count(Number(found['events']))} events`);
  if (found['profiles'] !== profiles || found['events'] !== events) {
    throw new Error(`expected ${profiles} profiles and ${events} events, found ${JSON.stringify(found)}`);
  }
}

async function stayUp(service: DemoService): Promise<void> {
  heading('The service stays up; Ctrl-C ends it');
  console.log(`  API            ${service.url}`);
  console.log(`  operator token ${service.operatorToken}`);
  console.log(`  warehouse file ${warehouse}`);
  console.log(`  try            npx wharf --url ${service.url} --token <operator token> sync list --account <id>`);
  process.once('SIGINT', () => undefined);
  await service.ended;
}

/*
 * `npm run demo`: a shop's two years of real purchases through the API into a warehouse, changes, a second sync, and the proof
 * that nothing was lost or doubled. `--to <kind>` chooses the warehouse (DuckDB without it; the cloud warehouses are stand-ins
 * that speak the vendor's protocol), `--circle` brings the data from DuckDB back in over SFTP, `--keep` leaves everything up.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Settings } from '../src/contract/destinations.ts';
import { endpoints } from '../src/contract/endpoints.ts';
import type { ShopApi } from './demo/api.ts';
import { changeSomeData } from './demo/changes.ts';
import { loadPurchases } from './demo/load.ts';
import { dollars, readPurchases, totalCents, type Purchase } from './demo/purchases.ts';
import { customersByOrders, orderTotals, presentRows } from './demo/questions.ts';
import { startService, type DemoService } from './demo/service.ts';
import { reconcile, syncNow, watch, type Shop } from './demo/syncing.ts';
import { count, heading, table } from './demo/terminal.ts';
import { warehouses, type DemoWarehouse, type OpenWarehouse } from './demo/warehouses/warehouse.ts';

const { to, keep, circle } = parseArgs({
  options: {
    to: { type: 'string', default: 'duckdb' },
    keep: { type: 'boolean', default: false },
    circle: { type: 'boolean', default: false },
  },
}).values;
const started = Date.now();
const load = warehouses.get(to);
if (circle && to !== 'duckdb') {
  console.error('The full circle begins at DuckDB: leave --to out.');
  process.exitCode = 2;
} else if (load) await demo((await load()).open);
else {
  console.error(`There is no demo for ${to}. Choose one with --to: ${[...warehouses.keys()].join(', ')}.`);
  process.exitCode = 2;
}

async function demo(open: OpenWarehouse): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-demo-'));
  // under root PostgreSQL runs as another user, who must be able to pass through
  await chmod(folder, 0o711);
  try {
    await using warehouse = await open(folder);
    await using service = await startService(join(folder, 'data'), warehouse.environment);
    await tour(service, warehouse);
    if (circle) await goFullCircle(service, warehouse, folder);
    sayDone();
    if (keep) await stayUp(service, warehouse);
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function tour(service: DemoService, warehouse: DemoWarehouse): Promise<void> {
  heading(`1. Wharf is up at ${service.url}, with its own PostgreSQL`);
  const { shop, api } = await openShop(service);

  heading('2. Two years of real purchases go in through the Klaviyo-compatible API');
  const purchases = await readPurchases();
  await loadPurchases(api, purchases);

  heading(`3. Connect ${warehouse.label}; the historical sync begins`);
  const since = Date.now();
  await connect(shop, warehouse);
  await watch(shop, 'historical', since);
  await reconcile(shop, 'historical');
  await proveTotals(warehouse, purchases);

  heading('4. Life goes on: some data changes, and a periodic sync brings it over');
  const changes = await changeSomeData(api, purchases);
  await syncNow(shop);
  await reconcile(shop, 'periodic');
  await proveTotals(warehouse, purchases);
  await provePresent(warehouse, changes.profilesLeft, purchases.length + changes.eventsAdded);

  heading('5. Ask the warehouse: who brings in the money?');
  await showCustomers(warehouse);
}

/** Loaded when asked for, since it brings an SFTP client along. */
async function goFullCircle({ client }: DemoService, warehouse: DemoWarehouse, folder: string): Promise<void> {
  const { fullCircle } = await import('./demo/circle.ts');
  await fullCircle(client, warehouse, folder);
}

function sayDone(): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`\nDone in ${seconds} s. Every number above was read from the warehouse or is the run's own count.`);
}

async function openShop(service: DemoService): Promise<{ shop: Shop; api: ShopApi }> {
  const account = await service.client.call(endpoints.createAccount, { body: { name: 'CDNOW', currency: 'USD' } });
  const { key } = await service.client.call(endpoints.createApiKey, {
    params: { account: account.id },
    body: { name: 'demo' },
  });
  return { shop: { client: service.client, account: account.id }, api: { url: service.url, key } };
}

async function connect(shop: Shop, { kind, settings }: DemoWarehouse): Promise<void> {
  const name = 'Demo warehouse';
  await shop.client.call(endpoints.connect, {
    params: { account: shop.account },
    body: {
      kind,
      name,
      settings: { ...settings, name } as Settings,
      selection: { objects: ['profiles', 'events'] },
    },
  });
}

/** The warehouse's own totals must be those of the data set, to the cent. */
async function proveTotals(warehouse: DemoWarehouse, purchases: readonly Purchase[]): Promise<void> {
  const found = await orderTotals(warehouse);
  const cents = totalCents(purchases.map((purchase) => purchase.amount));
  console.log(`  in the warehouse: ${count(found.orders)} orders worth ${dollars(found.cents)} USD`);
  if (found.orders !== purchases.length || found.cents !== cents) {
    throw new Error(`expected ${count(purchases.length)} orders worth ${dollars(cents)} USD`);
  }
}

async function provePresent(warehouse: DemoWarehouse, profiles: number, events: number): Promise<void> {
  const found = await presentRows(warehouse);
  console.log(`  and in all ${count(found.profiles)} profiles, ${count(found.events)} events`);
  if (found.profiles !== profiles || found.events !== events) {
    throw new Error(`expected ${count(profiles)} profiles and ${count(events)} events`);
  }
}

async function showCustomers(warehouse: DemoWarehouse): Promise<void> {
  const groups = await customersByOrders(warehouse);
  const whole = groups.reduce((sum, { cents }) => sum + cents, 0n);
  table(
    ['orders', 'customers', 'usd', 'share'],
    groups.map(({ orders, customers, cents }) => [
      orders,
      customers,
      dollars(cents),
      `${(Number((cents * 1000n + whole / 2n) / whole) / 10).toFixed(1)} %`,
    ]),
  );
}

/** A person who owns the shop, and a link that needs no password. */
async function signInLink({ client, url }: DemoService): Promise<string> {
  const email = 'owner@cdnow.example';
  const [shop] = (await client.call(endpoints.listAccounts, {})).data;
  const params = { account: shop?.id ?? '' };
  const { token: invitation } = await client.call(endpoints.invite, { params, body: { email, role: 'owner' } });
  const password = randomBytes(24).toString('base64url');
  await client.call(endpoints.acceptAsNew, { body: { token: invitation, name: 'Demo owner', password } });
  const { token } = await client.call(endpoints.createSignInLink, { body: { email } });
  return `${url}/sign-in-link#${token}`;
}

async function stayUp(service: DemoService, warehouse: DemoWarehouse): Promise<void> {
  heading('Everything stays up; Ctrl-C ends it');
  console.log(`  Open this link, it signs you in (once, within an hour):\n\n  ${await signInLink(service)}\n`);
  console.log(`  API            ${service.url}`);
  console.log(`  operator token ${service.operatorToken}`);
  console.log(`  try            npx wharf --url ${service.url} --token <operator token> sync list`);
  console.log(`\n  Look into ${warehouse.label}:`);
  for (const note of warehouse.notes) console.log(`  ${note}`);
  process.once('SIGINT', () => undefined);
  await service.ended;
}

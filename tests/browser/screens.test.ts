import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, picture, settled, visit, type Visitor } from './chromium.ts';
import { connectAndSync, joinAs, seed, setUp, shopOf, signIn, stage, type Shop } from './walk.ts';

/** What changes something; an analyst sees none of it anywhere. */
const changing = [
  'Select a connector',
  'Manage',
  'Pause',
  'Resume',
  'Sync now',
  'Re-enable',
  'Upload a CSV file',
  'Add SSH key',
  'Confirm and import',
  'Cancel the import',
  'Invite a person',
  'Create a key',
  'Revoke',
  'Remove',
  'Save',
];

const everyPlace = (account: string, more: readonly string[]): string[] =>
  ['syncing', 'imports', 'account', 'people', 'keys', ...more].map((place) => `/a/${account}/${place}`);

describe.skipIf(chromiumPath === null)('every screen (needs Chromium)', () => {
  const on = stage();
  let owner: Visitor;
  let shop: Shop;
  let places: readonly string[];

  beforeAll(async () => {
    const { browser, service, folder } = on();
    const { client } = service;
    owner = await visit(browser, service.url);
    const { page } = owner;
    await setUp(page, service);
    shop = await shopOf(service);
    await seed(shop, { 'Placed Order': 40, 'Viewed Product': 25 });
    await joinAs(service, shop.account, 'jan@shop.example', 'analyst');
    await page.getByRole('link', { name: 'Select a connector' }).click();
    await page.getByRole('button', { name: /DuckDB/ }).click();
    await page.getByLabel('File path').fill(join(folder, 'warehouse.duckdb'));
    for (let step = 0; step < 4; step++) await page.getByRole('button', { name: 'Continue' }).click();
    await connectAndSync(page);
    const params = { account: shop.account };
    const { connection } = await client.call(endpoints.getConnection, { params });
    const { data: syncs } = await client.call(endpoints.listSyncs, { params });
    const query = { object: 'profiles', fileName: 'people.csv', source: 'api' } as const;
    const body = new Blob(['Email,Size,Size\nann@mail.example,L,38\n']);
    const { id: file } = await client.call(endpoints.uploadImport, { params, query, body });
    const dashboard = `syncing/${connection?.id}`;
    places = everyPlace(shop.account, [dashboard, `${dashboard}/${syncs[0]?.id}`, `imports/${file}`]);
  }, 300_000);

  test('an owner finds everything that can be changed, and no screen asks another server for anything', async () => {
    const { page, complaints } = owner;
    const found = new Set<string>();
    for (const place of places) {
      await open(page, place);
      for (const change of await offered(page)) found.add(change);
      await picture(page, nameOf(place));
    }
    const later = ['Select a connector', 'Resume', 'Re-enable'];
    expect(changing.filter((change) => !found.has(change))).toEqual(later);
    await open(page, `/a/${shop.account}/audit`);
    await page.getByText('createApiKey').or(page.getByText('connect')).first().waitFor();
    expect(complaints).toEqual([]);
  }, 300_000);

  test('an analyst reads each and is offered no change; what is asked for by hand is refused in plain words', async () => {
    const { browser, service } = on();
    const { page, complaints } = await visit(browser, service.url);
    await signIn(page, 'jan@shop.example');
    await page.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
    for (const place of places) {
      await open(page, place);
      expect(await offered(page), place).toEqual([]);
    }
    await open(page, `/a/${shop.account}/account`);
    expect(await page.getByLabel('Name').isDisabled()).toBe(true);
    await picture(page, 'account-analyst');
    await page.goto(`/a/${shop.account}/audit`);
    await page.getByText('Your role does not allow this').waitFor();
    expect(complaints).toEqual([]);
  }, 300_000);

  test('Polish is chosen in the account menu, at once and for good', async () => {
    const { page, complaints } = owner;
    await open(page, places[0] ?? '');
    await page.getByRole('button', { name: 'Corner shop' }).click();
    await page.getByRole('menuitemradio', { name: 'English', checked: true }).waitFor();
    await picture(page, 'account-menu');
    await page.getByRole('menuitemradio', { name: 'Polski' }).click();
    await page.getByRole('heading', { name: 'Synchronizacja', level: 1 }).waitFor();
    await page.keyboard.press('Escape');
    for (const place of places) {
      await open(page, place);
      expect(await page.locator('html').getAttribute('lang')).toBe('pl');
      expect(await page.getByRole('navigation').first().innerText()).toContain('Import danych');
      // no button is left in English
      expect(await offered(page), place).toEqual([]);
    }
    await page.getByRole('button', { name: 'Corner shop' }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Import data' }).waitFor();
    expect(complaints).toEqual([]);
  }, 300_000);

  test('nothing moves away under the reader while a screen loads over a slow line', async () => {
    const { browser, service } = on();
    const { page, complaints } = await visit(browser, service.url);
    await signIn(page, 'ola@shop.example');
    await page.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
    await slowDown(page);
    const moved: string[] = [];
    for (const place of [
      ...places,
      ...['profiles', 'events', 'integrations', 'alerts'].map((one) => `/a/${shop.account}/${one}`),
    ]) {
      await open(page, place);
      const shifts = await page.evaluate<Shifts>(layoutShifts);
      if (shifts.sum > mostShift) moved.push(`${place}: ${shifts.sum.toFixed(3)} of ${shifts.what.join(', ')}`);
    }
    expect(moved).toEqual([]);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('nothing is wider than a phone', async () => {
    const { page, complaints } = owner;
    await page.setViewportSize({ width: 375, height: 740 });
    for (const place of places) {
      await open(page, place);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), place).toBeLessThanOrEqual(375);
      await picture(page, `${nameOf(place)}-phone`);
    }
    expect(complaints).toEqual([]);
  }, 300_000);
});

/** A fifth of what still counts as good. */
const mostShift = 0.02;

interface Shifts {
  readonly sum: number;
  readonly what: readonly string[];
}

/** Runs in the page: how far its parts have moved since it was opened, as browsers measure it, and which. */
const layoutShifts = `new Promise((done) => {
  const shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true });
  // what was kept of the first kind comes before what is asked for after it
  new PerformanceObserver(() => {
    const what = shifts.flatMap(({ value, sources }) => sources.map(({ node, previousRect, currentRect }) =>
      value.toFixed(3) + ' ' + (node?.outerHTML ?? node?.textContent ?? 'gone').slice(0, 120) + ' from ' + previousRect.y + ' to ' + currentRect.y));
    done({ sum: shifts.reduce((sum, { value }) => sum + value, 0), what });
  }).observe({ type: 'navigation', buffered: true });
})`;

/** Each answer takes its time, so that what stands in for it is seen. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const line = { offline: false, latency: 150, downloadThroughput: -1, uploadThroughput: -1 };
  await devtools.send('Network.emulateNetworkConditions', line);
}

async function open(page: Page, place: string): Promise<void> {
  await page.goto(place);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // the links are there once the role is known, on which everything else depends
  await page.locator('nav a[href$="/people"]').first().waitFor({ state: 'attached' });
  await settled(page);
}

/** The changes that the screen offers, by the words of their buttons and links. */
async function offered(page: Page): Promise<string[]> {
  const seen: string[] = [];
  for (const name of changing) {
    const places = page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true }));
    if ((await places.count()) > 0) seen.push(name);
  }
  return seen;
}

/** `/a/abc/syncing/1/2` is the screen `sync`. */
function nameOf(place: string): string {
  const [, , , screen = '', ...ids] = place.split('/');
  if (screen === 'syncing') return ['syncing', 'dashboard', 'sync-runs'][ids.length] ?? screen;
  return screen === 'imports' && ids.length > 0 ? 'import' : screen;
}

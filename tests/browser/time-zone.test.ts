import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, settled, visit, type Visitor } from './chromium.ts';
import { connectAndSync, fillWizard, seed, setUp, shopOf, stage, type Shop } from './walk.ts';

/** Never on the same side of midnight for long, and never the same hour. */
const zones = { account: 'Asia/Tokyo', browser: 'America/New_York' } as const;

function inZone(iso: string | null, timeZone: string): string {
  const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone });
  return plain(times.format(new Date(iso ?? '')));
}

/** Browsers and Node.js do not have the same spaces between the parts of a time. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

describe.skipIf(chromiumPath === null)('times in the zone of the account (needs Chromium)', () => {
  const on = stage();
  let visitor: Visitor;
  let shop: Shop;

  beforeAll(async () => {
    const { browser, service, folder } = on();
    visitor = await visit(browser, service.url, 'en', zones.browser);
    const { page } = visitor;
    await setUp(page, service);
    shop = await shopOf(service);
    const params = { account: shop.account };
    const { data } = await service.client.call(endpoints.listAccounts, {});
    // whoever sets Wharf up is asked for no zone: it is theirs
    expect(data[0]?.timeZone).toBe(zones.browser);
    const body = { name: 'Corner shop', timeZone: zones.account };
    await service.client.call(endpoints.editAccountSettings, { params, body });
    await seed(shop, { 'Placed Order': 20 });
    const query = { object: 'profiles', fileName: 'people.csv', source: 'api' } as const;
    const file = new Blob(['Email,Size,Size\nann@mail.example,L,38\n']);
    await service.client.call(endpoints.uploadImport, { params, query, body: file });
    const kinds = (await service.client.call(endpoints.listDestinations, {})).data;
    const duckdb = kinds.find(({ kind }) => kind === 'duckdb');
    if (!duckdb) throw new Error('DuckDB is not there');
    await page.reload();
    await fillWizard(page, duckdb, { path: join(folder, 'warehouse.duckdb') });
    await connectAndSync(page);
  }, 120_000);

  test('on the dashboard, the timeline, lists and look-ups', async () => {
    const { page, complaints } = visitor;
    await expectZone(page, page.getByRole('row').nth(1), 2);
    await page.getByRole('tab', { name: 'Periodic' }).click();
    await expectZone(page, page.getByRole('row').nth(1), 1);
    await page.getByRole('main').getByRole('link', { name: 'Events' }).click();
    await page.getByText('Connected').waitFor();
    await expectZone(page, page.getByRole('main'), 1);
    for (const place of ['Syncing', 'Integrations', 'Profiles', 'Import data', 'Keys', 'Audit log']) {
      await page.getByRole('link', { name: place, exact: true }).first().click();
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
      await settled(page);
      await expectZone(page, page.getByRole('main'), 1);
    }
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await expectZone(page, page.getByRole('main'), 1);
    await page.getByRole('main').getByRole('button', { name: 'Placed Order' }).first().click();
    await expectZone(page, page.getByRole('dialog'), 2);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('of an error', async () => {
    const { page, complaints } = visitor;
    const { client } = on().service;
    const path = join(on().folder, 'warehouse.duckdb');
    await rm(path);
    await writeFile(path, 'no database');
    await seed(shop, { 'Placed Order': 21 });
    await page.goto(`/a/${shop.account}/syncing`);
    await page.getByRole('link', { name: 'Open' }).click();
    await page.getByRole('row').filter({ hasText: 'Events' }).getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('link', { name: '1 active error' }).click();
    await page.getByRole('button', { name: 'Show errors' }).click();
    const { data } = await client.call(endpoints.listErrors, { params: { account: shop.account }, query: {} });
    const shown = plain(await page.getByRole('dialog').innerText());
    expect(shown).toContain(inZone(data[0]?.lastAt ?? null, zones.account));
    expect(complaints).toEqual([]);
  }, 60_000);

  /** Of the first times of a place, what is shown when one points at them. */
  async function expectZone(page: Page, place: Locator, count: number): Promise<void> {
    const times = place.locator('time');
    for (let at = 0; at < count; at++) {
      await times.nth(at).hover();
      const tip = page.getByRole('tooltip');
      await tip.waitFor();
      // lists can have moved under the mouse meanwhile
      const described = page.locator(`time[aria-describedby="${await tip.getAttribute('id')}"]`);
      const iso = await described.getAttribute('datetime');
      const shown = plain(await tip.innerText());
      expect(shown).toBe(inZone(iso, zones.account));
      expect(shown).not.toBe(inZone(iso, zones.browser));
      await page.mouse.move(0, 0);
      await tip.waitFor({ state: 'detached' });
    }
  }
});

/** Integrations, the plan, and what a sync's page tells of its runs. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, picture, visit, type Visitor } from './chromium.ts';
import { connectAndSync, password, seed, setUp, shopOf, signIn, stage, type Shop } from './walk.ts';

describe.skipIf(chromiumPath === null)('integrations (needs Chromium)', () => {
  const on = stage({ WHARF_OUTBOUND_ADDRESSES: '192.0.2.0/28' });
  let owner: Visitor;
  let shop: Shop;

  beforeAll(async () => {
    const { browser, service } = on();
    owner = await visit(browser, service.url);
    await setUp(owner.page, service);
    shop = await shopOf(service);
    await seed(shop, { 'Placed Order': 30 });
    await seed(shop, { 'Opened Email': 5 }, 'Newsletter');
  });

  test('a searchable directory: a warehouse opens the wizard, which says what is shared and how long it takes', async () => {
    const { page } = owner;
    await page.getByText('192.0.2.0/28', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Integrations' }).click();
    for (const source of ['API', 'Newsletter']) {
      await page.getByRole('region', { name: 'Connected' }).getByText(source, { exact: true }).waitFor();
    }
    await page.getByText('8 apps').waitFor();
    await picture(page, 'integrations');
    await page.getByLabel('Search apps').fill('csv');
    await page.getByText('1 app', { exact: true }).waitFor();
    await page.getByRole('link', { name: /SFTP import/ }).waitFor();
    await page.getByLabel('Search apps').fill('nothing of the kind');
    await page.getByText('0 apps').waitFor();
    await page.getByLabel('Search apps').fill('duck');
    await page.getByRole('link', { name: /DuckDB/ }).click();

    await page.getByText('192.0.2.0/28', { exact: true }).waitFor();
    await page.getByLabel('File path').fill(join(on().folder, 'warehouse.duckdb'));
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('A cautious guess').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Profiles, Events (All metrics)').waitFor();
    await connectAndSync(page);
  }, 120_000);

  test("a sync's page follows its runs by itself: charts, figures in words, and who did what", async () => {
    const { page } = owner;
    const { client } = on().service;
    const params = { account: shop.account };
    const { data: syncs } = await client.call(endpoints.listSyncs, { params });
    const sync = syncs.find(({ object, kind }) => object === 'events' && kind === 'periodic')?.id ?? '';
    await page.getByRole('tab', { name: 'Periodic' }).click();
    await page.getByRole('main').getByRole('link', { name: 'Events' }).click();
    for (const orders of [40, 50, 60]) {
      await seed(shop, { 'Placed Order': orders });
      if (orders === 40) await page.getByRole('button', { name: 'Sync now' }).click();
      else await client.call(endpoints.syncNow, { params: { ...params, sync } });
      await page
        .getByRole('button', { name: /^Rows/ })
        .nth(orders / 10 - 4)
        .waitFor();
      await page.getByText('Scheduled').first().waitFor();
    }
    for (const name of ['Rows', 'Duration', 'Data freshness']) {
      await page
        .getByRole('figure', { name: `${name} of the newest runs` })
        .locator('svg')
        .first()
        .waitFor();
    }
    await page
      .getByRole('button', { name: /^Rows ?10.*Data freshness/ })
      .first()
      .waitFor();
    await page.getByText('by Ola').first().waitFor();
    await page.getByText('by the operator').first().waitFor();
    await page
      .getByText(/^10 rows · /)
      .first()
      .waitFor();
    await picture(page, 'sync-charts');
    await page.setViewportSize({ width: 375, height: 700 });
    await page.reload();
    await page.getByRole('figure').locator('svg').first().waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 120_000);

  test('a second warehouse is refused with a sentence; the first can be removed here', async () => {
    const { page, complaints } = owner;
    await page.getByRole('link', { name: 'Integrations' }).click();
    await page.getByRole('link', { name: /Snowflake/ }).click();
    await page.getByText('The account already has a destination; there can be only one.').waitFor();
    await picture(page, 'second-destination');
    await page.getByRole('link', { name: 'Integrations' }).click();
    await page.getByRole('button', { name: 'Actions for DuckDB (local)' }).click();
    await page.getByRole('menuitem', { name: 'Remove integration' }).click();
    await page.getByText('The tables in your warehouse stay').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Actions for DuckDB (local)' }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Integrations', level: 1 }).waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  test('without the plan there is only what it is and who can enable it; an owner enables it', async () => {
    const { page, complaints } = owner;
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'Switch on' }).waitFor();
    await picture(page, 'account-plan');

    const { browser, service } = on();
    const invitation = { email: 'jan@shop.example', role: 'admin' as const };
    const { token } = await service.client.call(endpoints.invite, {
      params: { account: shop.account },
      body: invitation,
    });
    await service.client.call(endpoints.acceptAsNew, { body: { token, name: 'Jan', password } });
    const admin = await visit(browser, service.url);
    await signIn(admin.page, 'jan@shop.example');
    await expectOffer(admin.page);
    await admin.page.getByText('An owner of the account can enable it').waitFor();
    await admin.page.getByRole('link', { name: 'Account', exact: true }).click();
    await admin.page.getByText('Owners can change this.').waitFor();

    await page.getByRole('link', { name: 'Integrations' }).click();
    await page.getByText('2 apps').waitFor();
    await page.getByRole('link', { name: 'Syncing' }).click();
    await expectOffer(page);
    await picture(page, 'plan-offer');
    await page.getByRole('button', { name: 'Enable the advanced data platform' }).click();
    await page.getByRole('link', { name: 'Select a connector' }).waitFor();
    expect([...complaints, ...admin.complaints]).toEqual([]);
  }, 60_000);
});

async function expectOffer(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Advanced data platform' }).waitFor();
  expect(await page.getByRole('link', { name: 'Select a connector' }).count()).toBe(0);
}

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { makeKey } from '../sftp/programs.ts';
import { chromiumPath, settled, visit, type Visitor } from './chromium.ts';
import { byKeys, expectFocus, type Keys } from './hands.ts';
import { connectAndSync, fillWizard, password, seed, setUp, shopOf, signIn, stage, type Shop } from './walk.ts';

describe.skipIf(chromiumPath === null)('by the keys alone (needs Chromium)', () => {
  const on = stage();
  let visitor: Visitor;
  let keys: Keys;
  let shop: Shop;

  beforeAll(async () => {
    const { browser, service } = on();
    const { page } = await visit(browser, service.url);
    await setUp(page, service);
    shop = await shopOf(service);
    await seed(shop, { 'Placed Order': 20 });
    visitor = await visit(browser, service.url);
    keys = byKeys(visitor.page);
  });

  const warehouse = (): string => join(on().folder, 'warehouse.duckdb');

  test('one signs in, connects a DuckDB file, pauses and resumes a sync', async () => {
    const { page, complaints } = visitor;
    await signIn(page, 'ola@shop.example', password, keys);
    await expectFocus(page.getByRole('heading', { name: 'Syncing', level: 1 }));

    await keys.press(page.getByRole('link', { name: 'Select a connector' }));
    await keys.press(page.getByRole('button', { name: /DuckDB/ }));
    await expectFocus(page.getByRole('group', { name: 'Set-up script' }));
    await keys.press(page.getByRole('link', { name: 'Syncing' }));
    await page.getByRole('link', { name: 'Select a connector' }).waitFor();
    await keys.press(page.getByRole('link', { name: 'Select a connector' }));
    await keys.press(page.getByRole('button', { name: 'Back' }));
    await expectFocus(page.getByRole('group', { name: 'Connector' }));
    await keys.press(page.getByRole('link', { name: 'Syncing' }));

    const { data: kinds } = await on().service.client.call(endpoints.listDestinations, {});
    const duckdb = kinds.find(({ kind }) => kind === 'duckdb');
    if (!duckdb) throw new Error('DuckDB is not there');
    await fillWizard(page, duckdb, { name: 'Local file', path: warehouse() }, keys);
    await connectAndSync(page, keys);

    await page.keyboard.press('ArrowLeft');
    await keys.press(page.getByRole('button', { name: 'Pause' }));
    await expectFocus(page.getByRole('button', { name: 'Resume' }));
    await page.keyboard.press('Enter');
    await page.getByText('Paused').waitFor({ state: 'detached' });
    await expectFocus(page.getByRole('button', { name: 'Pause' }));
    expect(complaints).toEqual([]);
  }, 180_000);

  test('a page that opens and a dialog that ends each say where the keys are', async () => {
    const { page, complaints } = visitor;
    await keys.press(page.getByRole('main').getByRole('link', { name: 'Profiles' }));
    await expectFocus(page.getByRole('heading', { name: 'Profiles · Periodic', level: 1 }));
    await keys.press(page.getByRole('link', { name: 'Back to Syncing' }));
    await expectFocus(page.getByRole('heading', { name: 'Syncing: Local file', level: 1 }));

    const manage = page.getByRole('button', { name: 'Manage' });
    await keys.press(manage);
    await keys.press(page.getByRole('menuitem', { name: 'Edit what is shared' }));
    const dialog = page.getByRole('dialog');
    await keys.reach(dialog.getByRole('checkbox', { name: 'Events' }));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectFocus(manage);
    expect(complaints).toEqual([]);
  }, 120_000);

  test("an error's drawer opens, and Escape leads back to what opened it", async () => {
    const { page, complaints } = visitor;
    await rm(warehouse());
    await writeFile(warehouse(), 'no database');
    await seed(shop, { 'Placed Order': 21 });
    const events = page.getByRole('row').filter({ hasText: 'Events' });
    await keys.press(events.getByRole('button', { name: 'Sync now' }));
    await keys.press(events.getByRole('link', { name: '1 active error' }));
    const opener = page.getByRole('button', { name: 'Show errors' });
    await keys.press(opener);
    const drawer = page.getByRole('dialog');
    await keys.reach(drawer.getByRole('button', { name: 'Copy' }));
    // the page behind has no turn while the drawer is open
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press('Tab');
      await expectFocus(drawer.locator('*'));
    }
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expectFocus(opener);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('an SSH key is added', async () => {
    const { page, complaints } = visitor;
    const key = await makeKey(on().folder, 'wharf_key', ['-t', 'ed25519']);
    await keys.press(page.getByRole('link', { name: 'Import data' }));
    await expectFocus(page.getByRole('heading', { name: 'Import data', level: 1 }));
    await settled(page);
    const add = page.getByRole('button', { name: 'Add SSH key' });
    await keys.press(add);
    const dialog = page.getByRole('dialog');
    await keys.fill(dialog.getByLabel('Title'), 'Nightly export');
    await keys.fill(dialog.getByLabel('Public key'), await readFile(key.publicFile, 'utf8'));
    await keys.press(dialog.getByRole('button', { name: 'Add SSH key' }));
    await page.getByRole('cell', { name: 'Nightly export' }).waitFor();
    await expectFocus(add);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('the first key of a page leads past its menu', async () => {
    const { page, complaints } = visitor;
    await page.reload();
    await page.getByRole('heading', { name: 'Import data', level: 1 }).waitFor();
    await keys.press(page.getByRole('link', { name: 'Skip to the content' }));
    await expectFocus(page.getByRole('main'));
    await page.keyboard.press('Tab');
    await expectFocus(page.getByRole('button', { name: 'Upload a CSV file' }));
    expect(complaints).toEqual([]);
  }, 60_000);
});

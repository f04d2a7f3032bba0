import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { open as openDuckdb } from '../../examples/demo/warehouses/duckdb.ts';
import type { DestinationKind } from '../../src/contract/destinations.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { startStandIn, type StandInProcess } from '../../src/destinations/stand-in/process.ts';
import { chromiumPath, picture, visit, type Visitor } from './chromium.ts';
import { connectAndSync, fillWizard, seed, setUp, shopOf, stage, type Shop } from './walk.ts';

/** What a hostile or careless table name could bring into an error message. */
const hostile = `<img src=x onerror="document.title='taken over'">`;

/** The statement of a load that only the events sync makes. */
const removesEvents = '^DELETE FROM "[^"]+"."klaviyo_event"';

describe.skipIf(chromiumPath === null)('when something is wrong (needs Chromium)', () => {
  let redshift: StandInProcess;
  const on = stage(async (parts) => {
    redshift = parts.use(await startStandIn('redshift'));
    return redshift.environment;
  });
  let visitor: Visitor;
  let shop: Shop;
  let orders = 40;
  let kinds: ReadonlyMap<string, DestinationKind>;

  beforeAll(async () => {
    const { browser, service } = on();
    visitor = await visit(browser, service.url);
    await setUp(visitor.page, service);
    shop = await shopOf(service);
    await seed(shop, { 'Placed Order': orders, 'Viewed Product': 25 });
    await seed(shop, { 'Opened Email': 15 }, 'newsletter');
    const { data } = await service.client.call(endpoints.listDestinations, {});
    kinds = new Map(data.map((kind) => [kind.kind, kind]));
    await visitor.page.reload();
  });

  const kindOf = (name: string): DestinationKind => {
    const kind = kinds.get(name);
    if (!kind) throw new Error(`${name} is not there`);
    return kind;
  };

  test('a wrong password of the warehouse: the step that failed, what to do, and what was typed is kept', async () => {
    const { page } = visitor;
    await fillWizard(page, kindOf('redshift'), { ...redshift.settings, password: 'not the password' });
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Unable to connect').waitFor();
    const step = page.getByRole('listitem').filter({ hasText: 'User and password are accepted' });
    await step.getByText('Failed', { exact: true }).waitFor();
    await step.getByText('password authentication failed').waitFor();
    expect(await page.getByRole('button', { name: 'Connect and start' }).count()).toBe(0);
    await picture(page, 'connect-wrong-password');
    await page.getByRole('button', { name: 'Edit credentials' }).click();
    const password = page.getByRole('textbox', { name: 'Password', exact: true });
    expect(await password.inputValue()).toBe('not the password');
    await password.fill(String(redshift.settings['password']));
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Continue' }).click();
    await connectAndSync(page);
  }, 300_000);

  test('an error that passes: its chip, its drawer with the words of the warehouse as text, and the recovery', async () => {
    const { page } = visitor;
    const error = { message: '1023', detail: `Serializable isolation violation on table ${hostile}` };
    await redshift.addFault({ match: removesEvents, times: 50, does: { kind: 'error', error } });
    await failWith(page, 'Error, will retry');
    const drawer = await openDrawer(page);
    await drawer.getByText('CONCURRENCY').waitFor();
    await drawer.getByText(hostile).waitFor();
    for (const fact of ['Summary', 'Code', 'External message', 'Date', 'What to do']) {
      await drawer.getByText(fact, { exact: true }).last().waitFor();
    }
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.title()).not.toBe('taken over');
    await picture(page, 'error-drawer');
    await drawer.getByRole('button', { name: 'Close' }).click();
    await picture(page, 'sync-error');

    await redshift.clearFaults();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('Scheduled').first().waitFor();
    await page.getByText('Recovered').waitFor();
    await page.getByRole('button', { name: 'Show errors' }).waitFor({ state: 'detached' });
  }, 300_000);

  test('a failure that a person must mend: Failed until it is re-enabled, and no row is lost', async () => {
    const { page, complaints } = visitor;
    await back(page);
    const error = { sqlState: '42501', message: 'permission denied for relation klaviyo_event' };
    await redshift.addFault({ match: removesEvents, times: 50, does: { kind: 'error', error } });
    await failWith(page, 'Failed');
    const drawer = await openDrawer(page);
    await drawer.getByText('PERMISSION_MISSING').waitFor();
    await drawer.getByText('permission denied for relation klaviyo_event').waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
    await back(page);
    await page.getByText('1 active error').waitFor();
    await picture(page, 'connection-failed');

    await redshift.clearFaults();
    await page.getByRole('button', { name: 'Re-enable' }).click();
    await page.getByText('Failed', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('link', { name: 'Events' }).click();
    await page.getByText('Recovered').first().waitFor();
    await page.getByRole('button', { expanded: false, name: /Rows/ }).first().click();
    await page.getByText('Every row is accounted for.').waitFor();
    await picture(page, 'sync-recovered');
    await back(page);
    await remove(page);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('an excluded integration and other metrics stay out of the warehouse', async () => {
    const { page, complaints } = visitor;
    await using warehouse = await openDuckdb(on().folder);
    await page.getByRole('link', { name: 'Select a connector' }).click();
    await page.getByRole('button', { name: /DuckDB/ }).click();
    await page.getByLabel('File path').fill(join(on().folder, 'warehouse.duckdb'));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await choose(page, 'Integrations to exclude', 'newsletter');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page
      .getByRole('row', { name: /klaviyo_event/ })
      .getByRole('cell', { name: String(orders + 25), exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await choose(page, 'Selective sync', 'Placed Order · API');
    await picture(page, 'connect-selection');
    for (let step = 0; step < 2; step++) await page.getByRole('button', { name: 'Continue' }).click();
    await connectAndSync(page);
    const [row] = await warehouse.ask('select count(*) as n from klaviyo_event');
    const names = await warehouse.ask(
      'select name from klaviyo_metric m join klaviyo_event e on e.metric_id = m.id group by 1',
    );
    expect([row, names]).toEqual([{ n: String(orders) }, [{ name: 'Placed Order' }]]);
    expect(complaints).toEqual([]);
  }, 300_000);

  /** One more event, sent at once, until the sync shows the status; then its page. */
  async function failWith(page: Page, status: string): Promise<void> {
    await page.getByRole('tab', { name: 'Periodic' }).click();
    orders += 1;
    await seed(shop, { 'Placed Order': orders });
    const row = page.getByRole('row').filter({ hasText: 'Events' });
    await row.getByRole('button', { name: 'Sync now' }).click();
    await row.getByText(status).waitFor({ timeout: 30_000 });
    await row.getByRole('link', { name: 'Events' }).click();
  }
});

async function openDrawer(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Show errors' }).click();
  return page.getByRole('dialog');
}

async function back(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Back to Syncing' }).click();
  await page.getByRole('tab', { name: 'Periodic' }).waitFor();
}

async function remove(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Manage' }).click();
  await page.getByRole('menuitem', { name: 'Remove integration' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('link', { name: 'Select a connector' }).waitFor();
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByLabel(field).first().click();
  await page.getByRole('option', { name: option }).click();
  await page.keyboard.press('Escape');
}

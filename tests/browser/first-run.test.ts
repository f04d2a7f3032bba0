import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chromiumPath, picture, visit } from './chromium.ts';
import { password, setUp, signIn, stage } from './walk.ts';

describe.skipIf(chromiumPath === null)('a newcomer (needs Chromium)', () => {
  const on = stage();

  test('sets up, connects a DuckDB file, watches it sync, pauses, edits and removes it', async () => {
    const { browser, service, folder } = on();
    const { page, complaints } = await visit(browser, service.url);
    await page.goto(`/set-up#${service.operatorToken}`);
    await page.getByLabel('Name of the account').waitFor();
    await picture(page, 'set-up');
    await setUp(page, service);
    await picture(page, 'syncing-empty');

    await page.getByRole('link', { name: 'Select a connector' }).click();
    await page.getByLabel('Search connectors').fill('duck');
    await page.getByRole('button', { name: /DuckDB/ }).waitFor();
    await picture(page, 'connect-1-connector');
    await page.getByRole('button', { name: /DuckDB/ }).click();
    await page.getByLabel('File path').fill(join(folder, 'missing', 'warehouse.duckdb'));
    await page.getByRole('button', { name: 'Copy: Set-up script' }).waitFor();
    await picture(page, 'connect-2-script');
    await page.getByRole('button', { name: 'Continue' }).click();
    await picture(page, 'connect-3-credentials');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Data objects').waitFor();
    await picture(page, 'connect-4-data');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Estimate of the first sync').waitFor();
    await picture(page, 'connect-5-history');
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Unable to connect').waitFor();
    expect(await page.getByText('The folder of the database file does not exist.').count()).toBe(1);
    await picture(page, 'connect-6-unable');
    await page.getByRole('button', { name: 'Edit credentials' }).click();
    await page.getByLabel('File path').fill(join(folder, 'warehouse.duckdb'));
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Every check passed.').waitFor();
    await picture(page, 'connect-6-passed');
    await page.getByRole('button', { name: 'Connect and start the first sync' }).click();

    await page.getByText('Connected. The first sync has begun.').waitFor();
    await page.getByRole('tab', { name: 'Historical' }).click();
    await page.getByText('Completed').nth(1).waitFor();
    await picture(page, 'connection-historical');
    await page.getByRole('tab', { name: 'Periodic' }).click();
    await page.getByRole('button', { name: 'Pause' }).first().click();
    await page.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Paused').waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('link', { name: 'Profiles' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.goBack();

    await page.getByRole('button', { name: 'Manage' }).click();
    await page.getByRole('menuitem', { name: 'Edit what is shared' }).click();
    await page.getByLabel('Events').uncheck();
    await picture(page, 'edit-selection');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();

    await page.getByRole('button', { name: 'Manage' }).click();
    await page.getByRole('menuitem', { name: 'Remove integration' }).click();
    await page.getByText('The tables in your warehouse stay').waitFor();
    await picture(page, 'remove');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('link', { name: 'Select a connector' }).waitFor();
    expect(complaints).toEqual([]);
  }, 300_000);

  test('invites an analyst, who looks and changes nothing; a wrong password stays outside', async () => {
    const { browser, service } = on();
    const owner = await visit(browser, service.url);
    await signIn(owner.page, 'ola@shop.example', 'not the password');
    await owner.page.getByText('The address or the password is not right.').waitFor();
    await picture(owner.page, 'sign-in-refused');
    await signIn(owner.page, 'ola@shop.example');
    await owner.page.getByRole('link', { name: 'People' }).click();
    await owner.page.getByRole('button', { name: 'Invite a person' }).click();
    await owner.page.getByLabel('E-mail address').fill('jan@shop.example');
    await owner.page.getByLabel('Analyst').check();
    await picture(owner.page, 'invite');
    await owner.page.getByRole('dialog').getByRole('button', { name: 'Invite a person' }).click();
    const link = await owner.page.getByLabel('Invitation link', { exact: true }).innerText();

    const analyst = await visit(browser, service.url);
    await analyst.page.goto(link);
    await analyst.page.getByLabel('Your name').fill('Jan');
    await analyst.page.locator('input[type=password]').fill(password);
    await picture(analyst.page, 'invitation');
    await analyst.page.getByRole('button', { name: 'Join' }).click();
    await analyst.page.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
    expect(await analyst.page.getByRole('link', { name: 'Select a connector' }).count()).toBe(0);
    expect(await analyst.page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
    await analyst.page.getByRole('link', { name: 'People' }).click();
    await analyst.page.getByText('jan@shop.example').waitFor();
    expect(await analyst.page.getByRole('button', { name: 'Invite a person' }).count()).toBe(0);
    await picture(analyst.page, 'people-analyst');

    await owner.page.getByRole('button', { name: 'Close' }).last().click();
    await owner.page.getByRole('link', { name: 'Audit log' }).click();
    await owner.page.getByText('jan@shop.example').first().waitFor();
    await picture(owner.page, 'audit');
    expect([...owner.complaints, ...analyst.complaints]).toEqual([]);
  }, 180_000);

  test('reads it all in Polish, on a phone', async () => {
    const { browser, service } = on();
    const { page, complaints } = await visit(browser, service.url, 'pl');
    await page.setViewportSize({ width: 375, height: 700 });
    await page.goto('/sign-in');
    await page.getByLabel('Adres e-mail').fill('ola@shop.example');
    await page.locator('input[type=password]').fill(password);
    await picture(page, 'sign-in-phone');
    await page.getByRole('button', { name: 'Zaloguj się' }).click();
    await page.getByRole('heading', { name: 'Synchronizacja', level: 1 }).waitFor();
    await picture(page, 'syncing-phone');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Osoby' }).click();
    await page.getByText('jan@shop.example').waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(complaints).toEqual([]);
  }, 180_000);
});

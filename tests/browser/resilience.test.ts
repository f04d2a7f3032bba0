/** What was typed outlives a restart of the server, the end of a session, and another tab's edit. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService, type DemoService } from '../../examples/demo/service.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, expectAccessible, launch, visit } from './chromium.ts';
import { password, setUp, signIn } from './walk.ts';

const secret = 'secret/access+key/only/in/memory';

describe.skipIf(chromiumPath === null)('what was typed (needs Chromium)', () => {
  const parts = new AsyncDisposableStack();
  let folder: string;
  let browser: Browser;
  let service: DemoService;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wharf-resilience-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    await start();
    parts.defer(() => service[Symbol.asyncDispose]());
    const address = await steadyAddress(() => Number(new URL(service.url).port));
    origin = address.origin;
    parts.defer(address.close);
    browser = await launch();
    parts.defer(() => browser.close());
    const { page, context } = await visit(browser, origin);
    await setUp(page, service);
    await context.close();
  });
  afterAll(() => parts.disposeAsync());

  async function start(): Promise<void> {
    service = await startService(join(folder, 'data'), {});
  }

  test('stays while the server is away, and the page goes on by itself once it is back', async () => {
    const { page, complaints } = await visit(browser, origin);
    await signIn(page, 'ola@shop.example');
    await toReview(page);
    await service[Symbol.asyncDispose]();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const banner = page.getByRole('alert').filter({ hasText: 'this page goes on by itself' });
    await banner.waitFor();
    await expectAccessible(page);
    await banner.getByRole('button', { name: 'Try again' }).click();
    await start();
    await banner.waitFor({ state: 'detached' });
    await expectTyped(page);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('stays when the session ends: its owner signs in over the page and goes on', async () => {
    const { page, context, complaints } = await visit(browser, origin);
    await signIn(page, 'ola@shop.example');
    await toReview(page);
    await context.clearCookies();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.locator('input[type=password]').fill('not the password');
    await dialog.getByRole('button', { name: 'Sign in and go on' }).click();
    await dialog.getByText('The password is not right.').waitFor();
    await expectAccessible(page);
    await dialog.locator('input[type=password]').fill(password);
    await dialog.getByRole('button', { name: 'Sign in and go on' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Unable to connect').waitFor();
    await expectTyped(page);
    expect(await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      secret,
    );
    expect(complaints).toEqual([]);
  }, 120_000);

  test('is not written over what another tab has saved', async () => {
    const account = await onlyAccount();
    const settings = { path: join(folder, 'warehouse.duckdb') };
    const selection = { objects: ['profiles' as const, 'events' as const] };
    await service.client.call(endpoints.connect, {
      params: { account },
      body: { kind: 'duckdb', settings, selection },
    });
    const { page: one, context } = await visit(browser, origin);
    await signIn(one, 'ola@shop.example');
    await one.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
    const two = await context.newPage();
    // the second tab hears of nothing by itself
    await two.route('**/live', (route) => route.abort());
    for (const page of [one, two]) {
      await page.goto(`/a/${account}/syncing`);
      await page.getByRole('link', { name: 'Open' }).click();
      await page.getByRole('button', { name: 'Manage' }).click();
      await page.getByRole('menuitem', { name: 'Edit what is shared' }).click();
      await page.getByRole('checkbox', { name: 'Events' }).waitFor();
    }
    await one.getByRole('checkbox', { name: 'Events' }).uncheck();
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByText('Saved').waitFor();

    await two.getByRole('checkbox', { name: 'Profiles' }).uncheck();
    await two.getByRole('button', { name: 'Save' }).click();
    await two.getByText('This connection was changed in the meantime').waitFor();
    await expectAccessible(two);
    expect(await two.getByRole('checkbox', { name: 'Profiles' }).isChecked()).toBe(false);
    await two.getByRole('button', { name: 'Show the present state' }).click();
    expect(await two.getByRole('checkbox', { name: 'Events' }).isChecked()).toBe(false);
    expect(await two.getByRole('checkbox', { name: 'Profiles' }).isChecked()).toBe(true);
    await two.getByRole('checkbox', { name: 'Events' }).check();
    await two.getByRole('button', { name: 'Save' }).click();
    await two.getByText('Saved').waitFor();
    const { connection } = await service.client.call(endpoints.getConnection, { params: { account } });
    expect(connection?.selection.objects.toSorted()).toEqual(['events', 'profiles']);
  }, 120_000);

  async function onlyAccount(): Promise<string> {
    const { data } = await service.client.call(endpoints.listAccounts, {});
    return data[0]?.id ?? '';
  }
});

/** The wizard, up to the last step, for a bucket that nobody serves. */
async function toReview(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Select a connector' }).click();
  await page.getByRole('button', { name: /Amazon S3/ }).click();
  await page.locator('input[name=bucket]').fill('shop-warehouse');
  await page.locator('input[name=region]').fill('eu-central-1');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('input[name=accessKeyId]').fill('AKIAEXAMPLEEXAMPLE00');
  await page.locator('input[name=secretAccessKey]').fill(secret);
  await page.locator('input[name=endpoint]').fill('http://127.0.0.1:1');
  for (const shown of ['Data objects', 'Estimate of the first sync', 'Test the connection']) {
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(shown).first().waitFor();
  }
}

/** From the last step back to the credentials. */
async function expectTyped(page: Page): Promise<void> {
  for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Back', exact: true }).click();
  expect(await page.locator('input[name=secretAccessKey]').inputValue()).toBe(secret);
  expect(await page.locator('input[name=endpoint]').inputValue()).toBe('http://127.0.0.1:1');
}

/** One address for the browser, whatever port the server has after a restart; without a server nobody answers. */
async function steadyAddress(port: () => number): Promise<{ origin: string; close: () => void }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const target = connect(port(), '127.0.0.1');
    for (const [from, to] of [
      [socket, target],
      [target, socket],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

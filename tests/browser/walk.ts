import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { ShopApi } from '../../examples/demo/api.ts';
import { recordEvents } from '../../examples/demo/load.ts';
import { startService, type DemoService } from '../../examples/demo/service.ts';
import type { DestinationKind } from '../../src/contract/destinations.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import type { Role } from '../../src/contract/roles.ts';
import { launch } from './chromium.ts';
import { mouse } from './hands.ts';

export const password = 'correct horse battery';

export interface Stage {
  readonly browser: Browser;
  readonly service: DemoService;
  readonly folder: string;
}

type Environment = Readonly<Record<string, string>>;
/** Of a warehouse, by the names of its fields. */
type Settings = Readonly<Record<string, unknown>>;

/**
 * The real service and a real browser, for one file of tests. What the service needs around it is started first, with a
 * folder for its files, and is stopped last.
 */
export function stage(
  surroundings: Environment | ((parts: AsyncDisposableStack, folder: string) => Promise<Environment>) = {},
): () => Stage {
  const parts = new AsyncDisposableStack();
  let ready: Stage | undefined;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wharf-browser-'));
    await chmod(folder, 0o711);
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const environment = typeof surroundings === 'function' ? await surroundings(parts, folder) : surroundings;
    const service = parts.use(await startService(join(folder, 'data'), { WHARF_SFTP_PORT: '0', ...environment }));
    const browser = await launch();
    parts.defer(() => browser.close());
    ready = { browser, service, folder };
  });
  afterAll(() => parts.disposeAsync());
  return () => {
    if (!ready) throw new Error('stage() may be read inside tests only');
    return ready;
  };
}

export interface Shop extends ShopApi {
  readonly account: string;
}

/** The account that the first person made, with a key for its API. */
export async function shopOf({ client, url }: DemoService): Promise<Shop> {
  const { data } = await client.call(endpoints.listAccounts, {});
  const account = data[0]?.id ?? '';
  const { key } = await client.call(endpoints.createApiKey, { params: { account }, body: { name: 'Web shop' } });
  return { account, url, key };
}

/** People and what they did, through the Klaviyo-compatible API: so many events of each metric, of ten people. */
export async function seed(shop: Shop, metrics: Readonly<Record<string, number>>, service?: string): Promise<void> {
  const events = Object.entries(metrics).flatMap(([metric, count]) =>
    Array.from({ length: count }, (_, i) => eventOf({ name: metric, ...(service && { service }) }, i)),
  );
  await recordEvents(shop, events);
}

function eventOf(metric: { name: string; service?: string }, number: number): string {
  const profile = { type: 'profile', attributes: { email: `buyer-${number % 10}@mail.example` } };
  const attributes = {
    metric: { data: { type: 'metric', attributes: metric } },
    properties: { size: 'M', ordered: number },
    value: 19.99,
    time: new Date(Date.now() - (number + 1) * 3_600_000).toISOString(),
    unique_id: `${metric.name} ${number}`,
  };
  return JSON.stringify({
    type: 'event-bulk-create',
    attributes: { profile: { data: profile }, events: { data: [{ type: 'event', attributes }] } },
  });
}

/** Through the wizard, from the connector to the last step. Settings by the labels of their fields. */
export async function fillWizard(page: Page, kind: DestinationKind, settings: Settings, hands = mouse): Promise<void> {
  await hands.press(page.getByRole('link', { name: 'Select a connector' }));
  await hands.press(page.getByRole('button', { name: kind.label }));
  await page.getByRole('button', { name: 'Copy: Set-up script' }).waitFor();
  await hands.press(page.getByRole('button', { name: 'Continue' }));
  await fillSettings(page, kind, settings, hands);
  for (const next of ['Data objects', 'How much history?', 'Test the connection']) {
    await hands.press(page.getByRole('button', { name: 'Continue' }));
    await page.getByText(next).first().waitFor();
  }
}

export async function fillSettings(
  page: Page,
  kind: DestinationKind,
  settings: Settings,
  hands = mouse,
): Promise<void> {
  for (const { name, label, input } of kind.fields) {
    const value = settings[name];
    if (value === undefined || value === null) continue;
    // required fields have a star behind their label
    const field = page.getByRole(input === 'choice' ? 'combobox' : 'textbox', { name: label, exact: true });
    if (input !== 'choice') await hands.fill(field, String(value));
    else {
      await hands.press(field);
      await hands.press(page.getByRole('option', { name: String(value), exact: true }));
    }
  }
}

/** Tests what was typed, connects, and waits for the whole history to arrive. */
export async function connectAndSync(page: Page, hands = mouse): Promise<void> {
  await hands.press(page.getByRole('button', { name: 'Test the connection' }));
  await page.getByText('Every check passed.').waitFor({ timeout: 60_000 });
  await hands.press(page.getByRole('button', { name: 'Connect and start the first sync' }));
  await page.getByText('Connected. The first sync has begun.').waitFor();
  await hands.press(page.getByRole('tab', { name: 'Historical' }));
  await page.getByText('Completed').nth(1).waitFor({ timeout: 60_000 });
}

/** The first person, through the link that the service prints. */
export async function setUp(page: Page, service: DemoService, name = 'Ola'): Promise<void> {
  await page.goto(`/set-up#${service.operatorToken}`);
  await page.getByLabel('Name of the account').fill('Corner shop');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail address').fill(`${name.toLowerCase()}@shop.example`);
  await page.locator('input[type=password]').fill(password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
}

/** Invites a person, who accepts with a password; `signIn` lets them in. */
export async function joinAs({ client }: DemoService, account: string, email: string, role: Role): Promise<void> {
  const { token } = await client.call(endpoints.invite, { params: { account }, body: { email, role } });
  await client.call(endpoints.acceptAsNew, { body: { token, name: email.split('@')[0] ?? email, password } });
}

export async function signIn(page: Page, email: string, typed = password, hands = mouse): Promise<void> {
  await page.goto('/sign-in');
  await hands.fill(page.getByLabel('E-mail address'), email);
  await hands.fill(page.locator('input[type=password]'), typed);
  await hands.press(page.getByRole('button', { name: 'Sign in' }));
}

export async function signInInPolish(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Adres e-mail').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.getByRole('button', { name: 'Zaloguj się' }).click();
}

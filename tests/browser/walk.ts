import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startService, type DemoService } from '../../examples/demo/service.ts';
import { launch } from './chromium.ts';

export const password = 'correct horse battery';

export interface Stage {
  readonly browser: Browser;
  readonly service: DemoService;
  readonly folder: string;
}

/** The real service and a real browser, for one file of tests. */
export function stage(environment: Readonly<Record<string, string>> = {}): () => Stage {
  const parts = new AsyncDisposableStack();
  let ready: Stage | undefined;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wharf-browser-'));
    await chmod(folder, 0o711);
    parts.defer(() => rm(folder, { recursive: true, force: true }));
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

export async function signIn(page: Page, email: string, typed = password): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.locator('input[type=password]').fill(typed);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

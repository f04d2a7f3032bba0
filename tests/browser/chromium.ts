/** A real browser over the real service. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';

const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine; null without one. In CI a missing one is a failure. */
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place)) ?? null;
if (chromiumPath === null && process.env['CI']) throw new Error('CI has no Chromium: .ci/run installs it');

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything the pages complained of; a test ends with it empty. */
  readonly complaints: readonly string[];
}

/** A browser of its own: cookies, language, light, and what its clock shows. */
export async function visit(
  browser: Browser,
  origin: string,
  language: 'en' | 'pl' = 'en',
  timeZone = 'UTC',
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    timezoneId: timeZone,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // refusals of the server are shown in the page; the browser logs them, too
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return { page, context, complaints };
}

/** No violation that axe knows of. */
export async function expectAccessible(page: Page): Promise<void> {
  // our own policy forbids the page to run text as a script, so it is run beside the page
  await page.evaluate(axe.source);
  // what is behind an open dialog cannot be reached
  const scope = (await page.getByRole('dialog').count()) > 0 ? '[role=dialog]' : 'html';
  const found = await page.evaluate((inside) => {
    const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
    return (globalThis as unknown as { axe: typeof axe }).axe.run(inside, rules);
  }, scope);
  const violations = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
  );
  expect(violations).toEqual([]);
}

const screens = join(import.meta.dirname, '../../docs/screens');

/** Accessible in both lights; pictures for docs/screens only when asked for, since each run would change them a little. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const light of ['dark', 'light'] as const) {
    await inLight(page, light);
    await expectAccessible(page);
  }
  if (!process.env['TAKE_SCREENS']) return;
  await mkdir(screens, { recursive: true });
  const isPhone = (page.viewportSize()?.width ?? 0) < 600;
  const before = await page.evaluate<'en' | 'pl'>('document.documentElement.lang');
  for (const language of ['en', 'pl'] as const) {
    await inLanguage(page, language);
    for (const light of isPhone ? (['light'] as const) : (['light', 'dark'] as const)) {
      await inLight(page, light);
      await writeFile(join(screens, `${name}.${language}.${light}.webp`), await webp(page));
    }
  }
  await inLanguage(page, before);
  await inLight(page, 'light');
}

/** An expression of the page: what fades or moves has arrived. */
export const stillness = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished)).then(() => undefined)`;

async function inLight(page: Page, light: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme: light, reducedMotion: 'reduce' });
  await page.locator(`html[data-mantine-color-scheme=${light}]`).waitFor();
  await page.evaluate(stillness);
}

/** The language is chosen in another tab, so that this one stays as it is, open dialogs and typed text included. */
async function inLanguage(page: Page, language: 'en' | 'pl'): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto('/favicon.svg');
  await tab.evaluate((chosen) => localStorage.setItem('wharf-language', chosen), language);
  await tab.close();
  await page.bringToFront();
  await repaint(page);
  await page.locator(`html[lang=${language}]`).waitFor();
  await settled(page);
}

/** A page that comes to the front is painted on the size of its window until its own size changes. */
async function repaint(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (!size) return;
  await page.setViewportSize({ ...size, height: size.height + 1 });
  await page.setViewportSize(size);
}

/** Nothing is waited for that the page would show. */
export async function settled(page: Page): Promise<void> {
  await page.locator('body:not(:has(.mantine-Skeleton-root, .mantine-Loader-root))').waitFor();
}

/** A quarter of the bytes that PNG takes. */
async function webp(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 45 });
  await devtools.detach();
  return Buffer.from(data, 'base64');
}

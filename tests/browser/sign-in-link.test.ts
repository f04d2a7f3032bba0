import { describe, expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, visit } from './chromium.ts';
import { setUp, stage } from './walk.ts';

describe.skipIf(chromiumPath === null)('a sign-in link (needs Chromium)', () => {
  const on = stage();

  test('opens signed in, once', async () => {
    const { browser, service } = on();
    await setUp((await visit(browser, service.url)).page, service);
    const body = { email: 'ola@shop.example' };
    const { token } = await service.client.call(endpoints.createSignInLink, { body });

    const guest = await visit(browser, service.url);
    await guest.page.goto(`/sign-in-link#${token}`);
    await guest.page.getByRole('heading', { name: 'Syncing', level: 1 }).waitFor();
    expect(guest.complaints).toEqual([]);

    const { page: second } = await visit(browser, service.url);
    await second.goto(`/sign-in-link#${token}`);
    await second.getByText('This link was used already or has ended.').waitFor();
    await second.getByRole('link', { name: 'Sign in with a password' }).click();
    await second.getByLabel('E-mail address').waitFor();
  }, 60_000);
});

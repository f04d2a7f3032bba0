import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { startReceiver, type Receiver } from '../../src/alerts/testing/receiver.ts';
import { chromiumPath, picture, visit } from './chromium.ts';
import { setUp, signInInPolish, stage } from './walk.ts';

let receiver: Receiver;
const mails: string[] = [];

describe.skipIf(chromiumPath === null)('alerts (needs Chromium)', () => {
  const on = stage(async (parts) => {
    receiver = parts.use(await startReceiver());
    return {
      WHARF_SMTP_URL: `smtp://127.0.0.1:${await mailServer(parts)}`,
      WHARF_WEBHOOKS_TO_PRIVATE_NETWORKS: 'true',
      WHARF_OUTBOUND_ADDRESSES: '198.51.100.0/28,203.0.113.7/32',
    };
  });

  test('a webhook and an e-mail address are added, corrected, tested, edited and removed', async () => {
    const { browser, service } = on();
    const { page, complaints } = await visit(browser, service.url);
    await setUp(page, service);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByText('Nobody is told yet').waitFor();
    await page.getByText('198.51.100.0/28').waitFor();
    await picture(page, 'alerts-empty');

    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill('https://no-such-host.invalid/hook');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('The host name does not resolve to an address.').waitFor();
    await picture(page, 'alerts-wrong-url');
    await dialog.getByLabel('URL').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText(/^whsec_/).waitFor();
    await picture(page, 'alerts-secret');
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    const sent = page.getByRole('region', { name: 'Sent lately' });
    await page.getByRole('button', { name: 'Send a test' }).click();
    await sent.getByText('Delivered').waitFor();
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    receiver.answer((response) => void response.writeHead(410).end('this hook is closed'));

    await page.getByRole('button', { name: 'Add an e-mail address' }).click();
    await dialog.getByLabel('E-mail address').fill('ola@shop.example');
    await dialog.getByLabel('Recoveries').uncheck();
    await dialog.getByLabel('Polski').check();
    await picture(page, 'alerts-add-email');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const row = page.getByRole('row', { name: 'ola@shop.example E-mail' });
    await row.getByRole('button', { name: 'Send a test' }).click();
    await sent.getByText('Delivered').nth(1).waitFor();
    expect(mails.join('')).toContain('ola@shop.example');

    // of its own: an address takes one test in five seconds
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await dialog.getByLabel('URL').fill(`${receiver.url}?closed`);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText(/^whsec_/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Send a test' }).last().click();
    await sent.getByText('410 this hook is closed').waitFor();
    await picture(page, 'alerts');

    await page.getByRole('button', { name: 'Edit: ola@shop.example' }).click();
    await dialog.getByLabel('Recoveries').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Recoveries').waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  }, 120_000);

  test('in Polish, on a phone', async () => {
    const { browser, service } = on();
    const { page, complaints } = await visit(browser, service.url, 'pl');
    await page.setViewportSize({ width: 375, height: 700 });
    await signInInPolish(page, 'ola@shop.example');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Powiadomienia' }).click();
    await page.getByText('Ostatnio wysłane').waitFor();
    await page.getByText('Odrzucono').waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await picture(page, 'alerts-phone');
    expect(complaints).toEqual([]);
  }, 60_000);
});

/** Resolves to its port. */
async function mailServer(parts: AsyncDisposableStack): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, done) => {
      mails.push(await text(stream));
      done();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  parts.defer(() => new Promise((done) => server.close(() => done())));
  return (server.server.address() as AddressInfo).port;
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import SftpClient from 'ssh2-sftp-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeKey, type KeyPair } from '../sftp/programs.ts';
import { chromiumPath, picture, visit, type Visitor } from './chromium.ts';
import { setUp, stage } from './walk.ts';

/** The second `Size` is doubtful, so that somebody must look; the last row cannot come in. */
const doubtful = 'Email,FirstName,Size,Size\nann@mail.example,Ann,L,38\nbob@mail.example,Bob,M,40\nnobody,Eve,S,36\n';
const plain = 'Email,FirstName,City\nann@mail.example,Anna,Łódź\ncid@mail.example,Cid,Gdańsk\n';

describe.skipIf(chromiumPath === null)('files that come in (needs Chromium)', () => {
  const on = stage();
  let visitor: Visitor;
  let key: KeyPair;

  beforeAll(async () => {
    const { browser, service, folder } = on();
    visitor = await visit(browser, service.url);
    await setUp(visitor.page, service);
    key = await makeKey(folder, 'wharf_key', ['-t', 'ed25519']);
  });

  test('three steps; a key that cannot be used gets its sentence, a good one opens the door that is shown', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Import data' }).click();
    await page.getByText('No files yet').waitFor();
    await page.getByRole('combobox', { name: 'Warehouse' }).click();
    await page.getByRole('option', { name: 'Amazon Redshift' }).click();
    await page.getByLabel('Export statement', { exact: true }).getByText('unload').waitFor();
    await picture(page, 'imports-empty');

    await page.getByRole('button', { name: 'Add SSH key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Nightly export');
    await dialog.getByLabel('Public key').fill('ssh-dss AAAAB3NzaC1kc3MAAACBAP4l somebody@somewhere');
    await dialog.getByRole('button', { name: 'Add SSH key' }).click();
    await dialog.getByText('DSA', { exact: false }).first().waitFor();
    await picture(page, 'add-key-refused');
    await dialog.getByLabel('Public key').fill(await readFile(key.publicFile, 'utf8'));
    await dialog.getByRole('button', { name: 'Add SSH key' }).click();
    await page.getByRole('cell', { name: 'Nightly export' }).waitFor();
    await page.getByText('Host key fingerprints').scrollIntoViewIfNeeded();
    await picture(page, 'imports-credentials');
  }, 180_000);

  test('a file over SFTP waits for its review; what is confirmed is what comes in, the rest is in a file with reasons', async () => {
    const { page } = visitor;
    await upload(page, key, doubtful, 'people.csv');
    await page.getByRole('link', { name: 'people.csv' }).click();
    await page.getByText('Review the columns').waitFor();
    await page.getByText('Waiting for review').waitFor();
    await choose(page, 'Becomes: FirstName', 'Title');
    const sizes = page.getByRole('row').filter({ hasText: 'Size' });
    await sizes.nth(1).getByRole('combobox', { name: 'Becomes' }).click();
    await page.getByRole('option', { name: 'Nothing (left out)' }).click();
    await picture(page, 'import-review');
    await page.getByRole('button', { name: 'Confirm and import' }).click();
    await page.getByText('Incomplete').waitFor();
    await picture(page, 'import-incomplete');

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download skipped rows' }).click();
    const skipped = await readFile(await (await downloading).path(), 'utf8');
    expect(skipped.split('\n')[1]).toMatch(/^nobody,Eve,S,36,4,Email,.*e-mail/);
  }, 180_000);

  test('a file through the browser, with a name that is no markup', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Back to imports' }).click();
    await page.getByRole('button', { name: 'Upload a CSV file' }).click();
    const file = { name: '<b>x<b>.csv', mimeType: 'text/csv', buffer: Buffer.from(plain) };
    await page.locator('input[type=file]').setInputFiles(file);
    await picture(page, 'upload');
    await page.getByRole('dialog').getByRole('button', { name: 'Upload a CSV file' }).click();
    await page.getByRole('heading', { name: file.name, level: 1 }).waitFor();
    await page.getByText('Completed').waitFor();
    await page.getByText('Updated').locator('..').getByText('1', { exact: true }).waitFor();
    await page.getByText('Created').locator('..').getByText('1', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Back to imports' }).click();
    await page.getByRole('row').filter({ hasText: file.name }).getByText('100%').waitFor();
    expect(await page.locator('main b').count()).toBe(0);
    await picture(page, 'imports');
  }, 180_000);

  test('a key that is removed opens nothing any more', async () => {
    const { page, complaints } = visitor;
    await page.getByRole('row').filter({ hasText: 'Nightly export' }).getByRole('button', { name: 'Remove' }).click();
    await picture(page, 'remove-key');
    const address = await addressOn(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('cell', { name: 'Nightly export' }).waitFor({ state: 'detached' });
    const client = new SftpClient();
    const privateKey = await readFile(key.privateFile);
    await expect(client.connect({ ...address, privateKey })).rejects.toThrow(/authentication/);
    expect(complaints).toEqual([]);
  }, 180_000);
});

interface Address {
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

/** As a person reads it from the page. */
async function addressOn(page: Page): Promise<Address> {
  const command = await page.getByLabel('Command', { exact: true }).last().innerText();
  const [, port = '', username = '', host = ''] = /-P (\d+) (?:\S+ )*?(\w+)@(\S+)/.exec(command) ?? [];
  return { host, port: Number(port), username };
}

/** With the official client of npm, which trusts the fingerprints that the page shows and no other. */
async function upload(page: Page, key: KeyPair, content: string, name: string): Promise<void> {
  const address = await addressOn(page);
  const fingerprints = await page.getByText(/^SHA256:/).allInnerTexts();
  const client = new SftpClient();
  await client.connect({
    ...address,
    privateKey: await readFile(key.privateFile),
    hostVerifier: (hostKey: Buffer) => {
      const digest = createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '');
      return fingerprints.includes(`SHA256:${digest}`);
    },
  });
  await client.put(Buffer.from(content), `profiles/${name}`);
  await client.end();
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

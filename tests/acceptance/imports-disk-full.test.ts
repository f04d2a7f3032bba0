/** A disk that is really full under the temporary folder: of an import that is worked on, and of a file sent by the browser. */
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { importRig } from '../../src/imports/testing/import-rig.ts';
import { noSmallDisk, smallDisk, type SmallDisk } from '../sftp/small-disk.ts';

const rig = importRig();
let disk: SmallDisk | null;

beforeAll(async () => {
  disk = await smallDisk(rig().deps.options.tempDir);
});
afterAll(() => disk?.[Symbol.asyncDispose]());
beforeEach((context) => {
  if (!disk) context.skip(noSmallDisk);
});
afterEach(() => disk?.empty());

test('while rows are compared: the import waits with nothing written, and goes on once there is room', async () => {
  const accountId = await rig().newAccount();
  // one person so often that what is known of the rows no longer fits into memory
  const rows = Array.from({ length: 10_000 }, (_, i) => `ola@shop.example,Ola ${i}\n`);
  const importId = await rig().accept(accountId, 'profiles', `Email,FirstName\n${rows.join('')}`);
  await disk?.fill();
  // more often than an import may fail for any other reason
  for (let tries = 0; tries < 15; tries++) await expect(rig().work(accountId, importId)).rejects.toThrow('ENOSPC');
  expect(await rig().imports.get(accountId, importId)).toMatchObject({ status: 'in_progress', trouble: null });
  expect(await rig().profiles(accountId)).toEqual([]);

  await disk?.empty();
  const over = await rig().work(accountId, importId);
  expect(over).toMatchObject({ status: 'incomplete', rows: { created: 1, skipped: 9999 } });
  expect(await rig().profiles(accountId)).toEqual([expect.objectContaining({ first_name: 'Ola 0' })]);
});

test('while the browser sends a file: it is told what to do, and no part of the file is kept', async () => {
  const accountId = await rig().newAccount();
  const { signal } = new AbortController();
  const send = () => {
    const upload = { accountId, object: 'profiles', fileName: 'a.csv', source: 'browser', by: 'Ann' } as const;
    const lines = Array.from({ length: 20 }, () => Buffer.alloc(50_000, 'Email\n'));
    return rig().imports.upload({ ...upload, mayConsent: true }, Readable.from(lines), signal);
  };
  await disk?.fill();
  await expect(send()).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    summary: 'There is no room for the uploaded file.',
    advice: expect.stringContaining(rig().deps.options.tempDir) as unknown,
  });
  expect(await readdir(rig().deps.options.tempDir)).toEqual(['fillers']);
  expect((await rig().imports.list(accountId, { size: 10 })).items).toEqual([]);

  await disk?.empty();
  expect(await send()).toMatchObject({ status: 'in_progress', fileName: 'a.csv' });
  expect(await readdir(rig().deps.options.tempDir)).toEqual(['fillers']);
});

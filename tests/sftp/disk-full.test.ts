/** A disk that is really full, under the spool and under the files of imports. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { flags, openSftp, upload } from './raw-client.ts';
import { imports, sftpRig, sha256, uploadsOf } from './rig.ts';
import { noSmallDisk, smallDisk, type SmallDisk } from './small-disk.ts';

const rig = sftpRig();
const bytes = randomBytes(1_500_000);
let disk: SmallDisk | null;

beforeAll(async () => {
  disk = await smallDisk(join(rig().folder, 'small'));
});
afterAll(() => disk?.[Symbol.asyncDispose]());
beforeEach((context) => {
  if (!disk) context.skip(noSmallDisk);
  // the spool looks at the disk every half second; here others fill it in between
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await disk?.empty();
});

const failedRequests = (): string[] => rig().logged.filter((line) => line.includes('sftp.request.failed'));

test('it fills up in the middle of a file: the write fails, others go on, and with room again the file is resumed', async () => {
  const [shop, other] = [await rig().newAccount(), await rig().newAccount()];
  const server = await rig().start({ folder: join(rig().folder, 'small', 'machine') });
  const [sftp, bystander] = [await openSftp(server.port, shop), await openSftp(server.port, other)];
  const handle = await sftp.open('/profiles/a.csv', 'w');
  await sftp.write(handle, bytes.subarray(0, 32_000), 0);
  await disk?.fill();
  await expect(sftp.write(handle, bytes.subarray(32_000, 64_000), 32_000)).rejects.toThrow('its log says why');
  expect(failedRequests().at(-1)).toContain('ENOSPC');
  // as clients do: the error is told, and the file closed
  await sftp.close(handle);
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 32_000 }]);
  expect(await bystander.list('/profiles')).toEqual([]);

  await disk?.empty();
  const again = await sftp.open('/profiles/a.csv', flags.write);
  for (let at = 32_000; at < bytes.length; at += 32_000) await sftp.write(again, bytes.subarray(at, at + 32_000), at);
  await sftp.close(again);
  const [file] = await imports(rig(), shop, 1);
  expect(file?.sha256).toBe(sha256(bytes));
  await Promise.all([sftp.end(), bystander.end()]);
  await server.stop();
});

test('it fills up before a file can be made: with room again the same name is taken', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ folder: join(rig().folder, 'small', 'machine') });
  const sftp = await openSftp(server.port, shop);
  await disk?.fill();
  await expect(sftp.open('/profiles/a.csv', 'w')).rejects.toThrow('its log says why');
  expect(failedRequests().at(-1)).toContain('ENOSPC');
  await disk?.empty();
  await upload(sftp, '/profiles/a.csv', bytes);
  const [file] = await imports(rig(), shop, 1);
  expect(file?.sha256).toBe(sha256(bytes));
  await sftp.end();
  await server.stop();
});

test('it fills up under the files of imports: what was closed waits, and is handed over once there is room', async () => {
  const shop = await rig().newAccount();
  await using kept = await smallDisk(join(rig().folder, 'imports'));
  const server = await rig().start();
  const sftp = await openSftp(server.port, shop);
  await kept?.fill();
  await upload(sftp, '/events/a.csv', bytes);
  const notHandedOver = (): boolean =>
    rig().logged.some((line) => line.includes('sftp.upload.not-handed-over') && line.includes('ENOSPC'));
  await expect.poll(notHandedOver, { timeout: 20_000 }).toBe(true);
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'taken', bytes: bytes.length }]);
  await kept?.empty();
  // at once instead of after half a minute
  await rig().db.query('update sftp_upload set due_at = now() where account_id = $1', [shop.accountId]);
  const [file] = await imports(rig(), shop, 1);
  expect(file).toMatchObject({ object: 'events', sha256: sha256(bytes) });
  await sftp.end();
  await server.stop();
});

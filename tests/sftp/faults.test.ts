/** What breaks on the way: clients, servers, keys, disks. Nothing is lost that was promised, and nothing is imported that is not whole. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeSshKey } from '../../src/store/ssh-keys.ts';
import { isThere, run, start } from './programs.ts';
import { flags, openSftp, upload, type RawSftp } from './raw-client.ts';
import { importedFiles, imports, sftpRig, sha256, uploadsOf, type Shop } from './rig.ts';
import { serverProcess } from './server-process.ts';

const rig = sftpRig();
const bytes = randomBytes(3_000_000);

async function writePart(sftp: RawSftp, handle: Buffer, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 32_000)
    await sftp.write(handle, bytes.subarray(at, Math.min(to, at + 32_000)), at);
}

/** How much of a file there is, in a session of its own. */
async function sizeOf(port: number, shop: Shop, path: string): Promise<number> {
  const sftp = await openSftp(port, shop);
  const { size } = await sftp.stat(path).catch(() => ({ size: 0 }));
  await sftp.end();
  return size;
}

async function resume(port: number, shop: Shop, path: string): Promise<void> {
  const sftp = await openSftp(port, shop);
  const { size } = await sftp.stat(path);
  const handle = await sftp.open(path, flags.write);
  await writePart(sftp, handle, size, bytes.length);
  await sftp.close(handle);
  await sftp.end();
}

test.runIf(isThere('sftp'))(
  'OpenSSH killed in the middle: the part stays, is not imported, and is resumed',
  async () => {
    const shop = await rig().newAccount();
    const folder = join(rig().folder, shop.user);
    await mkdir(folder);
    const file = join(folder, 'big.csv');
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(file, bytes);
    await writeFile(knownHosts, rig().knownHosts);
    const ssh = [
      '-F',
      'none',
      '-i',
      shop.key.privateFile,
      '-o',
      'BatchMode=yes',
      '-o',
      `UserKnownHostsFile=${knownHosts}`,
    ];
    const place = `${shop.user}@127.0.0.1`;
    const args = ['-q', ...ssh, '-P', String(rig().port), '-b', '-', place];

    const killed = start('sftp', ['-l', '16000', ...args]);
    killed.stdin?.end(`put ${file} profiles/big.csv\n`);
    const gone = new Promise((done) => killed.once('exit', done));
    await expect
      .poll(() => sizeOf(rig().port, shop, '/profiles/big.csv'), { timeout: 20_000 })
      .toBeGreaterThan(500_000);
    killed.kill('SIGKILL');
    await gone;
    await expect
      .poll(() => rig().logged.some((line) => line.includes('sftp.upload.interrupted') && line.includes(shop.user)))
      .toBe(true);
    const [part] = await uploadsOf(rig(), shop);
    expect(part?.state).toBe('partial');
    expect(part?.bytes).toBeGreaterThan(500_000);
    expect(part?.bytes).toBeLessThan(bytes.length);

    const resumed = await run('sftp', args, { input: `reput ${file} profiles/big.csv\n` });
    expect(resumed).toMatchObject({ code: 0, err: '' });
    const files = await imports(rig(), shop, 1);
    expect(files[0]?.sha256).toBe(sha256(bytes));
  },
);

test('the server killed in the middle: what it had noted is resumed', async () => {
  const shop = await rig().newAccount();
  {
    await using server = await serverProcess(rig());
    const sftp = await openSftp(server.port, shop);
    const handle = await sftp.open('/events/e.csv', 'w');
    await writePart(sftp, handle, 0, 1_500_000);
    // noted every few seconds; what comes after that is sent again
    await expect.poll(async () => (await uploadsOf(rig(), shop))[0]?.bytes, { timeout: 20_000 }).toBe(1_500_000);
    await writePart(sftp, handle, 1_500_000, 2_000_000);
    await server.kill();
    await sftp.gone;
  }
  await using server = await serverProcess(rig());
  await resume(server.port, shop, '/events/e.csv');
  const files = await imports(rig(), shop, 1);
  expect(files[0]).toMatchObject({ object: 'events', sha256: sha256(bytes) });
});

test('the server killed after a file was closed: it is imported by the next one, once', async () => {
  const shop = await rig().newAccount();
  {
    await using server = await serverProcess(rig(), { WHARF_SFTP_QUIET_SECONDS: '2' });
    const sftp = await openSftp(server.port, shop);
    await upload(sftp, '/profiles/closed.csv', bytes);
    await server.kill();
  }
  expect(await importedFiles(rig(), shop)).toEqual([]);
  await using server = await serverProcess(rig());
  const files = await imports(rig(), shop, 1);
  expect(files[0]?.sha256).toBe(sha256(bytes));
  expect(await sizeOf(server.port, shop, '/profiles/closed.csv')).toBe(bytes.length);
});

test('a disk that lost bytes in a power failure: the file is unfinished again', async () => {
  const shop = await rig().newAccount();
  const first = await rig().start({ quietSeconds: 3600 });
  const sftp = await openSftp(first.port, shop);
  await upload(sftp, '/profiles/short.csv', bytes);
  await sftp.end();
  await first.stop();
  const [name = ''] = await readdir(join(first.folder, 'spool'));
  await writeFile(join(first.folder, 'spool', name), bytes.subarray(0, 1_000_000));

  const second = await rig().start({ folder: first.folder });
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 1_000_000 }]);
  await resume(second.port, shop, '/profiles/short.csv');
  const files = await imports(rig(), shop, 1);
  expect(files[0]?.sha256).toBe(sha256(bytes));
});

test('a crash between a row and its file: the file is there, empty, after the next start', async () => {
  const shop = await rig().newAccount();
  const first = await rig().start();
  const sftp = await openSftp(first.port, shop);
  await sftp.close(await sftp.open('/profiles/a.tmp', 'w'));
  await sftp.end();
  await first.stop();
  const [name = ''] = await readdir(join(first.folder, 'spool'));
  await rm(join(first.folder, 'spool', name));
  const second = await rig().start({ folder: first.folder });
  await resume(second.port, shop, '/profiles/a.tmp');
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'closed', bytes: bytes.length }]);
});

test('a key that is removed ends its sessions at once; the file is kept, and no other key is touched', async () => {
  const [shop, other] = [await rig().newAccount(), await rig().newAccount()];
  const [sftp, bystander] = [await openSftp(rig().port, shop), await openSftp(rig().port, other)];
  const handle = await sftp.open('/profiles/a.csv', 'w');
  await writePart(sftp, handle, 0, 320_000);
  await removeSshKey(rig().db, shop.accountId, shop.keyId);
  await sftp.gone;
  await expect(sftp.write(handle, bytes, 0)).rejects.toThrow('the connection ended');
  await expect.poll(() => uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 320_000 }]);
  await expect(openSftp(rig().port, shop)).rejects.toThrow('authentication methods failed');
  expect(await bystander.list('/')).toEqual(['events', 'profiles']);
  await bystander.end();
});

test('a key that vanishes without a word (its account was removed) is missed by the next inspection', async () => {
  const shop = await rig().newAccount();
  const sftp = await openSftp(rig().port, shop);
  await rig().db.query('delete from ssh_key where account_id = $1', [shop.accountId]);
  await sftp.gone;
}, 30_000);

test('a server that stops puts away what is open', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start();
  const sftp = await openSftp(server.port, shop);
  const handle = await sftp.open('/profiles/a.csv', 'w');
  await writePart(sftp, handle, 0, 640_000);
  await server.stop();
  await sftp.gone;
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 640_000 }]);
});

test('a file that meets a quota is refused, and what there is of it is never imported', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ quota: { fileBytes: 1_000_000, accountBytes: 2_500_000 } });
  const sftp = await openSftp(server.port, shop);
  const handle = await sftp.open('/profiles/large.csv', 'w');
  await sftp.write(handle, bytes.subarray(0, 32_000), 0);
  await expect(sftp.write(handle, Buffer.from('x'), 1_000_000)).rejects.toThrow('Quota exceeded');
  // as clients do: the error is told, and the file closed
  await sftp.close(handle);
  await upload(sftp, '/profiles/small.csv', bytes.subarray(0, 1_000_000));
  await imports(rig(), shop, 1);
  expect(await uploadsOf(rig(), shop)).toContainEqual(
    expect.objectContaining({ path: '/profiles/large.csv', state: 'partial', bytes: 32_000 }),
  );

  // of the account: what waits counts, what is imported does not
  await expect
    .poll(async () => (await uploadsOf(rig(), shop)).map(({ state }) => state))
    .toEqual(['partial', 'imported']);
  await upload(sftp, '/profiles/a.tmp', bytes.subarray(0, 1_000_000));
  await upload(sftp, '/profiles/b.tmp', bytes.subarray(0, 1_000_000));
  await expect(upload(sftp, '/profiles/c.tmp', bytes.subarray(0, 900_000))).rejects.toThrow('Quota exceeded');
  await sftp.unlink('/profiles/a.tmp');
  await upload(sftp, '/profiles/c.tmp', bytes.subarray(0, 900_000));
  await sftp.end();
});

test('a disk that is nearly full takes nothing more', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ keepFree: 1e15 });
  const sftp = await openSftp(server.port, shop);
  const handle = await sftp.open('/profiles/a.csv', 'w');
  await expect(sftp.write(handle, bytes.subarray(0, 1000), 0)).rejects.toThrow('Quota exceeded');
  await sftp.close(handle);
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 0 }]);
  await sftp.end();
});

test('two machines serve one account: names are shared, the bytes are with the one that took them', async () => {
  const shop = await rig().newAccount();
  const other = await rig().start();
  const [here, there] = [await openSftp(rig().port, shop), await openSftp(other.port, shop)];
  const handle = await here.open('/profiles/part.csv', 'w');
  await writePart(here, handle, 0, 320_000);
  await here.end();
  await expect.poll(() => uploadsOf(rig(), shop)).toMatchObject([{ state: 'partial', bytes: 320_000 }]);

  expect((await there.stat('/profiles/part.csv')).size).toBe(320_000);
  await expect(there.open('/profiles/part.csv', flags.write | flags.append)).rejects.toThrow(
    'Another server has the first part',
  );
  await there.rename('/profiles/part.csv', '/profiles/whole.csv');
  await upload(there, '/profiles/whole.csv', bytes);
  await upload(there, '/profiles/whole.tmp', Buffer.from('old'));
  const back = await openSftp(rig().port, shop);
  await back.unlink('/profiles/whole.tmp');
  const files = await imports(rig(), shop, 1);
  expect(files[0]).toMatchObject({ name: 'whole.csv', sha256: sha256(bytes) });
  await Promise.all([there.end(), back.end()]);
  await other.stop();
  // what nobody names any more is swept when its machine starts again
  expect(await readdir(join(other.folder, 'spool'))).toHaveLength(1);
  const again = await rig().start({ folder: other.folder });
  expect(await readdir(join(other.folder, 'spool'))).toEqual([]);
  await again.stop();
});

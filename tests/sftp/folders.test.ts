/** The folders of an account: what is there, what is imported and when, and what happens to files that change meanwhile. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flags, openSftp, upload, type RawSftp } from './raw-client.ts';
import { importedFiles, imports, sftpRig, sha256, uploadsOf, type Shop } from './rig.ts';

const rig = sftpRig();

async function visitor(): Promise<{ shop: Shop; sftp: RawSftp }> {
  const shop = await rig().newAccount();
  return { shop, sftp: await openSftp(rig().port, shop) };
}

const spooled = (machine = 'machine-1'): Promise<string[]> => readdir(join(rig().folder, machine, 'spool'));

/** Uploads another file and waits until it is imported: by then the quiet time of all that came before is over, too. */
async function quietTimePasses({ shop, sftp }: { shop: Shop; sftp: RawSftp }): Promise<void> {
  const before = (await importedFiles(rig(), shop)).length;
  await upload(sftp, '/events/witness.csv', Buffer.from('x'));
  await expect
    .poll(async () => (await importedFiles(rig(), shop)).some((file) => file.name === 'witness.csv'), {
      timeout: 20_000,
    })
    .toBe(true);
  expect((await importedFiles(rig(), shop)).length).toBe(before + 1);
}

test('two folders and nothing else', async () => {
  const { sftp } = await visitor();
  expect(await sftp.list('/')).toEqual(['events', 'profiles']);
  expect(await sftp.realpath('.')).toBe('/');
  expect(await sftp.realpath('profiles/../events/x/')).toBe('/events/x');
  for (const path of ['/', '/profiles', '/events/']) expect((await sftp.stat(path)).isDirectory()).toBe(true);
  await expect(sftp.mkdir('/profiles')).rejects.toThrow('The folder exists');
  await expect(sftp.mkdir('/other')).rejects.toThrow('Files go into profiles/ or events/');
  await expect(sftp.rmdir('/profiles')).rejects.toThrow('Permission denied');
  await expect(sftp.stat('/other')).rejects.toThrow('No such file');
  await expect(sftp.list('/profiles/x')).rejects.toThrow('No such file');
  await expect(sftp.open('/top.csv', 'w')).rejects.toThrow('Files go into profiles/ or events/');
  await expect(sftp.open('/profiles', 'w')).rejects.toThrow('Is a folder');
  await expect(sftp.unlink('/events')).rejects.toThrow('Permission denied');
  await sftp.end();
});

test('what was uploaded stays listed with size and time, cannot be read back, and belongs to one account', async () => {
  const { shop, sftp } = await visitor();
  const bytes = randomBytes(100_000);
  await upload(sftp, 'profiles/Żółć 😀.csv', bytes);
  await sftp.setstat('profiles/Żółć 😀.csv', { atime: 1_600_000_000, mtime: 1_600_000_000 });
  const [file] = await imports(rig(), shop, 1);
  expect(file).toEqual({
    object: 'profiles',
    name: 'Żółć 😀.csv',
    bytes: 100_000,
    by: 'Ola',
    mayConsent: false,
    sha256: sha256(bytes),
  });
  await expect.poll(() => uploadsOf(rig(), shop)).toMatchObject([{ state: 'imported' }]);
  const { size, mtime } = await sftp.stat('profiles/Żółć 😀.csv');
  expect([size, mtime]).toEqual([100_000, 1_600_000_000]);
  expect(await sftp.list('profiles')).toEqual(['Żółć 😀.csv']);
  await expect(sftp.read('profiles/Żółć 😀.csv')).rejects.toThrow('Files cannot be read back');
  const other = await visitor();
  expect(await other.sftp.list('profiles')).toEqual([]);
  await expect(other.sftp.stat('profiles/Żółć 😀.csv')).rejects.toThrow('No such file');
  await Promise.all([sftp.end(), other.sftp.end()]);
  await expect.poll(() => spooled()).toEqual([]);
});

test('folders of thousands are listed whole', async () => {
  const { shop, sftp } = await visitor();
  await rig().db.query(
    `insert into sftp_upload (account_id, id, folder, name, state, machine, modified_at, written_at, key_id, owner, may_consent)
     select $1, 'made-' || n, 'events', 'file-' || lpad(n::text, 5, '0') || '.csv', 'imported', 'm', now(), now(), 'k', 'o', false
     from generate_series(1, 2000) n`,
    [shop.accountId],
  );
  const names = await sftp.list('/events');
  expect([names.length, new Set(names).size, names[0], names.at(-1)]).toEqual([
    2000,
    2000,
    'file-00001.csv',
    'file-02000.csv',
  ]);
  await sftp.end();
});

test('other names wait for their rename', async () => {
  const { shop, sftp } = await visitor();
  const waiting = ['.in.a.csv', 'a.csv.filepart', 'b.partial', 'notes.txt', 'c.csv.tmp'];
  for (const name of waiting) await upload(sftp, `profiles/${name}`, Buffer.from(name));
  await quietTimePasses({ shop, sftp });
  await sftp.rename('profiles/c.csv.tmp', 'events/c.CSV');
  await sftp.replace('profiles/b.partial', 'profiles/b.csv');
  const files = await imports(rig(), shop, 3);
  expect(files.map(({ object, name, sha256: hash }) => [object, name, hash])).toEqual([
    ['profiles', 'b.csv', sha256(Buffer.from('b.partial'))],
    ['events', 'c.CSV', sha256(Buffer.from('c.csv.tmp'))],
    ['events', 'witness.csv', sha256(Buffer.from('x'))],
  ]);
  await sftp.end();
});

test('a rename replaces only when it is meant to', async () => {
  const { shop, sftp } = await visitor();
  await upload(sftp, 'profiles/a.tmp', Buffer.from('a'));
  await upload(sftp, 'profiles/b.tmp', Buffer.from('b'));
  await expect(sftp.rename('profiles/a.tmp', 'profiles/b.tmp')).rejects.toThrow('File exists');
  await expect(sftp.rename('profiles/none.tmp', 'profiles/c.tmp')).rejects.toThrow('No such file');
  await expect(sftp.rename('profiles/a.tmp', 'a.csv')).rejects.toThrow('Files go into profiles/ or events/');
  await sftp.rename('profiles/a.tmp', 'profiles/a.tmp');
  await sftp.replace('profiles/a.tmp', 'profiles/b.tmp');
  expect(await uploadsOf(rig(), shop)).toMatchObject([{ path: '/profiles/b.tmp', bytes: 1 }]);
  await sftp.end();
});

test('a file that is opened again, or removed, within the quiet time is not imported as it was', async () => {
  const { shop, sftp } = await visitor();
  await upload(sftp, 'profiles/removed.csv', Buffer.from('gone'));
  await sftp.unlink('profiles/removed.csv');
  await upload(sftp, 'profiles/again.csv', Buffer.from('first half, '));
  const handle = await sftp.open('profiles/again.csv', flags.write | flags.append);
  await quietTimePasses({ shop, sftp });
  await sftp.write(handle, Buffer.from('second half'), 0);
  await sftp.close(handle);
  const files = await imports(rig(), shop, 2);
  expect(files[0]).toMatchObject({ name: 'again.csv', sha256: sha256(Buffer.from('first half, second half')) });
  await sftp.end();
});

test('a file with gaps is not imported until they are filled, in whatever order', async () => {
  const { shop, sftp } = await visitor();
  const bytes = randomBytes(50_000);
  const handle = await sftp.open('profiles/gaps.csv', 'w');
  await sftp.write(handle, bytes.subarray(40_000), 40_000);
  await sftp.write(handle, bytes.subarray(0, 10_000), 0);
  await sftp.close(handle);
  await quietTimePasses({ shop, sftp });
  expect(await uploadsOf(rig(), shop)).toContainEqual(
    expect.objectContaining({ path: '/profiles/gaps.csv', state: 'partial', bytes: 50_000 }),
  );
  const again = await sftp.open('profiles/gaps.csv', flags.write);
  await sftp.write(again, bytes.subarray(9000, 41_000), 9000);
  await sftp.close(again);
  const files = await imports(rig(), shop, 2);
  expect(files[0]).toMatchObject({ name: 'gaps.csv', sha256: sha256(bytes) });
  await sftp.end();
});

test('a file is cut where the client says, by name and by handle', async () => {
  const { shop, sftp } = await visitor();
  await upload(sftp, 'profiles/cut.tmp', Buffer.from('0123456789'));
  await sftp.setstat('profiles/cut.tmp', { size: 4 });
  expect((await sftp.stat('profiles/cut.tmp')).size).toBe(4);
  const handle = await sftp.open('profiles/cut.tmp', flags.write);
  await sftp.write(handle, Buffer.from('abcdef'), 4);
  await sftp.setstat('profiles/cut.tmp', { size: 7 });
  await sftp.close(handle);
  await sftp.rename('profiles/cut.tmp', 'profiles/cut.csv');
  const files = await imports(rig(), shop, 1);
  expect(files[0]).toMatchObject({ bytes: 7, sha256: sha256(Buffer.from('0123abc')) });
  await sftp.end();
});

test('an imported file can be replaced, and never continued', async () => {
  const { shop, sftp } = await visitor();
  await upload(sftp, 'profiles/a.csv', Buffer.from('1234'));
  await imports(rig(), shop, 1);
  await expect.poll(() => uploadsOf(rig(), shop)).toMatchObject([{ state: 'imported' }]);
  for (const mode of [flags.write, flags.write | flags.append | flags.create]) {
    await expect(sftp.open('profiles/a.csv', mode)).rejects.toThrow('has been imported');
  }
  await expect(sftp.open('profiles/a.csv', 'wx')).rejects.toThrow('File exists');
  await expect(sftp.setstat('profiles/a.csv', { size: 2 })).rejects.toThrow('has been imported');
  const handle = await sftp.open('profiles/a.csv', flags.write | flags.create);
  await expect(sftp.write(handle, Buffer.from('5678'), 4)).rejects.toThrow('has been imported');
  await sftp.write(handle, Buffer.from('abcd'), 0);
  await sftp.close(handle);
  const files = await imports(rig(), shop, 2);
  expect(files.map((file) => file.sha256)).toEqual([sha256(Buffer.from('1234')), sha256(Buffer.from('abcd'))]);
  await sftp.unlink('profiles/a.csv');
  expect(await sftp.list('profiles')).toEqual([]);
  await sftp.end();
});

test('a file of which another session takes over is that session’s; what the first one still sends is refused', async () => {
  const { shop, sftp: first } = await visitor();
  const bytes = randomBytes(60_000);
  const lost = await first.open('profiles/a.csv', 'w');
  await first.write(lost, bytes.subarray(0, 30_000), 0);

  const second = await openSftp(rig().port, shop);
  expect((await second.stat('profiles/a.csv')).size).toBe(30_000);
  const handle = await second.open('profiles/a.csv', flags.write | flags.append);
  await second.write(handle, bytes.subarray(30_000), 30_000);
  await expect(first.write(lost, Buffer.from('late'), 10)).rejects.toThrow('Another session has opened the file');
  await second.close(handle);
  await first.end();
  const [file] = await imports(rig(), shop, 1);
  expect(file?.sha256).toBe(sha256(bytes));
  await second.end();
});

test('old uploads are forgotten, unfinished and imported ones alike', async () => {
  const { shop, sftp } = await visitor();
  await upload(sftp, 'profiles/old.tmp', Buffer.from('old'));
  await sftp.end();
  await rig().db.query(`update sftp_upload set written_at = now() - interval '8 days' where account_id = $1`, [
    shop.accountId,
  ]);
  const other = await rig().start();
  await expect.poll(() => uploadsOf(rig(), shop)).toEqual([]);
  await other.stop();
});

/** Every common client uploads, lists, resumes and renames, without a word on standard error, and what arrives is what was sent. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { isThere, run, type Ended } from './programs.ts';
import { imports, sftpRig, sha256, type Shop } from './rig.ts';

const rig = sftpRig();

const big = randomBytes(6_000_000);
const half = big.subarray(0, 2_500_000);
let folder: string;
let bigFile: string;
let halfFile: string;
let emptyFile: string;
let knownHosts: string;

beforeAll(async () => {
  folder = rig().folder;
  [bigFile, halfFile, emptyFile, knownHosts] = ['big.csv', 'half.csv', 'empty.csv', 'known_hosts'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await writeFile(bigFile, big);
  await writeFile(halfFile, half);
  await writeFile(emptyFile, '');
  await writeFile(knownHosts, rig().knownHosts);
});

const ssh = (shop: Shop): string[] => [
  '-F',
  'none',
  '-i',
  shop.key.privateFile,
  ...['IdentitiesOnly=yes', 'BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`].flatMap(
    (option) => ['-o', option],
  ),
];

const wentWell = (ended: Ended): void => expect(ended).toMatchObject({ code: 0, err: '' });

/** Files that arrived in `profiles`, by name, as hashes. */
async function arrived(shop: Shop, names: readonly string[]): Promise<void> {
  const files = await imports(rig(), shop, names.length);
  const sent: Readonly<Record<string, Buffer>> = { 'empty.csv': Buffer.alloc(0), 'half.csv': half };
  const hash = (name: string): string => sha256(sent[name] ?? big);
  expect(files.map(({ name, sha256: found, object, by }) => [object, name, found, by])).toEqual(
    [...names].sort().map((name) => ['profiles', name, hash(name), 'Ola']),
  );
}

const all = ['big.csv', 'empty.csv', 'resumed.csv'] as const;

describe.runIf(isThere('sftp'))('OpenSSH', () => {
  const sftp = (shop: Shop, batch: readonly string[]): Promise<Ended> =>
    run('sftp', ['-q', '-P', String(rig().port), ...ssh(shop), '-b', '-', `${shop.user}@127.0.0.1`], {
      input: `${batch.join('\n')}\n`,
    });

  test('sftp', async () => {
    const shop = await rig().newAccount();
    const uploaded = await sftp(shop, [
      'cd profiles',
      `put ${bigFile}`,
      `put ${emptyFile}`,
      `put ${halfFile} big.tmp`,
      'ls -l',
    ]);
    wentWell(uploaded);
    expect(uploaded.out).toMatch(/ 6000000 .* big\.csv\n.* 2500000 .* big\.tmp\n.* 0 .* empty\.csv\n/);
    wentWell(await sftp(shop, [`reput ${bigFile} profiles/big.tmp`, 'rename profiles/big.tmp profiles/resumed.csv']));
    await arrived(shop, all);
    const listed = await sftp(shop, ['ls -1 profiles', 'df -h']);
    wentWell(listed);
    expect(listed.out).toMatch(/profiles\/big\.csv\nprofiles\/empty\.csv\nprofiles\/resumed\.csv\n/);
  });

  test('sftp with times kept, synced to the disk, compression asked for and keys renewed on the way', async () => {
    const shop = await rig().newAccount();
    const args = ['-q', '-C', '-o', 'RekeyLimit=1M', '-P', String(rig().port), ...ssh(shop), '-b', '-'];
    const input = `put -fp ${bigFile} profiles/big.csv\nls -l profiles\n`;
    wentWell(await run('sftp', [...args, `${shop.user}@127.0.0.1`], { input }));
    await arrived(shop, ['big.csv']);
  });

  test.runIf(isThere('scp'))('scp, the same file twice', async () => {
    const shop = await rig().newAccount();
    const scp = (...files: string[]): Promise<Ended> =>
      run('scp', ['-q', '-p', '-P', String(rig().port), ...ssh(shop), ...files, `${shop.user}@127.0.0.1:profiles/`]);
    wentWell(await scp(bigFile, emptyFile));
    await arrived(shop, ['big.csv', 'empty.csv']);
    wentWell(await scp(bigFile));
    const files = await imports(rig(), shop, 3);
    expect(files.filter((file) => file.sha256 === sha256(big))).toHaveLength(2);
  });

  test('a command, a shell and the old scp are told what this server is for', async () => {
    const shop = await rig().newAccount();
    const place = `${shop.user}@127.0.0.1`;
    const port = String(rig().port);
    for (const command of [['ls', '-l'], []]) {
      const ended = await run('ssh', ['-T', '-p', port, ...ssh(shop), place, ...command]);
      expect(ended).toEqual({ code: 1, out: '', err: 'This server speaks SFTP only.\n' });
    }
    const old = await run('scp', ['-O', '-P', port, ...ssh(shop), bigFile, `${place}:profiles/`]);
    expect([old.code, old.err]).toEqual([1, expect.stringContaining('This server speaks SFTP only.')]);
  });
});

test.runIf(isThere('lftp'))('lftp', async () => {
  const shop = await rig().newAccount();
  const lftp = (...commands: string[]): Promise<Ended> => {
    const connect = `set sftp:connect-program "ssh -a -x ${ssh(shop).join(' ')}"; set cmd:fail-exit yes; set net:max-retries 1`;
    const open = `open -u ${shop.user},none -p ${rig().port} sftp://127.0.0.1`;
    return run('lftp', ['--norc', '-c', [connect, open, ...commands].join('; ')], { env: { HOME: folder } });
  };
  const uploaded = await lftp(
    'cd profiles',
    `put ${bigFile}`,
    `put ${emptyFile}`,
    `put ${halfFile} -o big.tmp`,
    'cls -l',
  );
  wentWell(uploaded);
  expect(uploaded.out).toMatch(/ 6000000 .*big\.csv\n.* 2500000 .*big\.tmp\n.* 0 .*empty\.csv\n/);
  // under a name of its own, then renamed
  wentWell(await lftp('set xfer:use-temp-file on', 'cd profiles', `put ${halfFile} -o half.csv`));
  wentWell(await lftp(`put -c ${bigFile} -o profiles/big.tmp`, 'mv profiles/big.tmp profiles/resumed.csv'));
  await arrived(shop, [...all, 'half.csv']);
});

test.runIf(isThere('curl'))('curl', async () => {
  const shop = await rig().newAccount();
  const curl = (path: string, ...args: string[]): Promise<Ended> => {
    const login = ['--key', shop.key.privateFile, '--pubkey', shop.key.publicFile, '-u', `${shop.user}:`];
    return run('curl', ['-q', '-sS', ...login, '-k', ...args, `sftp://127.0.0.1:${rig().port}/${path}`]);
  };
  wentWell(await curl('profiles/', '-T', bigFile));
  wentWell(await curl('profiles/', '-T', emptyFile));
  wentWell(await curl('profiles/big.tmp', '-T', halfFile));
  const listed = await curl('profiles/');
  wentWell(listed);
  expect(listed.out).toMatch(/ 6000000 .* big\.csv\n.* 2500000 .* big\.tmp\n.* 0 .* empty\.csv\n/);
  wentWell(await curl('profiles/big.tmp', '-C', '-', '-T', bigFile));
  wentWell(await curl('', '-l', '-Q', 'rename /profiles/big.tmp /profiles/resumed.csv'));
  await arrived(shop, all);
});

test.runIf(isThere('rclone'))('rclone, which cannot resume', async () => {
  const shop = await rig().newAccount();
  const rclone = (...args: string[]): Promise<Ended> => {
    const login = ['--sftp-host', '127.0.0.1', '--sftp-port', String(rig().port), '--sftp-user', shop.user];
    const keys = ['--sftp-key-file', shop.key.privateFile, '--sftp-known-hosts-file', knownHosts];
    return run('rclone', ['--config', '/dev/null', '-q', ...login, ...keys, ...args], { env: { HOME: folder } });
  };
  wentWell(await rclone('copy', bigFile, ':sftp:profiles'));
  wentWell(await rclone('copy', emptyFile, ':sftp:profiles'));
  wentWell(await rclone('copyto', bigFile, ':sftp:profiles/big.tmp'));
  const listed = await rclone('lsl', ':sftp:profiles');
  wentWell(listed);
  expect(listed.out).toMatch(/^ *6000000 .* big\.csv$/m);
  wentWell(await rclone('moveto', ':sftp:profiles/big.tmp', ':sftp:profiles/resumed.csv'));
  await arrived(shop, all);
});

test.runIf(isThere('rclone'))('rclone with many files on several connections at once', async () => {
  const shop = await rig().newAccount();
  const login = ['--sftp-host', '127.0.0.1', '--sftp-port', String(rig().port), '--sftp-user', shop.user];
  const keys = ['--sftp-key-file', shop.key.privateFile, '--sftp-known-hosts-file', knownHosts];
  const source = join(folder, 'many');
  const names = Array.from({ length: 20 }, (_, i) => `part-${String(i).padStart(2, '0')}.csv`);
  await run('mkdir', [source]);
  for (const name of names) await writeFile(join(source, name), big.subarray(0, 500_000));
  wentWell(
    await run(
      'rclone',
      ['--config', '/dev/null', '-q', '--transfers', '8', ...login, ...keys, 'copy', source, ':sftp:events'],
      {
        env: { HOME: folder },
      },
    ),
  );
  const files = await imports(rig(), shop, 20);
  expect(files.map((file) => file.name)).toEqual(names);
  expect(new Set(files.map((file) => file.sha256))).toEqual(new Set([sha256(big.subarray(0, 500_000))]));
});

const paramiko = `
import sys, paramiko
host, port, user, key, big, half, empty = sys.argv[1:]
client = paramiko.SSHClient()
client.load_host_keys('KNOWN_HOSTS')
client.connect(host, int(port), user, pkey=paramiko.Ed25519Key.from_private_key_file(key), look_for_keys=False, allow_agent=False)
sftp = client.open_sftp()
sftp.chdir('profiles')
sftp.put(big, 'big.csv')
sftp.put(empty, 'empty.csv')
sftp.put(half, 'big.tmp')
print([(entry.filename, entry.st_size) for entry in sorted(sftp.listdir_attr(), key=lambda entry: entry.filename)])
with open(big, 'rb') as source, sftp.open('big.tmp', 'ab') as target:
    target.set_pipelined(True)
    source.seek(sftp.stat('big.tmp').st_size)
    target.write(source.read())
sftp.rename('big.tmp', 'resumed.csv')
client.close()
`;

test.runIf(isThere('/usr/bin/python3') && isThere('/usr/lib/python3/dist-packages/paramiko/__init__.py'))(
  'paramiko',
  async () => {
    const shop = await rig().newAccount();
    const args = ['127.0.0.1', String(rig().port), shop.user, shop.key.privateFile, bigFile, halfFile, emptyFile];
    const ended = await run('/usr/bin/python3', ['-W', 'ignore', '-', ...args], {
      input: paramiko.replace('KNOWN_HOSTS', knownHosts),
    });
    wentWell(ended);
    expect(ended.out).toBe("[('big.csv', 6000000), ('big.tmp', 2500000), ('empty.csv', 0)]\n");
    await arrived(shop, all);
  },
);

test.runIf(isThere('psftp') && isThere('puttygen'))('psftp', async () => {
  const shop = await rig().newAccount();
  const ppk = `${shop.key.privateFile}.ppk`;
  wentWell(await run('puttygen', [shop.key.privateFile, '-o', ppk, '-O', 'private']));
  const { out } = await run('ssh-keygen', ['-lf', knownHosts]);
  const fingerprints = [...out.matchAll(/SHA256:\S+/g)].flatMap(([print]) => ['-hostkey', print]);
  // it says whom it logs in as, and reads commands from a file only
  const fine = (ended: Ended): void =>
    expect(ended).toMatchObject({ code: 0, err: `Using username "${shop.user}".\n` });
  const batch = async (name: string, ...commands: string[]): Promise<Ended> => {
    const file = join(folder, name);
    await writeFile(file, `${commands.join('\n')}\n`);
    const args = ['-batch', '-P', String(rig().port), '-i', ppk, ...fingerprints, '-b', file, `${shop.user}@127.0.0.1`];
    return run('psftp', args, { env: { HOME: folder } });
  };
  const uploaded = await batch(
    'upload.psftp',
    'cd profiles',
    `put ${bigFile}`,
    `put ${emptyFile}`,
    `put ${halfFile} big.tmp`,
    'ls',
  );
  fine(uploaded);
  expect(uploaded.out).toMatch(/ 6000000 .* big\.csv\n.* 2500000 .* big\.tmp\n.* 0 .* empty\.csv\n/);
  fine(await batch('resume.psftp', `reput ${bigFile} profiles/big.tmp`, 'mv profiles/big.tmp profiles/resumed.csv'));
  await arrived(shop, all);
});

describe('ssh2-sftp-client', () => {
  async function connected(shop: Shop): Promise<SftpClient> {
    const client = new SftpClient();
    const privateKey = await readFile(shop.key.privateFile);
    await client.connect({ host: '127.0.0.1', port: rig().port, username: shop.user, privateKey });
    return client;
  }

  test('put, list, append and rename', async () => {
    const shop = await rig().newAccount();
    const client = await connected(shop);
    await client.put(bigFile, 'profiles/big.csv');
    await client.put(emptyFile, 'profiles/empty.csv');
    await client.put(halfFile, 'profiles/big.tmp');
    const listed = await client.list('profiles');
    expect(listed.map(({ name, size, type }) => [name, size, type])).toEqual([
      ['big.csv', 6_000_000, '-'],
      ['big.tmp', 2_500_000, '-'],
      ['empty.csv', 0, '-'],
    ]);
    await client.append(big.subarray(half.length), 'profiles/big.tmp');
    await client.rename('profiles/big.tmp', 'profiles/resumed.csv');
    await client.end();
    await arrived(shop, all);
  });

  test('fastPut, which writes in no order', async () => {
    const shop = await rig().newAccount();
    const client = await connected(shop);
    await client.fastPut(bigFile, `profiles/${basename(bigFile)}`, { concurrency: 64, chunkSize: 8192 });
    await client.end();
    await arrived(shop, ['big.csv']);
  });
});

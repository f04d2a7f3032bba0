/** All key families log in with a real OpenSSH client, and nobody else does. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addSshKey, listSshKeys } from '../../src/store/ssh-keys.ts';
import { isThere, makeKey, run, softwareSecurityKey, type Ended, type KeyPair } from './programs.ts';
import { sftpRig, type Shop } from './rig.ts';

const rig = sftpRig();

async function withKey(name: string, args: readonly string[]): Promise<{ shop: Shop; key: KeyPair }> {
  const shop = await rig().newAccount();
  const folder = join(rig().folder, shop.user);
  await mkdir(folder);
  return { shop, key: await makeKey(folder, name, args) };
}

async function add(shop: Shop, key: KeyPair): Promise<void> {
  const publicKey = await readFile(key.publicFile, 'utf8');
  await addSshKey(rig().db, shop.accountId, { title: 'Key', owner: 'Jan', publicKey, mayConsent: true });
}

async function login(user: string, key: KeyPair, options: readonly string[] = []): Promise<Ended> {
  const knownHosts = join(rig().folder, 'known_hosts');
  await writeFile(knownHosts, rig().knownHosts);
  const given = [
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    `UserKnownHostsFile=${knownHosts}`,
    `SecurityKeyProvider=${softwareSecurityKey}`,
    ...options,
  ];
  const args = ['-q', '-F', 'none', '-i', key.privateFile, ...given.flatMap((option) => ['-o', option])];
  return run('sftp', [...args, '-P', String(rig().port), '-b', '-', `${user}@127.0.0.1`], {
    input: 'ls -1\n',
    env: { HOME: rig().folder },
  });
}

const welcome: Ended = { code: 0, out: 'sftp> ls -1\nevents\nprofiles\n', err: '' };

const plain: readonly (readonly [string, readonly string[]])[] = [
  ['RSA of 2048 bits', ['-t', 'rsa', '-b', '2048']],
  ['RSA of 4096 bits', ['-t', 'rsa', '-b', '4096']],
  ['ECDSA on P-256', ['-t', 'ecdsa', '-b', '256']],
  ['ECDSA on P-384', ['-t', 'ecdsa', '-b', '384']],
  ['ECDSA on P-521', ['-t', 'ecdsa', '-b', '521']],
  ['Ed25519', ['-t', 'ed25519']],
];
const onSecurityKeys: readonly (readonly [string, readonly string[]])[] = [
  ['a security key, Ed25519', ['-t', 'ed25519-sk', '-w', softwareSecurityKey]],
  ['a security key, ECDSA', ['-t', 'ecdsa-sk', '-w', softwareSecurityKey]],
  [
    'a security key for an application of its own',
    ['-t', 'ed25519-sk', '-w', softwareSecurityKey, '-O', 'application=ssh:wharf'],
  ],
];

describe.runIf(isThere('sftp') && isThere('ssh-keygen'))('OpenSSH', () => {
  test.for(plain)('%s', async ([, args]) => {
    const { shop, key } = await withKey('id', args);
    expect((await login(shop.user, key)).code).not.toBe(0);
    await add(shop, key);
    expect(await login(shop.user, key)).toEqual(welcome);
    const keys = await listSshKeys(rig().db, shop.accountId);
    expect(keys.map(({ owner, lastUsedAt }) => [owner, lastUsedAt !== null])).toEqual([
      ['Jan', true],
      ['Ola', false],
    ]);
  });

  describe.runIf(isThere(softwareSecurityKey))('with a security key', () => {
    test.for(onSecurityKeys)('%s', async ([, args]) => {
      const { shop, key } = await withKey('id', args);
      await add(shop, key);
      expect(await login(shop.user, key)).toEqual(welcome);
    });

    test('one that signs without being touched is refused', async () => {
      const { shop, key } = await withKey('id', [
        '-t',
        'ed25519-sk',
        '-w',
        softwareSecurityKey,
        '-O',
        'no-touch-required',
      ]);
      await add(shop, key);
      expect(await login(shop.user, key)).toMatchObject({ out: '', code: 255 });
    });
  });

  test.runIf(isThere('rclone'))('RSA with a client in Go, which asks first and believes the answer', async () => {
    const { shop, key } = await withKey('id', ['-t', 'rsa', '-b', '3072']);
    await add(shop, key);
    const place = ['--sftp-host', '127.0.0.1', '--sftp-port', String(rig().port), '--sftp-user', shop.user];
    const args = ['--config', '/dev/null', '-q', ...place, '--sftp-key-file', key.privateFile, 'lsf', ':sftp:'];
    const ended = await run('rclone', args, { env: { HOME: rig().folder } });
    expect(ended).toEqual({ code: 0, out: 'events/\nprofiles/\n', err: '' });
  });

  test('RSA with SHA-1 is refused', async () => {
    const { shop, key } = await withKey('id', ['-t', 'rsa', '-b', '2048']);
    await add(shop, key);
    const ended = await login(shop.user, key, ['PubkeyAcceptedAlgorithms=ssh-rsa']);
    expect(ended).toMatchObject({ out: '', code: 255 });
  });

  test.for([
    ['KexAlgorithms', 'diffie-hellman-group14-sha1'],
    ['KexAlgorithms', 'diffie-hellman-group1-sha1'],
    ['Ciphers', 'aes128-cbc'],
    ['Ciphers', 'chacha20-poly1305@openssh.com'],
    ['MACs', 'hmac-sha1'],
    ['HostKeyAlgorithms', 'ssh-rsa,rsa-sha2-256,rsa-sha2-512'],
  ] as const)('%s=%s finds no taker', async ([option, value]) => {
    const shop = await rig().newAccount();
    const cipher = option === 'MACs' ? ['Ciphers=aes128-ctr'] : [];
    expect(await login(shop.user, shop.key, [`${option}=${value}`, ...cipher])).toMatchObject({ out: '', code: 255 });
  });

  test.for(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'])(
    '%s works',
    async (cipher) => {
      const shop = await rig().newAccount();
      expect(await login(shop.user, shop.key, [`Ciphers=${cipher}`])).toEqual(welcome);
    },
  );

  test("one account's key opens no other, and a name that nobody has is answered the same", async () => {
    const [ours, theirs] = [await rig().newAccount(), await rig().newAccount()];
    const refused = await login(theirs.user, ours.key);
    expect(refused).toMatchObject({ out: '', code: 255 });
    for (const name of ['zzzzzz', 'root', `${ours.user}x`]) {
      const ended = await login(name, ours.key);
      expect({ ...ended, err: ended.err.replaceAll(name, '*') }).toEqual({
        ...refused,
        err: refused.err.replaceAll(theirs.user, '*'),
      });
    }
  });

  test('the log tells who came, from where and with what, and why others were refused', async () => {
    const { shop, key } = await withKey('id', ['-t', 'ecdsa']);
    await login(shop.user, key);
    await login(shop.user, shop.key);
    const lines = rig()
      .logged.map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['user'] === shop.user && String(line['msg']).startsWith('sftp.login'));
    const fingerprint = expect.stringMatching(/^SHA256:[\w+/]{43}$/) as unknown;
    expect(lines).toMatchObject([
      {
        msg: 'sftp.login.refused',
        ip: '127.0.0.1',
        reason: 'unknown-key',
        algorithm: 'ecdsa-sha2-nistp256',
        fingerprint,
      },
      { msg: 'sftp.login.accepted', ip: '127.0.0.1', keyId: shop.keyId, algorithm: 'ssh-ed25519', fingerprint },
    ]);
  });
});

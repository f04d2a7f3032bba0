import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { createLogger } from '../kernel/logger.ts';
import { seal, sealingKey } from '../kernel/sealed.ts';
import { listHostKeys } from '../store/sftp-servers.ts';
import { hostKeys } from './host-keys.ts';
import { ssh2 } from './transport.ts';

const database = testDatabase();
const keys = [sealingKey('a secret for tests, of 32 characters at least')] as const;
const logged: string[] = [];
const log = createLogger('warn', { write: (line) => void logged.push(line) });
const types = (texts: readonly string[]): string[] =>
  texts.map((text) => (ssh2.utils.parseKey(text) as { type: string }).type).sort();
const both = ['ecdsa-sha2-nistp256', 'ssh-ed25519'];

beforeEach(async () => {
  await database().query('delete from ssh_host_key');
  logged.length = 0;
});

test('two keys, made once', async () => {
  const first = await hostKeys(database(), keys, log);
  expect(types(first)).toEqual(both);
  expect(await hostKeys(database(), keys, log)).toEqual(first);
  expect(logged).toEqual([]);
});

test('every key that is made can be read: ssh2 itself makes some that it cannot', async () => {
  for (let n = 0; n < 1500; n++) {
    await database().query(`delete from ssh_host_key where type = 'ssh-ed25519'`);
    expect(types(await hostKeys(database(), keys, log))).toEqual(both);
  }
}, 60_000);

test('a stored key that never could be read is replaced, with a word in the log; the other stays', async () => {
  await hostKeys(database(), keys, log);
  const unreadable = seal(keys, '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA', 'ssh host key ssh-ed25519');
  await database().query(`update ssh_host_key set private_key = $1 where type = 'ssh-ed25519'`, [unreadable]);
  const before = await listHostKeys(database());
  expect(types(await hostKeys(database(), keys, log))).toEqual(both);
  expect(logged).toEqual([expect.stringContaining('sftp.host-key.replaced')]);
  const after = await listHostKeys(database());
  const kept = (all: typeof after, type: string) => all.find((key) => key.type === type)?.publicKey;
  expect(kept(after, 'ecdsa-sha2-nistp256')).toBe(kept(before, 'ecdsa-sha2-nistp256'));
  expect(kept(after, 'ssh-ed25519')).not.toBe(kept(before, 'ssh-ed25519'));
});

test('a key that does not open stops the start, named, with what to do; it is never replaced', async () => {
  await hostKeys(database(), keys, log);
  await database().query(
    `update ssh_host_key set private_key = overlay(private_key placing 'XXXX' from 40) where type = 'ssh-ed25519'`,
  );
  const before = await listHostKeys(database());
  await expect(hostKeys(database(), keys, log)).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    summary: expect.stringContaining("The SFTP server's host key (ssh-ed25519) cannot be opened") as unknown,
    advice: expect.stringContaining('WHARF_SECRET_KEY') as unknown,
  });
  expect(await listHostKeys(database())).toEqual(before);
});

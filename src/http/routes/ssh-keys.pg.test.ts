import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { wireString } from '../../kernel/ssh-wire.ts';
import { announceSftpServer, keepHostKey, withdrawSftpServer } from '../../store/sftp-servers.ts';
import { findLoginKey, removedKeyChannel } from '../../store/ssh-keys.ts';
import { restServer } from '../testing/rest-server.ts';

const server = restServer();

function newKey(): { readonly line: string; readonly blob: Buffer } {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(Buffer.from(x ?? '', 'base64url'))]);
  return { line: `ssh-ed25519 ${blob.toString('base64')} ola@laptop`, blob };
}

test('a key is added, listed, and removed; its sessions hear of it', async () => {
  const { client, params, account } = await server().newAccount('Shop');
  const { line, blob } = newKey();
  const body = { title: 'Laptop', owner: 'Ola', publicKey: line };
  const added = await client.call(endpoints.addSshKey, { params, body });
  expect(added).toMatchObject({
    title: 'Laptop',
    owner: 'Ola',
    type: 'ssh-ed25519',
    mayConsent: false,
    lastUsedAt: null,
  });
  expect(added.fingerprint).toMatch(/^SHA256:[\w+/]{43}$/);
  expect((await client.call(endpoints.listSshKeys, { params })).data).toEqual([added]);
  expect(await findLoginKey(server().db, account.publicId, blob)).toMatchObject({ keyId: added.id, owner: 'Ola' });

  await expect(client.call(endpoints.addSshKey, { params, body })).rejects.toMatchObject({ status: 409 });

  const listener = await server().db.connect();
  const heard = new Promise((done) => listener.once('notification', (message) => done(message.payload)));
  await listener.query(`listen ${removedKeyChannel}`);
  await client.call(endpoints.removeSshKey, { params: { ...params, key: added.id } });
  expect(await heard).toBe(added.id);
  await listener.end();
  expect((await client.call(endpoints.listSshKeys, { params })).data).toEqual([]);
  expect(await findLoginKey(server().db, account.publicId, blob)).toBeNull();
  const again = client.call(endpoints.removeSshKey, { params: { ...params, key: added.id } });
  await expect(again).rejects.toMatchObject({ status: 404 });
});

test('a wrong key is refused in words; a private one is told so and appears nowhere', async () => {
  const { client, params } = await server().newAccount('Shop');
  const secret = 'b3BlbnNzaC1rZXktdjEAAAAAsecretsecretsecret';
  const publicKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const refused = client.call(endpoints.addSshKey, { params, body: { title: 'x', owner: 'y', publicKey } });
  await expect(refused).rejects.toMatchObject({
    status: 400,
    facts: { code: 'INVALID_INPUT', message: expect.stringMatching(/^This is a private key/) as unknown },
  });
  expect(server().logged.join('')).not.toContain(secret);
});

test('a key belongs to its account: the same one may be in two, and neither sees or removes the other’s', async () => {
  const [ours, theirs] = [await server().newAccount('Ours'), await server().newAccount('Theirs')];
  const { line, blob } = newKey();
  const add = ({ client, params }: typeof ours) =>
    client.call(endpoints.addSshKey, { params, body: { title: 'K', owner: 'O', publicKey: line, mayConsent: true } });
  const [mine, other] = [await add(ours), await add(theirs)];
  const remove = ours.client.call(endpoints.removeSshKey, { params: { ...ours.params, key: other.id } });
  await expect(remove).rejects.toMatchObject({ status: 404 });
  expect(await findLoginKey(server().db, ours.account.publicId, blob)).toMatchObject({
    accountId: ours.account.id,
    keyId: mine.id,
  });
});

test('how to connect, while a server runs and while none does', async () => {
  const { client, params, account } = await server().newAccount('Shop');
  const { line } = newKey();
  const publicKey = line.split(' ').slice(0, 2).join(' ');
  await keepHostKey(server().db, { type: 'ssh-ed25519', publicKey, privateKey: 'sealed' });
  await keepHostKey(server().db, { type: 'ssh-ed25519', publicKey: newKey().line, privateKey: 'a second server' });
  const atRest = await client.call(endpoints.sftpCredentials, { params });
  expect(atRest).toMatchObject({ userName: account.publicId, server: null, hostKeys: [{ knownHosts: null }] });

  await announceSftpServer(server().db, 'machine', { host: 'sftp.shop.example', port: 8422 });
  const running = await client.call(endpoints.sftpCredentials, { params });
  expect(running.server).toEqual({
    host: 'sftp.shop.example',
    port: 8422,
    command: `sftp -P 8422 ${account.publicId}@sftp.shop.example`,
  });
  expect(running.hostKeys).toEqual([
    {
      type: 'ssh-ed25519',
      fingerprint: expect.stringMatching(/^SHA256:/) as unknown,
      knownHosts: `[sftp.shop.example]:8422 ${publicKey}`,
    },
  ]);
  expect(JSON.stringify(running)).not.toContain('sealed');

  await announceSftpServer(server().db, 'machine', { host: '2001:db8::1', port: 22 });
  const usual = await client.call(endpoints.sftpCredentials, { params });
  expect(usual.server?.command).toBe(`sftp ${account.publicId}@[2001:db8::1]`);
  expect(usual.hostKeys[0]?.knownHosts).toBe(`2001:db8::1 ${publicKey}`);
  await withdrawSftpServer(server().db, 'machine');
  expect((await client.call(endpoints.sftpCredentials, { params })).server).toBeNull();
});

/** Messages of SSH itself, encrypted as they should be and nonsense inside, before and after the login: nobody gets in, nothing breaks. */
import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { wireString, wireU32 } from '../../src/kernel/ssh-wire.ts';
import { channelOf, connect, openSftp } from './raw-client.ts';
import { sftpRig, type Shop } from './rig.ts';
import { oneOf, seeded, type Random } from './seeded.ts';

const rig = sftpRig();

/** What the client of ssh2 sends its own messages with. */
interface Outgoing {
  readonly _packetRW: {
    readonly write: { readonly allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer };
  };
  readonly _cipher: { encrypt(packet: Buffer): void };
}

function send(client: ssh2.Client, message: Buffer): void {
  const { _protocol: protocol } = client as unknown as { _protocol: Outgoing };
  const { _packetRW: packets, _cipher: cipher } = protocol;
  const packet = packets.write.alloc(message.length);
  packet.set(message, packets.write.allocStart);
  cipher.encrypt(packets.write.finalize(packet));
}

const names = words(
  'none password publickey hostbased keyboard-interactive ssh-userauth ssh-connection',
  'session direct-tcpip x11 forwarded-tcpip direct-streamlocal@openssh.com',
  'env pty-req shell exec subsystem sftp signal window-change auth-agent-req@openssh.com',
  'tcpip-forward cancel-tcpip-forward keepalive@openssh.com hostkeys-prove-00@openssh.com',
  'ssh-rsa rsa-sha2-512 ecdsa-sha2-nistp256 ssh-ed25519 sk-ssh-ed25519@openssh.com \0',
);

function words(...lines: readonly string[]): [string, ...string[]] {
  return ['', ...lines.flatMap((line) => line.split(' '))];
}

/** Key exchange, login, requests about all and about one channel; and what no one has defined. */
const types = [
  1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 30, 31, 50, 50, 50, 51, 52, 60, 61, 80, 81, 82, 90, 90, 91, 92, 93,
] as const;
const channelTypes = [93, 94, 95, 96, 97, 98, 98, 98, 99, 100, 192, 255] as const;

function piece(random: Random, user: string): Buffer {
  return oneOf<() => Buffer>(random, [
    () => wireString(oneOf(random, names)),
    () => wireString(oneOf(random, names)),
    () => wireString(user),
    () => wireU32(random(4)),
    () => wireU32(oneOf(random, [0, 1, 0x7fff_ffff, 0xffff_ffff])),
    () => Buffer.of(random(2)),
    () =>
      wireString(Buffer.concat([wireString(oneOf(random, names)), wireString(Buffer.alloc(random(300), random(256)))])),
    () => wireString(Buffer.alloc(random(3000), random(256))),
    () => Buffer.alloc(random(30), random(256)),
  ])();
}

function nonsense(random: Random, user: string): Buffer {
  const type = oneOf(random, [...types, ...channelTypes]);
  const body = Array.from({ length: random(8) }, () => piece(random, user));
  if (type === 50) body.unshift(wireString(user), wireString('ssh-connection'));
  // of a channel that may be there
  if (type > 92) body.unshift(wireU32(random(2)));
  return Buffer.concat([Buffer.of(type), ...body]);
}

/** Up to the point where a client would log in. */
async function atTheDoor(shop: Shop): Promise<{ client: ssh2.Client; gone: Promise<void> }> {
  const client = new ssh2.Client();
  const gone = new Promise<void>((done) => client.once('close', () => done()));
  client.on('error', () => undefined);
  const asked = new Promise<void>((done) => {
    client.connect({
      host: '127.0.0.1',
      port: rig().port,
      username: shop.user,
      privateKey: '',
      authHandler: () => done(),
    });
  });
  await Promise.race([asked, gone]);
  return { client, gone };
}

const errors = (): string[] => rig().logged.filter((line) => line.includes('"level":"error"'));
const accepted = (shop: Shop): number =>
  rig().logged.filter((line) => line.includes('sftp.login.accepted') && line.includes(shop.user)).length;

async function allIsWell(shop: Shop): Promise<void> {
  const sftp = await openSftp(rig().port, shop);
  expect(await sftp.list('/')).toEqual(['events', 'profiles']);
  await sftp.end();
  expect(errors()).toEqual([]);
}

test('before the login', async () => {
  const shop = await rig().newAccount();
  for (let seed = 1; seed <= 120; seed++) {
    const random = seeded(seed);
    const { client, gone } = await atTheDoor(shop);
    send(client, Buffer.concat([Buffer.of(5), wireString('ssh-userauth')]));
    for (let i = 0; i < 10; i++) send(client, nonsense(random, shop.user));
    client.end();
    await gone;
  }
  expect(accepted(shop)).toBe(0);
  await allIsWell(shop);
}, 120_000);

test('a login of the right form with a key that is none, and one that goes on with messages for those who are in', async () => {
  const shop = await rig().newAccount();
  const publicKey = (await readFile(shop.key.publicFile, 'utf8')).split(' ')[1] ?? '';
  const head = [wireString(shop.user), wireString('ssh-connection'), wireString('publickey')];
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const { client, gone } = await atTheDoor(shop);
    send(client, Buffer.concat([Buffer.of(5), wireString('ssh-userauth')]));
    const algorithm = oneOf(random, names);
    const key = oneOf(random, [Buffer.from(publicKey, 'base64'), piece(random, shop.user)]);
    const signature = Buffer.concat([wireString(algorithm), wireString(Buffer.alloc(64, random(256)))]);
    const claim = [Buffer.of(random(2)), wireString(algorithm), wireString(key), wireString(signature)];
    send(client, Buffer.concat([Buffer.of(50), ...head, ...claim]));
    send(client, Buffer.concat([Buffer.of(90), wireString('session'), wireU32(0), wireU32(1e6), wireU32(32_000)]));
    send(client, Buffer.concat([Buffer.of(98), wireU32(0), wireString('subsystem'), Buffer.of(1), wireString('sftp')]));
    client.end();
    await gone;
  }
  expect(accepted(shop)).toBe(0);
  await allIsWell(shop);
}, 120_000);

test('after the login, with a session open', async () => {
  const shop = await rig().newAccount();
  for (let seed = 1; seed <= 120; seed++) {
    const random = seeded(seed);
    const { client, gone } = await connect(rig().port, shop);
    const channel = await channelOf(client);
    channel.on('error', () => undefined).resume();
    for (let i = 0; i < 10; i++) send(client, nonsense(random, shop.user));
    client.end();
    await gone;
  }
  await allIsWell(shop);
}, 120_000);

/** People who mean harm, or whose programs are broken: the server stays up, lets nobody in, and keeps its memory flat. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as immediately } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { wireString, wireU32, wireU64 } from '../../src/kernel/ssh-wire.ts';
import { channelOf, connect, flags, openSftp, upload } from './raw-client.ts';
import { imports, sftpRig, sha256, uploadsOf, type Shop } from './rig.ts';
import { seeded } from './seeded.ts';
import { serverProcess } from './server-process.ts';

const rig = sftpRig();

/** The proof of life after each attack: a customer logs in and uploads. */
async function allIsWell(port: number, shop: Shop): Promise<void> {
  const sftp = await openSftp(port, shop);
  expect(await sftp.list('/')).toEqual(['events', 'profiles']);
  await sftp.end();
}

test('no path leads out of the account: not to the disk, not to another account, not by any way of writing it', async () => {
  const [shop, victim] = [await rig().newAccount(), await rig().newAccount()];
  const theirs = await openSftp(rig().port, victim);
  await upload(theirs, '/profiles/secret.tmp', Buffer.from('secret'));
  await theirs.end();
  const sftp = await openSftp(rig().port, shop);
  const id = (await readdir(join(rig().folder, 'machine-1', 'spool')))[0] ?? '';
  const ways = [
    '/etc/passwd',
    '../../../../etc/passwd',
    '/profiles/../../../../etc/passwd',
    '/profiles/../../machine-1/spool/' + id,
    join(rig().folder, 'machine-1', 'spool', id),
    '/profiles/secret.tmp',
    `/${victim.user}/profiles/secret.tmp`,
    `../${victim.user}/profiles/secret.tmp`,
    '//profiles//..//secret.tmp',
    '/profiles/sub/secret.tmp',
    '/proc/self/environ',
    '~/x.csv',
  ];
  for (const path of ways) {
    await expect(sftp.stat(path), path).rejects.toThrow('No such file');
    await expect(sftp.open(path, flags.write), path).rejects.toThrow(/No such file|Files go into/);
    await expect(sftp.unlink(path), path).rejects.toThrow('No such file');
    await expect(sftp.rename(path, '/profiles/mine.tmp'), path).rejects.toThrow('No such file');
  }
  await upload(sftp, '/profiles/..\\..\\x.tmp', Buffer.from('x'));
  for (const name of ['a\u0000.csv', 'a\n.csv', '\u001b[31m.csv', 'x'.repeat(256)]) {
    await expect(sftp.open(`/profiles/${name}`, 'w'), name).rejects.toThrow(/file name|File name/);
  }
  for (const file of await readdir(join(rig().folder, 'machine-1', 'spool'))) expect(file).toMatch(/^[0-9a-f-]{36}$/);
  expect(await uploadsOf(rig(), victim)).toMatchObject([{ path: '/profiles/secret.tmp', bytes: 6 }]);
  await sftp.end();
});

function dial(port: number): Socket {
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  return socket;
}

const closed = (socket: Socket): Promise<unknown> => (socket.closed ? Promise.resolve() : once(socket, 'close'));

test('1,000 connections at once: few are admitted, none stays, and customers get in afterwards', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ gate: { total: 100, perAddress: 60, strangers: 40 }, loginSeconds: 2 });
  const sockets = Array.from({ length: 1000 }, () => dial(server.port));
  let greeted = 0;
  for (const socket of sockets) socket.once('data', () => (greeted += 1));
  await Promise.all(sockets.map(closed));
  expect(greeted).toBeLessThanOrEqual(40);
  expect(greeted).toBeGreaterThan(0);
  await allIsWell(server.port, shop);
  await server.stop();
}, 120_000);

test('who never logs in is sent away in time: silent, a byte now and then, or in the middle of the greeting', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ loginSeconds: 2 });
  const silent = dial(server.port);
  const greeted = dial(server.port);
  greeted.write('SSH-2.0-slow\r\n');
  const slow = dial(server.port);
  const dripping = setInterval(() => slow.write('S'), 100);
  await Promise.all([silent, greeted, slow].map(closed));
  clearInterval(dripping);
  await allIsWell(server.port, shop);
  await server.stop();
});

test('who asks nothing for too long is sent away, though it answers to every sign of life', async () => {
  const shop = await rig().newAccount();
  const server = await rig().start({ idleSeconds: 1 });
  const sftp = await openSftp(server.port, shop);
  await sftp.gone;
  await server.stop();
}, 30_000);

test('a login may be tried so often and no more', async () => {
  const shop = await rig().newAccount();
  const stranger = await rig().newAccount();
  const { Client } = (await import('ssh2')).default;
  const client = new Client();
  let tries = 0;
  const outcome = new Promise<string>((done) => {
    client.on('error', (error) => done(error.message));
    client.on('close', () => done('cut off'));
    client.on('ready', () => done('in'));
  });
  client.connect({
    host: '127.0.0.1',
    port: rig().port,
    username: shop.user,
    authHandler: (_left, _partial, next) => {
      tries += 1;
      next({ type: 'password', username: shop.user, password: `guess ${tries}` });
    },
  });
  expect(await outcome).not.toBe('in');
  expect(tries).toBeLessThanOrEqual(22);
  await allIsWell(rig().port, stranger);
});

const init = wireString(Buffer.concat([Buffer.of(1), wireU32(3)]));

/** A packet of a random type, its body random bytes, random values in the right places, or cut short. */
function randomPacket(random: (below: number) => number): Buffer {
  const types = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 101, 200, random(256)];
  const type = types[random(types.length)] ?? 0;
  const paths = ['/', '/profiles', '/profiles/a.tmp', '/events/b.tmp', '..', '', '/profiles/\0', 'x'.repeat(5000)];
  const names = [
    'posix-rename@openssh.com',
    'statvfs@openssh.com',
    'fsync@openssh.com',
    'limits@openssh.com',
    'no@such',
  ];
  const pieces = [
    () => wireU32(random(40)),
    () => wireU64(random(2 ** 31)),
    () => Buffer.alloc(8, 0xff),
    () => wireString(paths[random(paths.length)] ?? ''),
    () => wireString(names[random(names.length)] ?? ''),
    () => wireString(wireU32(random(5))),
    () => wireU32(0xffff_ffff),
    () => wireString(Buffer.alloc(random(2000), random(256))),
    () => Buffer.alloc(random(50), random(256)),
  ];
  const body = Array.from({ length: random(6) }, () => (pieces[random(pieces.length)] as () => Buffer)());
  return wireString(Buffer.concat([Buffer.of(type), wireU32(random(1000)), ...body]));
}

test('packets of nonsense, 100 sessions of them: each is answered or ends its own connection', async () => {
  const shop = await rig().newAccount();
  for (let seed = 1; seed <= 100; seed++) {
    const random = seeded(seed);
    const { client, gone } = await connect(rig().port, shop);
    const channel = await channelOf(client);
    channel.resume();
    channel.on('error', () => undefined);
    if (random(10) > 0) channel.write(init);
    for (let i = 0; i < 30; i++) channel.write(randomPacket(random));
    if (random(3) === 0) channel.write(Buffer.alloc(random(100), random(256)));
    channel.end();
    await Promise.race([gone, once(channel, 'close')]);
    client.end();
    await gone;
  }
  const errors = rig().logged.filter((line) => line.includes('"level":"error"'));
  expect(errors).toEqual([]);
  await allIsWell(rig().port, shop);
}, 120_000);

test('nonsense before the login', async () => {
  const shop = await rig().newAccount();
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const socket = dial(rig().port);
    if (random(2) === 0) socket.write('SSH-2.0-fuzz\r\n');
    socket.write(Buffer.from(Array.from({ length: random(3000) }, () => random(256))));
    socket.end();
    await closed(socket);
  }
  await allIsWell(rig().port, shop);
}, 120_000);

/** What a WRITE says before its data. */
function writeHead(id: number, handle: Buffer, offset: number, length: number): Buffer {
  const head = Buffer.concat([Buffer.of(6), wireU32(id), wireString(handle), wireU64(offset), wireU32(length)]);
  return Buffer.concat([wireU32(head.length + length), head]);
}

/** Far below what is sent, far above what a server of this kind takes at rest. */
const mostMb = 250;

test('a client that never waits, and one that takes no answers: memory stays flat', async () => {
  const shop = await rig().newAccount();
  await using server = await serverProcess(rig());
  const sftp = await openSftp(server.port, shop);
  const handle = await sftp.open('/profiles/large.tmp', 'w');
  const { client, gone } = await connect(server.port, shop);
  const channel = await channelOf(client);
  channel.write(init);
  // nobody listens to the channel, so its window closes; the questions go on for as long as they are taken
  const asking = wireString(Buffer.concat([Buffer.of(17), wireU32(1), wireString('/profiles')]));
  const many = Buffer.concat(Array.from({ length: 1000 }, () => asking));
  const flood = async (): Promise<void> => {
    for (let sent = 0; sent < 300_000_000; sent += many.length) {
      if (!channel.write(many)) await Promise.race([once(channel, 'drain'), gone]);
    }
  };
  void flood();

  const chunk = randomBytes(32_000);
  // a question after each write keeps the server busier than the network
  const requests = Array.from({ length: 12_000 }, (_, i) => [
    sftp.write(handle, chunk, i * chunk.length),
    sftp.stat('/profiles/large.tmp'),
  ]);
  await Promise.all(requests.flat());
  expect((await sftp.stat('/profiles/large.tmp')).size).toBe(384_000_000);
  expect(await server.peakRssMb()).toBeLessThan(mostMb);
  client.destroy();
  await Promise.all([sftp.end(), gone]);
}, 120_000);

test('a client that ignores the window is cut off before it costs memory', async () => {
  const shop = await rig().newAccount();
  await using server = await serverProcess(rig());
  const { client, gone } = await connect(server.port, shop);
  const channel = await channelOf(client);
  channel.resume();
  channel.write(init);
  // straight to the protocol, past the bookkeeping of windows
  const { _protocol: protocol, _sock: socket } = client as unknown as {
    _protocol: { channelData(channel: number, data: Buffer): void };
    _sock: Socket;
  };
  const { id } = (channel as unknown as { outgoing: { id: number } }).outgoing;
  const data = randomBytes(32_000);
  // answers that take long keep the server from reading
  const asking = Buffer.concat(
    Array.from({ length: 300 }, (_, i) =>
      wireString(Buffer.concat([Buffer.of(17), wireU32(i), wireString('/profiles/none')])),
    ),
  );
  let sent = 0;
  while (!socket.destroyed && sent < 1_500_000_000) {
    protocol.channelData(id, asking.subarray(0, 30_000));
    protocol.channelData(
      id,
      Buffer.concat([writeHead(7, Buffer.from('none'), 0, data.length - 100), data.subarray(100)]).subarray(0, 32_000),
    );
    sent += 32_000;
    await (socket.writableNeedDrain ? Promise.race([once(socket, 'drain'), gone]) : immediately());
  }
  await gone;
  expect(sent).toBeLessThan(1_000_000_000);
  expect(await server.peakRssMb()).toBeLessThan(mostMb);
  await allIsWell(server.port, shop);
}, 120_000);

test('what a customer had open through all that arrives whole', async () => {
  const shop = await rig().newAccount();
  const sftp = await openSftp(rig().port, shop);
  const bytes = randomBytes(1_000_000);
  const handle = await sftp.open('/profiles/calm.csv', 'w');
  await sftp.write(handle, bytes.subarray(0, 30_000), 0);
  const attackers = Array.from({ length: 50 }, () => dial(rig().port));
  for (const attacker of attackers) attacker.write(randomBytes(2000));
  for (let at = 30_000; at < bytes.length; at += 30_000) await sftp.write(handle, bytes.subarray(at, at + 30_000), at);
  await sftp.close(handle);
  for (const attacker of attackers) attacker.destroy();
  const [file] = await imports(rig(), shop, 1);
  expect(file?.sha256).toBe(sha256(bytes));
  await sftp.end();
});

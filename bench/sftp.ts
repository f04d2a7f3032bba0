/*
 * `sftp`: 1 GiB by OpenSSH's client over the loopback to our server and to OpenSSH's own sshd, in turn, each to a file on the same disk.
 * Limit: sshd. Needs Debian's packages openssh-client and openssh-server.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '../src/config.ts';
import { forkSftp } from '../src/sftp/child.ts';
import type { SftpReady } from '../src/sftp/main.ts';
import { getAccount } from '../src/store/accounts.ts';
import { addSshKey } from '../src/store/ssh-keys.ts';
import { createRig, round, seconds, type BenchResult, type Rig } from './rig.ts';

const bytes = 1024 ** 3;
const rounds = 5;
/** What the client and each server agree on by themselves, and what is quickest on most machines. */
const ciphers = { by_itself: null, aes128_gcm: 'aes128-gcm@openssh.com' } as const;
const sshd = '/usr/sbin/sshd';

interface Target {
  readonly port: number;
  readonly user: string;
  readonly path: string;
}

export async function run(): Promise<BenchResult> {
  await access(sshd).catch(() => {
    throw new Error('sshd is missing, and with it the limit: apt-get install openssh-server');
  });
  await using rig = await createRig();
  const key = join(rig.folder, 'id');
  await done(spawn('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]));
  await using ours = await startOurs(rig, `${key}.pub`);
  await using theirs = await startSshd(rig, `${key}.pub`);
  const file = join(rig.folder, 'upload.bin');
  await fill(file);

  const facts: Record<string, number> = {};
  let peakMb = 0;
  for (const [name, cipher] of Object.entries(ciphers)) {
    const rates = { ours: [] as number[], theirs: [] as number[] };
    for (let i = 0; i <= rounds; i++) {
      rates.ours.push(await upload(ours, key, file, cipher));
      rates.theirs.push(await upload(theirs, key, file, cipher));
    }
    peakMb = await ours.peakRssMb();
    facts[`${name}_mb_s`] = median(rates.ours);
    facts[`${name}_sshd_mb_s`] = median(rates.theirs);
  }
  const value = facts['by_itself_mb_s'] ?? 0;
  const limit = facts['by_itself_sshd_mb_s'] ?? 0;
  return { bench: 'sftp', value, unit: 'MB/s', limit, ratio: round(value / limit), rss_mb: peakMb, ...facts };
}

/** In MB (10^6 bytes) a second, without the first, which warms up. */
function median([, ...rates]: readonly number[]): number {
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0);
}

/** Each begins with a disk that has nothing left to write. */
async function upload(target: Target, key: string, file: string, cipher: string | null): Promise<number> {
  await done(spawn('sync'));
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const choice = cipher === null ? [] : ['-c', cipher];
  const args = ['-q', '-F', 'none', '-i', key, ...choice, ...options.flatMap((option) => ['-o', option])];
  const took = await seconds(async () => {
    const client = spawn('sftp', [...args, '-P', String(target.port), '-b', '-', `${target.user}@127.0.0.1`]);
    client.stdin?.end(`put ${file} ${target.path}\n`);
    await done(client);
  });
  return bytes / 1e6 / took;
}

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const block = randomBytes(16 * 1024 * 1024);
  for (let at = 0; at < bytes; at += block.length) await handle.write(block);
  await handle.close();
}

async function done(child: ChildProcess): Promise<void> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdout?.resume();
  const code = await new Promise<number | null>((resolve, fail) => child.once('close', resolve).once('error', fail));
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${words}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

async function startOurs(
  rig: Rig,
  publicKey: string,
): Promise<Target & AsyncDisposable & { peakRssMb(): Promise<number> }> {
  const account = await getAccount(rig.database, rig.accountId);
  const text = await readFile(publicKey, 'utf8');
  await addSshKey(rig.database, rig.accountId, { title: 'Bench', owner: 'Bench', publicKey: text, mayConsent: false });
  const child = forkSftp();
  const config = readConfig({ WHARF_DATA: join(rig.folder, 'data'), WHARF_SFTP_PORT: '0', WHARF_LOG_LEVEL: 'warn' });
  child.send({ config: { ...config, DATABASE_URL: rig.database.url } });
  const { ready } = await new Promise<SftpReady>((resolve) =>
    child.once('message', (message) => resolve(message as SftpReady)),
  );
  return {
    port: ready.port,
    user: account?.publicId ?? '',
    // a name that is never imported
    path: '/profiles/upload.tmp',
    async peakRssMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      return Math.round((Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6);
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

/** As whoever runs this, on a port and with keys of its own. */
async function startSshd(rig: Rig, publicKey: string): Promise<Target & AsyncDisposable> {
  const folder = join(rig.folder, 'sshd');
  await mkdir(folder);
  const hostKey = join(folder, 'host');
  await done(spawn('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]));
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${publicKey}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'PidFile none',
    'Subsystem sftp internal-sftp',
  ];
  await writeFile(join(folder, 'config'), `${lines.join('\n')}\n`);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const child = spawn(sshd, ['-D', '-e', '-f', join(folder, 'config')], { stdio: 'ignore' });
  await reachable(port);
  const path = join(folder, 'upload.tmp');
  return {
    port,
    user: userInfo().username,
    path,
    async [Symbol.asyncDispose]() {
      await ended(child);
      await rm(path, { force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function reachable(port: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await wait(50);
  }
  throw new Error('sshd did not start');
}

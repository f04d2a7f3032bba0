/** The SFTP server as the service runs it, and on its own; keys and credentials by the command line. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { isThere, run, type Ended } from './programs.ts';
import { openSftp } from './raw-client.ts';
import { secretKey, sftpRig, type Shop } from './rig.ts';

const rig = sftpRig();
const sources = join(import.meta.dirname, '../../src');

interface Service extends AsyncDisposable {
  /** The next line of the given form on standard error. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly process: ChildProcess;
}

function service(settings: Readonly<Record<string, string>>): Service {
  const child = spawn(process.execPath, [join(sources, 'start.ts')], {
    env: {
      PATH: process.env['PATH'] ?? '',
      WHARF_SECRET_KEY: secretKey,
      WHARF_PORT: '0',
      WHARF_SFTP_PORT: '0',
      WHARF_LOG_LEVEL: 'silent',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  return {
    process: child,
    says: (pattern) =>
      new Promise((done) => {
        const look = (): void => {
          const at = lines.findIndex((line) => pattern.test(line));
          if (at < 0) return;
          waiting.delete(look);
          done(pattern.exec(lines.splice(at, 1)[0] ?? '') as RegExpExecArray);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

const ready = /^SFTP is ready at (\S+), port (\d+)$/;

/** Its only child; Linux tells. */
async function killSftp({ pid }: ChildProcess): Promise<void> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  process.kill(Number(children.trim()), 'SIGKILL');
}

test('beside the service: started with it, started again when it dies, gone when it goes', async () => {
  const shop = await rig().newAccount();
  const folder = join(rig().folder, 'beside');
  await mkdir(folder);
  let port = 0;
  {
    await using wharf = service({ DATABASE_URL: rig().db.url, WHARF_DATA: folder, WHARF_ROLES: 'api,sftp' });
    await wharf.says(/^Wharf is ready at/);
    const first = await wharf.says(ready);
    const sftp = await openSftp(Number(first[2]), shop);
    await killSftp(wharf.process);
    await sftp.gone;
    port = Number((await wharf.says(ready))[2]);
    const again = await openSftp(port, shop);
    expect(await again.list('/')).toEqual(['events', 'profiles']);
    await again.end();
  }
  await expect(openSftp(port, shop)).rejects.toThrow('ECONNREFUSED');
});

test('on its own: in the foreground, over a database that it is given', async () => {
  const shop = await rig().newAccount();
  await using alone = service({
    DATABASE_URL: rig().db.url,
    WHARF_DATA: join(rig().folder, 'alone'),
    WHARF_ROLES: 'sftp',
  });
  const [, , port] = await alone.says(ready);
  const sftp = await openSftp(Number(port), shop);
  expect(await sftp.list('/')).toEqual(['events', 'profiles']);
  await sftp.end();
});

test('on its own without a database it says what it lacks', async () => {
  await using alone = service({ WHARF_DATA: join(rig().folder, 'lost'), WHARF_ROLES: 'sftp' });
  await alone.says(/DATABASE_URL: the role sftp on its own needs it/);
});

test.runIf(isThere('sftp'))('from nothing to a first listing, with what the command line says', async () => {
  const folder = join(rig().folder, 'first');
  await mkdir(folder);
  const shop: Shop = await rig().newAccount();
  await using wharf = service({ DATABASE_URL: rig().db.url, WHARF_DATA: folder, WHARF_ROLES: 'api,sftp' });
  const [, url = ''] = await wharf.says(/^Wharf is ready at (\S+)$/);
  const [, , port = ''] = await wharf.says(ready);
  const cli = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [join(sources, 'cli.ts'), ...args, '--account', shop.user], {
      env: { WHARF_URL: url, WHARF_DATA: folder },
    });

  const key = join(folder, 'id');
  await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key]);
  const added = await cli('ssh-keys', 'add', `${key}.pub`, '--title', 'Laptop', '--owner', 'Jan', '--json');
  expect(added).toMatchObject({ code: 0, err: '' });
  const { id } = JSON.parse(added.out) as { id: string };
  expect((await cli('ssh-keys', 'list')).out).toMatch(
    new RegExp(`^${id} +Laptop +Jan +ecdsa-sha2-nistp256 +SHA256:`, 'm'),
  );
  const wrong = await cli('ssh-keys', 'add', key, '--title', 'Oops', '--owner', 'Jan');
  expect([wrong.code, wrong.err]).toEqual([6, expect.stringMatching(/^Error: This is a private key\./)]);
  expect((await cli('ssh-keys', 'add', '/no/such/file', '--title', 'a', '--owner', 'b')).code).toBe(2);

  const credentials = (await cli('sftp', 'credentials')).out;
  for (const line of ['Host +127.0.0.1', `Port +${port}`, `User name +${shop.user}`, 'Host key ssh-ed25519 +SHA256:']) {
    expect(credentials).toMatch(new RegExp(`^${line}`, 'm'));
  }
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, credentials.split('For known_hosts:\n')[1] ?? '');
  const [, command = ''] = /^Command +(sftp .+)$/m.exec(credentials) ?? [];
  const options = ['-q', '-i', key, '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${knownHosts}`, '-b', '-'];
  const listed = await run('sftp', [...options, ...command.split(' ').slice(1)], { input: 'ls -1\n' });
  expect(listed).toEqual({ code: 0, out: 'sftp> ls -1\nevents\nprofiles\n', err: '' });

  expect((await cli('ssh-keys', 'remove', id)).code).toBe(0);
  expect((await run('sftp', [...options, ...command.split(' ').slice(1)], { input: 'ls -1\n' })).code).not.toBe(0);
});

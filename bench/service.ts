/* The real service as a process of its own, over the rig's database. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Rig } from './rig.ts';

const root = join(import.meta.dirname, '..');

export interface BenchService extends AsyncDisposable {
  readonly url: string;
  peakRssMb(): Promise<number>;
}

export async function startService(rig: Rig): Promise<BenchService> {
  const child = spawn(process.execPath, await startLine(), {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: rig.database.url,
      WHARF_DATA: join(rig.folder, 'data'),
      WHARF_PORT: '0',
      WHARF_ROLES: 'api,worker',
      WHARF_LOG_LEVEL: 'warn',
      WHARF_RATE_LIMIT_SCALE: '0',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  return {
    url: await readyAt(child),
    async peakRssMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      return Math.round((Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6);
    },
    async [Symbol.asyncDispose]() {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** What `npm start` gives to Node. */
async function startLine(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
}

async function readyAt(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('the service has no output');
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^Wharf is ready at (http\S+)/.exec(line)?.[1];
    if (url) {
      child.stderr.resume();
      return url;
    }
    console.error(line);
  }
  throw new Error('the service did not start');
}

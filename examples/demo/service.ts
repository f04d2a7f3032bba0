import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient, type Client } from '../../src/contract/client.ts';

/** The real service in a process of its own, as `npm start` runs it. */
export interface DemoService extends AsyncDisposable {
  readonly url: string;
  readonly operatorToken: string;
  readonly client: Client;
  /** Resolves when the process has ended, by itself or by a signal. */
  readonly ended: Promise<void>;
}

export async function startService(
  dataDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<DemoService> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/start.ts')], {
    env: {
      ...process.env,
      ...environment,
      WHARF_DATA: dataDir,
      WHARF_PORT: '0',
      WHARF_SFTP_PORT: '0',
      WHARF_SFTP_QUIET_SECONDS: '1',
      WHARF_LOG_LEVEL: 'warn',
      // the demo sends two years of a shop in seconds; the published limits are those of a live shop
      WHARF_RATE_LIMIT_SCALE: '50',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await readyAt(child);
  const operatorToken = (await readFile(join(dataDir, 'operator-token'), 'utf8')).trim();
  return {
    url,
    operatorToken,
    client: createClient({ baseUrl: url, token: operatorToken }),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The address from the line that the service prints for people when it is ready. */
async function readyAt(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('the service has no output');
  const lines = createInterface({ input: child.stderr });
  const words: string[] = [];
  for await (const line of lines) {
    const url = /^Wharf is ready at (http\S+)/.exec(line)?.[1];
    if (url) {
      // what it says from now on is for the reader of the demo
      void (async () => {
        for await (const later of lines) console.error(later);
      })();
      return url;
    }
    words.push(line);
  }
  throw new Error(`the service did not start:\n${words.join('\n')}`);
}

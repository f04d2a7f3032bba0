import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ShopApi } from '../../examples/demo/api.ts';
import type { Shop } from '../../examples/demo/syncing.ts';
import { createClient } from '../../src/contract/client.ts';
import { endpoints } from '../../src/contract/endpoints.ts';

/** The service as a child process that can be killed and started again, and the shop that lives in it. */
export class Victim implements AsyncDisposable {
  readonly stagedFolder: string;
  readonly #databaseUrl: string;
  readonly #dataDir: string;
  #child: ChildProcess | null = null;
  #url: Promise<string> | null = null;
  #account = '';
  #key = '';

  constructor(databaseUrl: string, dataDir: string) {
    this.#databaseUrl = databaseUrl;
    this.#dataDir = dataDir;
    this.stagedFolder = join(dataDir, 'staged');
  }

  /** Resolves when it is ready; does nothing when it runs. @throws when it ends before */
  async start(): Promise<void> {
    this.#url ??= this.#spawn();
    await this.#url;
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Resolves to the exit code; null when it did not run or was killed. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  get running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  async openShop(): Promise<Shop> {
    const client = createClient({ baseUrl: await this.#address(), token: await this.#token() });
    const account = await client.call(endpoints.createAccount, { body: { name: 'Chaos' } });
    const { key } = await client.call(endpoints.createApiKey, {
      params: { account: account.id },
      body: { name: 'chaos' },
    });
    this.#account = account.id;
    this.#key = key;
    return { client, account: account.id };
  }

  /** At its present address. @throws while it is down */
  async shop(): Promise<Shop> {
    return {
      client: createClient({ baseUrl: await this.#address(), token: await this.#token() }),
      account: this.#account,
    };
  }

  async shopApi(): Promise<ShopApi> {
    return { url: await this.#address(), key: this.#key };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #address(): Promise<string> {
    if (!this.#url) throw new Error('the service is down');
    return this.#url;
  }

  #token(): Promise<string> {
    return readFile(join(this.#dataDir, 'operator-token'), 'utf8').then((text) => text.trim());
  }

  async #spawn(): Promise<string> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/start.ts')], {
      env: {
        ...process.env,
        DATABASE_URL: this.#databaseUrl,
        WHARF_DATA: this.#dataDir,
        WHARF_PORT: '0',
        WHARF_LOG_LEVEL: 'silent',
        WHARF_RATE_LIMIT_SCALE: '0',
        WHARF_SECRET_KEY: 'a key that every life of the service shares',
      },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.#child = child;
    const words: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      const url = /^Wharf is ready at (http\S+)/.exec(line)?.[1];
      if (url) {
        child.stderr.resume();
        return url;
      }
      words.push(line);
    }
    throw new Error(`the service ended before it was ready:\n${words.join('\n')}`);
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#url?.catch(() => undefined);
    this.#child = null;
    this.#url = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return gone;
  }
}

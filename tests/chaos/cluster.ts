import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../src/db/embedded.ts';

/** A PostgreSQL at one address that can crash and come back. */
export class Cluster implements AsyncDisposable {
  readonly url: string;
  readonly #dataDir: string;
  #server: EmbeddedPostgres;

  private constructor(dataDir: string, server: EmbeddedPostgres) {
    this.#dataDir = dataDir;
    this.#server = server;
    this.url = server.url;
  }

  static async start(dataDir: string): Promise<Cluster> {
    return new Cluster(dataDir, await EmbeddedPostgres.start({ dataDir }));
  }

  /** Immediate shutdown: no checkpoint, connections cut, recovery from the log at the next start. */
  async crash(): Promise<void> {
    const lines = await readFile(join(this.#dataDir, 'data', 'postmaster.pid'), 'utf8');
    const gone = new Promise<void>((done) => this.#server.onUnexpectedExit(() => done()));
    process.kill(Number(lines.split('\n')[0]), 'SIGQUIT');
    await gone;
    this.#server = await EmbeddedPostgres.start({ dataDir: this.#dataDir, port: Number(new URL(this.url).port) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

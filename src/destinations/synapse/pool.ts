import { connect, type Server, type SqlConnection } from './connection.ts';
import type { SynapseSettings } from './spec.ts';

/** Connections of a session. One that met an error or an abort is not used again: the server then rolls back. */
export class Pool implements Disposable {
  readonly #server: Server;
  readonly #settings: SynapseSettings;
  #idle: SqlConnection[] = [];
  #ended = false;

  constructor(server: Server, settings: SynapseSettings) {
    this.#server = server;
    this.#settings = settings;
  }

  async use<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const connection = this.#takeIdle() ?? (await connect(this.#server, this.#settings, signal));
    try {
      const result = await work(connection);
      if (this.#ended) connection[Symbol.dispose]();
      else this.#idle.push(connection);
      return result;
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
  }

  #takeIdle(): SqlConnection | null {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.isUsable()) return connection;
      connection[Symbol.dispose]();
    }
    return null;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    for (const connection of this.#idle) connection[Symbol.dispose]();
    this.#idle = [];
  }
}

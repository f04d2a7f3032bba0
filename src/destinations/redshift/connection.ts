/** One session of Redshift over node-postgres, simple queries only: the part of the protocol that Redshift shares best. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, Query } from 'pg';
import { endSession } from './catalog.ts';
import { isLoopback } from './host.ts';
import type { RedshiftSettings } from './spec.ts';
import { prepareSession } from './sql.ts';

const connectTimeoutMs = 20_000;
const endTimeoutMs = 5000;

export type Cell = string | number | boolean | null;

export interface Answer {
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that the statement changed, as Redshift counts them. */
  readonly changed: number;
}

export class Connection implements AsyncDisposable {
  readonly #settings: RedshiftSettings;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #abort = (): void => void this.#abandon();
  #ending: Promise<void> | null = null;
  #sessionId: number | null = null;

  private constructor(settings: RedshiftSettings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
    this.#socket = new Socket();
    this.#client = new Client({
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: settings.username,
      password: settings.password,
      // Redshift's certificates are from Amazon Trust Services, whose roots Node trusts
      ssl: isLoopback(settings.host) ? false : { rejectUnauthorized: true },
      stream: () => this.#socket,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'wharf',
    });
    guard(this.#socket);
    this.#client.connection.once('sslconnect', () => guard(this.#client.connection.stream));
    // a connection that breaks between two statements shows at the next one
    this.#client.on('error', () => undefined);
  }

  /**
   * @param label what administrators see as the query group
   * @throws Error of node-postgres or Node
   */
  static async open(settings: RedshiftSettings, label: string, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const connection = new Connection(settings, signal);
    signal.addEventListener('abort', connection.#abort, { once: true });
    try {
      await connection.#client.connect();
      connection.#sessionId = Number((await connection.run(prepareSession(label))).rows[0]?.[0]);
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As Redshift's system views name this session. */
  get sessionId(): number {
    return this.#sessionId ?? 0;
  }

  /** One or more statements; the answer is that of the last. @throws Error of node-postgres */
  async run(sql: string): Promise<Answer> {
    this.#signal.throwIfAborted();
    return this.#send(sql);
  }

  /** One statement, in pieces that never become a string. They may be overwritten when it is done. */
  async runBytes(pieces: readonly Buffer[]): Promise<void> {
    this.#signal.throwIfAborted();
    const query = new Query('');
    query.submit = ({ stream }) => {
      const size = pieces.reduce((sum, { length }) => sum + length, 0);
      const head = Buffer.from('Q\0\0\0\0');
      // the size counts itself and the zero byte at the end
      head.writeUInt32BE(4 + size + 1, 1);
      stream.cork();
      for (const piece of [head, ...pieces, Buffer.of(0)]) stream.write(piece);
      stream.uncork();
    };
    const ended = once(query, 'end');
    this.#client.query(query);
    await ended;
  }

  /** Not cancelled any more: afterwards it is known whether the batch is in. */
  async commit(): Promise<void> {
    this.#signal.throwIfAborted();
    this.#signal.removeEventListener('abort', this.#abort);
    await this.#send('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.#send('ROLLBACK').catch(() => undefined);
  }

  async #send(sql: string): Promise<Answer> {
    const result: unknown = await this.#client.query({ text: sql, rowMode: 'array' });
    const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Cell[][]; rowCount: number | null };
    return { rows: last.rows, changed: last.rowCount ?? 0 };
  }

  /** Cuts the line, so that nobody waits, and has the server stop what it is still doing. */
  async #abandon(): Promise<void> {
    this.#socket.destroy(new Error('The work was cancelled.'));
    if (this.#sessionId === null) return;
    this.#ending ??= stopSession(this.#settings, this.#sessionId).catch(() => undefined);
    await this.#ending;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#abort);
    if (this.#socket.destroyed) {
      await this.#ending;
      return;
    }
    const ended = this.#client.end().catch(() => undefined);
    const late = setTimeout(() => this.#socket.destroy(), endTimeoutMs);
    await ended;
    clearTimeout(late);
    this.#socket.destroy();
  }
}

/** node-postgres throws at messages it does not know, out of an event, which would end the whole process. */
function guard(stream: Duplex): void {
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...values);
    try {
      return emit(event, ...values);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
      return true;
    }
  };
}

/** From a session beside it: best effort, since the server also notices that the line is cut. */
async function stopSession(settings: RedshiftSettings, sessionId: number): Promise<void> {
  await using beside = await Connection.open(settings, 'wharf:cancel', AbortSignal.timeout(endTimeoutMs));
  await beside.run(endSession(sessionId));
}

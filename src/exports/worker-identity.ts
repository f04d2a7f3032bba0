import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Database } from '../db/database.ts';

/** First half of the advisory locks' key: any constant that no other use of advisory locks has. */
export const workerLockClass = 7_201_954;

/**
 * Who a worker is, as an advisory lock on a connection of its own. PostgreSQL lets go of the lock when the process dies,
 * so the chunks of a killed worker are free at once, without waiting for their lease to end.
 */
export class WorkerIdentity {
  readonly key: number;
  /** Aborts when the connection, and with it the lock, is lost. */
  readonly lost: AbortSignal;
  readonly #client: pg.Client;

  private constructor(key: number, client: pg.Client, lost: AbortSignal) {
    this.key = key;
    this.#client = client;
    this.lost = lost;
  }

  /** @throws AppError STORE_UNAVAILABLE */
  static async take(db: Database): Promise<WorkerIdentity> {
    const client = await db.connect('wharf worker');
    const lost = new AbortController();
    client.once('end', () => lost.abort(new Error('the connection that holds the worker lock ended')));
    const key = randomInt(1, 2 ** 31);
    await client.query('select pg_advisory_lock($1, $2)', [workerLockClass, key]);
    return new WorkerIdentity(key, client, lost.signal);
  }

  async release(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

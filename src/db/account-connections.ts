import pg from 'pg';
import { becomeAccountRole } from './account-role.ts';

/**
 * Connections that see one account at a time. They take the role as they are made, and are thrown away when they cannot, so
 * that none ever runs as the owner by mistake. Without an account they see no row.
 */
export class AccountConnections {
  readonly #pool: pg.Pool;
  readonly #turnedTo = new WeakMap<pg.ClientBase, number>();

  constructor(config: pg.PoolConfig) {
    this.#pool = new pg.Pool({ ...config, onConnect: async (client) => void (await client.query(becomeAccountRole)) });
    this.#pool.on('error', () => undefined);
  }

  /**
   * A connection that is being turned to the account. The switch, when one is needed, goes out with the caller's first statement:
   * until `turned` resolves, nothing may be committed or handed on.
   */
  async take(accountId: number): Promise<{ readonly client: pg.PoolClient; readonly turned: Promise<unknown> }> {
    const client = await this.#pool.connect();
    return { client, turned: this.#turnedTo.get(client) === accountId ? done : this.#turn(client, accountId) };
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  #turn(client: pg.PoolClient, accountId: number): Promise<unknown> {
    this.#turnedTo.set(client, accountId);
    const turned = client.query({ ...turn, values: [String(accountId)] });
    turned.catch(() => this.#turnedTo.delete(client));
    return turned;
  }
}

const done = Promise.resolve();
const turn = { name: 'turn-to-account', text: "select set_config('wharf.account_id', $1, false)" };

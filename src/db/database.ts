import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { AppError } from '../kernel/app-error.ts';
import { backToAccountRole, leaveAccountRole } from './account-role.ts';
import { AccountConnections } from './account-connections.ts';

/** Where statements run: the pool, or one transaction. */
export interface Sql {
  /** A named statement is prepared once per connection; give names to hot statements only. */
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Result<Row>>;
  /** The same, in the same transaction, for what belongs to no account: row-level security does not bind it. */
  queryAsOwner<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Result<Row>>;
}

export type Statement = string | { readonly name: string; readonly text: string };

export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

export interface Result<Row> {
  readonly rows: Row[];
  /** Rows returned or touched. */
  readonly count: number;
}

/** Proof, in a signature, that the caller holds a transaction open. */
export interface Tx extends Sql {
  readonly inTransaction: true;
}

export interface TransactionOptions {
  /** `snapshot`: REPEATABLE READ, READ ONLY; every statement sees one moment. */
  readonly mode?: 'write' | 'snapshot';
  /** Asked when `work` has resolved: a statement that goes out together with the commit. When it fails, nothing is kept. */
  readonly last?: () => BoundStatement | null;
}

const int8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format ?? 'text'),
} as pg.CustomTypesConfig;

/** bigint columns hold counters and ids; all are far below 2^53, and this proves it at every read. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
}

export interface DatabaseOptions {
  /** Of the owner; what runs `within` accounts may have as many again. */
  readonly maxConnections?: number;
  readonly applicationName?: string;
  /** Off: `within` changes nothing, for databases whose user may not make a role. */
  readonly rowLevelSecurity?: boolean;
}

/** A connection for one piece of work. */
interface Taken {
  readonly client: pg.PoolClient;
  /** Resolves when it sees the one account it is for; null for a connection of the owner. */
  readonly turned: Promise<unknown> | null;
}

/** A pool of connections to one PostgreSQL database. */
export class Database implements Sql, AsyncDisposable {
  readonly url: string;
  readonly rowLevelSecurity: boolean;
  readonly #pool: pg.Pool;
  readonly #accounts: AccountConnections;
  readonly #within = new AsyncLocalStorage<number>();
  #nextFlush: Promise<unknown> | null = null;
  #lastFlush: Promise<unknown> = Promise.resolve();

  constructor(url: string, options: DatabaseOptions = {}) {
    this.url = url;
    this.rowLevelSecurity = options.rowLevelSecurity ?? true;
    const config: pg.PoolConfig = {
      connectionString: url,
      max: options.maxConnections ?? 10,
      application_name: options.applicationName ?? 'wharf',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // statements that are not awaited one by one go out together, and are answered in their order
      pipeline: true,
      types,
    };
    this.#pool = new pg.Pool(config);
    this.#accounts = new AccountConnections(config);
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  /**
   * In `work`, and in all that it waits for, the database seems to hold one account only: queries and transactions run as a
   * role that row-level security binds. Everything else runs as the owner, and so do connections of `connect`.
   * An async iterable that `work` returns runs outside, where it is read: see `eachWithin`.
   */
  within<T>(accountId: number, work: () => T): T {
    if (!this.rowLevelSecurity) return work();
    const present = this.#within.getStore();
    if (present !== undefined && present !== accountId) {
      throw new Error(`work within account ${present} cannot enter account ${accountId}`);
    }
    return this.#within.run(accountId, work);
  }

  async query<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Result<Row>> {
    const account = this.#within.getStore();
    if (account === undefined) return run<Row>(this.#pool, statement, values);
    const { client, turned } = await this.#accounts.take(account).catch(unavailable);
    let broken: Error | undefined;
    try {
      const [result] = await Promise.all([run<Row>(client, statement, values), turned]);
      return result;
    } catch (error) {
      // what a statement did wrong leaves the connection whole; without its account it would see nothing, and is turned anew
      if (!(error instanceof pg.DatabaseError)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  queryAsOwner<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Result<Row>> {
    return run<Row>(this.#pool, statement, values);
  }

  /** Runs `work` in one transaction: commits when it resolves, rolls back when it rejects. */
  async transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { client, turned } = await this.#take();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      const begun = run(
        client,
        options.mode === 'snapshot' ? 'begin isolation level repeatable read read only' : 'begin',
        [],
      );
      // goes out with the first statement; when it fails that one fails, too
      begun.catch(() => undefined);
      const tx: Tx = {
        inTransaction: true,
        query: (statement, values = []) => run(client, statement, values),
        queryAsOwner: (statement, values = []) =>
          turned ? runAsOwner(client, statement, values) : run(client, statement, values),
      };
      const result = await work(tx);
      await Promise.all([turned, begun]);
      const last = options.last?.();
      // PostgreSQL rolls back at the commit of a transaction in which a statement has failed
      await Promise.all([last && run(client, last.statement, last.values), run(client, 'commit', [])]);
      return result;
    } catch (error) {
      await client.query('rollback').catch((reason: Error) => (broken = reason));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /**
   * Resolves when all that had committed before the call is on disk, also what committed with `synchronous_commit` off: the
   * log is one sequence, so one synchronous commit carries everything before it. Calls that wait together share one.
   */
  async flush(): Promise<void> {
    this.#nextFlush ??= this.#lastFlush.then(() => {
      const flush = this.queryAsOwner("select pg_logical_emit_message(true, 'wharf', '')");
      this.#nextFlush = null;
      this.#lastFlush = flush.catch(() => undefined);
      return flush;
    });
    await this.#nextFlush;
  }

  /** A connection of the caller's own, for COPY, LISTEN and session locks. The caller ends it. */
  async connect(applicationName = 'wharf'): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      types,
    });
    client.on('error', () => undefined);
    await client.connect().catch(unavailable);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#pool.end(), this.#accounts.end()]);
  }

  #take(): Promise<Taken> {
    const account = this.#within.getStore();
    if (account !== undefined) return this.#accounts.take(account).catch(unavailable);
    return this.#pool.connect().then((client) => ({ client, turned: null }), unavailable);
  }
}

/** Each step of `items` runs within the account. */
export async function* eachWithin<T>(db: Database, accountId: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  const steps = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await db.within(accountId, () => steps.next());
      if (step.done) return;
      yield step.value;
    }
  } finally {
    await db.within(accountId, () => steps.return?.());
  }
}

/** Goes out in one piece, so that no other statement of the transaction comes between. */
async function runAsOwner<Row extends object>(
  client: pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Result<Row>> {
  const [, result] = await Promise.all([
    run(client, leaveAccountRole, []),
    run<Row>(client, statement, values),
    run(client, backToAccountRole, []),
  ]);
  return result;
}

async function run<Row extends object>(
  target: pg.Pool | pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Result<Row>> {
  const parts = typeof statement === 'string' ? { text: statement } : statement;
  const result = await target.query<Row>({ ...parts, values: values as unknown[] }).catch(translated);
  return { rows: result.rows, count: result.rowCount ?? 0 };
}

/** SQLSTATEs of a server that is going, coming or full: shutdown, crash, start-up, connection trouble, no resources. */
const outages = /^(57P0[1-5]|08|53)/;

/** A lost or refused connection becomes STORE_UNAVAILABLE; what a statement did wrong stays as PostgreSQL said it. */
function translated(error: unknown): never {
  const answered = error instanceof pg.DatabaseError;
  if (answered ? outages.test(error.code ?? '') : isConnectionError(error)) return unavailable(error);
  throw error;
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    'syscall' in error ||
    /^Connection terminated|^Client has encountered a connection error|timeout exceeded/.test(error.message)
  );
}

function unavailable(cause: unknown): never {
  throw new AppError('STORE_UNAVAILABLE', {
    cause,
    externalMessage: cause instanceof Error ? cause.message : String(cause),
  });
}

/** True for the SQLSTATE of a unique violation, optionally of one named constraint or index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '23505' &&
    (constraint === undefined || error.constraint === constraint)
  );
}

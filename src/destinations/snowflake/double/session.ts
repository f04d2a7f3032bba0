/** One session: its place, parameters, transaction and temporary tables, over a DuckDB connection of its own. */
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { quoted } from '../identifiers.ts';
import type { Account, User } from './account.ts';
import type { Engine } from './engine.ts';
import * as errors from './errors.ts';
import type { Locks } from './locks.ts';
import type { Stages } from './stage.ts';
import type { TableRef } from './translate.ts';

/** What all sessions share. */
export interface World {
  readonly account: Account;
  readonly engine: Engine;
  readonly stages: Stages;
  readonly locks: Locks;
  readonly sessions: Map<string, Session>;
  /** Where drivers reach the object store, without a slash at the end. */
  storeUrl: string;
}

export interface Transaction {
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  /** Whether DuckDB has begun: at the first statement that has its locks, so that it sees what was committed before. */
  begun: boolean;
}

/** How a statement is being run. */
export interface Run {
  readonly signal: AbortSignal;
  /** Told while another transaction's lock is waited for. */
  onBlocked(blocked: boolean): void;
}

let lastTransaction = Date.now() * 1_000_000;

export class Session {
  readonly id = String(Math.floor(Math.random() * 2 ** 48));
  readonly token = randomUUID();
  readonly masterToken = randomUUID();
  readonly user: User;
  readonly world: World;
  readonly connection: DuckDBConnection;
  readonly parameters = new Map<string, string>([
    ['AUTOCOMMIT', 'TRUE'],
    ['LOCK_TIMEOUT', '43200'],
  ]);
  readonly temporary = new Set<string>();
  role: string;
  warehouse: string | null = null;
  database: string | null = null;
  schema: string | null = null;
  transaction: Transaction | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #running: AbortController | null = null;
  #closed = false;

  private constructor(world: World, user: User, role: string, connection: DuckDBConnection) {
    this.world = world;
    this.user = user;
    this.role = role;
    this.connection = connection;
  }

  static async open(world: World, user: User, role: string): Promise<Session> {
    const session = new Session(world, user, role, await world.engine.connect());
    world.sessions.set(session.token, session);
    return session;
  }

  /** One statement at a time. The controller's abort stops the work, also in the engine. */
  exclusive<T>(controller: AbortController, work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (this.#closed)
        throw new errors.VendorError(
          '390111',
          '08001',
          'Session no longer exists. New login required to access the service.',
        );
      controller.signal.throwIfAborted();
      const interrupt = (): void => this.connection.interrupt();
      controller.signal.addEventListener('abort', interrupt, { once: true });
      this.#running = controller;
      try {
        return await work();
      } finally {
        this.#running = null;
        controller.signal.removeEventListener('abort', interrupt);
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  begin(name: string | null): void {
    if (this.transaction) return;
    lastTransaction += 1_000_000;
    this.transaction = { id: String(lastTransaction), name: name ?? randomUUID(), startedAt: new Date(), begun: false };
  }

  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const { transaction } = this;
    this.transaction = null;
    try {
      if (transaction?.begun) await this.connection.run(how);
    } finally {
      if (transaction) this.world.locks.releaseAll(this);
    }
  }

  /** From another session, or when this one ends: stops the running statement and rolls back. */
  async abort(): Promise<void> {
    this.#running?.abort(errors.canceled());
    const turn = this.#queue.then(() => this.end('ROLLBACK'));
    this.#queue = turn.catch(() => undefined);
    await turn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.world.sessions.delete(this.token);
    await this.abort();
    this.#closed = true;
    this.world.locks.releaseAll(this);
    this.connection.closeSync();
  }

  /** Runs work that changes rows or reads them, in the transaction that is open, in one of its own, or by itself. */
  async transacted<T>(locked: readonly string[], writes: boolean, run: Run, work: () => Promise<T>): Promise<T> {
    if (writes && !this.transaction && this.parameters.get('AUTOCOMMIT') === 'FALSE') this.begin(null);
    try {
      await this.#lock(locked, run);
      if (this.transaction && !this.transaction.begun) {
        await this.connection.run('BEGIN');
        this.transaction.begun = true;
      }
      return await work();
    } finally {
      if (!this.transaction) this.world.locks.releaseAll(this);
    }
  }

  async #lock(tables: readonly string[], run: Run): Promise<void> {
    const withinMs = Number(this.parameters.get('LOCK_TIMEOUT')) * 1000;
    const label = this.transaction?.id ?? this.id;
    if (this.world.locks.isTaken(tables, this)) run.onBlocked(true);
    for (const table of tables)
      await this.world.locks.acquire(table, this, label, Math.min(withinMs, 2 ** 31 - 1), run.signal);
    run.onBlocked(false);
  }

  /** The whole name of a table. @throws VendorError */
  fullName(parts: readonly string[]): readonly [string, string, string] {
    const [name = '', schema = this.schema, database = this.database] = parts.toReversed();
    if (database === null) {
      throw new errors.VendorError(
        '090105',
        '22000',
        "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.",
      );
    }
    return [database, schema ?? 'PUBLIC', name];
  }

  /** The table in DuckDB. */
  inEngine(parts: readonly string[]): string {
    const full = this.fullName(parts);
    return this.temporary.has(full.join('.')) ? `temp.main.${quoted(full.join('.'))}` : full.map(quoted).join('.');
  }

  /** @throws VendorError when the table is missing, or the role lacks what the statement does with it */
  async allow(ref: TableRef): Promise<void> {
    const [database, schema, name] = this.fullName(ref.parts);
    this.allowPlace(database, schema);
    const full = `${database}.${schema}.${name}`;
    if (this.temporary.has(full) || ref.privileges.includes('CREATE')) return;
    const { account, engine } = this.world;
    if (!account.sees(this.role, 'TABLE', full) || !(await engine.tableExists([database, schema, name]))) {
      throw errors.tableDoesNotExist(full);
    }
    const lacking = ref.privileges.find((privilege) => !account.may(this.role, privilege, 'TABLE', full));
    if (lacking) throw errors.insufficientPrivileges('table', name);
  }

  allowPlace(database: string, schema: string | null): void {
    const { account } = this.world;
    const schemas = account.databases.get(database);
    if (!schemas || !account.may(this.role, 'USAGE', 'DATABASE', database))
      throw errors.doesNotExist('Database', database);
    if (schema === null) return;
    const full = `${database}.${schema}`;
    if (!schemas.has(schema) || !account.may(this.role, 'USAGE', 'SCHEMA', full))
      throw errors.doesNotExist('Schema', full);
  }

  /** For statements that compute. @throws VendorError */
  wakeWarehouse(): void {
    const { account } = this.world;
    const warehouse = this.warehouse === null ? undefined : account.warehouses.get(this.warehouse);
    if (!warehouse || !account.may(this.role, 'USAGE', 'WAREHOUSE', this.warehouse ?? '')) throw errors.noWarehouse();
    if (warehouse.suspended && !warehouse.autoResume) throw errors.suspended(this.warehouse ?? '');
    warehouse.suspended = false;
  }

  /** What functions about the session stand for. */
  context(): Record<string, string> {
    const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
    return {
      CURRENT_ROLE: text(this.role),
      CURRENT_USER: text(this.user.name),
      CURRENT_ACCOUNT: text(this.world.account.name.toUpperCase()),
      CURRENT_WAREHOUSE: text(this.warehouse),
      CURRENT_DATABASE: text(this.database),
      CURRENT_SCHEMA: text(this.schema),
      CURRENT_SESSION: text(this.id),
      CURRENT_TRANSACTION: text(this.transaction?.id ?? null),
      CURRENT_VERSION: text('9.0.0 stand-in'),
      CURRENT_TIMESTAMP: 'now()',
    };
  }
}

/** Binds as the driver sends them: by number, with type and text. */
export function bindValues(
  bindings: Readonly<Record<string, { type: string; value: string | null }>> = {},
): DuckDBValue[] {
  return Object.keys(bindings)
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => {
      const { type, value } = bindings[number] ?? { type: 'TEXT', value: null };
      if (value === null) return null;
      if (type === 'FIXED') return BigInt(value);
      if (type === 'REAL') return Number(value);
      return type === 'BOOLEAN' ? value === 'true' : value;
    });
}

/** One dedicated SQL pool: a DuckDB file, its logins and grants, and its state. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { prepareCatalogue } from './catalogue.ts';
import type { CopySource } from './copy-into.ts';
import { Grants } from './grants.ts';
import { Locks } from './locks.ts';
import { SqlError } from './sql-error.ts';
import { SqlSession } from './sql-session.ts';
import { statementsOf } from './tokens-of-sql.ts';

export class SqlPool implements Disposable {
  readonly name: string;
  readonly source: CopySource;
  readonly grants = new Grants();
  readonly locks = new Locks();
  /** As somebody pauses a pool to save money. */
  paused = false;
  readonly #instance: DuckDBInstance;
  readonly #catalogue: DuckDBConnection;
  readonly #logins = new Map<string, string>();
  #definitions: Promise<unknown> = Promise.resolve();

  private constructor(name: string, source: CopySource, instance: DuckDBInstance, catalogue: DuckDBConnection) {
    this.name = name;
    this.source = source;
    this.#instance = instance;
    this.#catalogue = catalogue;
  }

  static async open(name: string, path: string, source: CopySource): Promise<SqlPool> {
    const instance = await DuckDBInstance.create(path, {
      threads: '2',
      memory_limit: '1GB',
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const catalogue = await instance.connect();
    for (const statement of prepareCatalogue) await catalogue.run(statement);
    return new SqlPool(name, source, instance, catalogue);
  }

  /** @throws SqlError when the pool does not let this login in */
  async signIn(user: string, password: string): Promise<SqlSession> {
    if (this.#logins.get(user) !== password) {
      throw new SqlError(18_456, `Login failed for user '${user}'.`, { severity: 14 });
    }
    if (this.paused) {
      throw new SqlError(
        42_108,
        'Can not connect to the SQL pool since it is paused. Please resume the SQL pool and try again.',
        { severity: 14 },
      );
    }
    return this.#session(user);
  }

  /** Every statement of a script, as the administrator; `GO` stands between batches. */
  async administer(script: string): Promise<void> {
    const session = await this.#session(null);
    try {
      for (const batch of script.split(/^GO\s*$/m)) {
        for (const statement of statementsOf(batch)) await session.run(statement, {}, neverAborted);
      }
    } finally {
      await session.end();
    }
  }

  /** To look at the data as it is. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async #session(user: string | null): Promise<SqlSession> {
    const connection = await this.#instance.connect();
    await connection.run('SET schema = dbo');
    await connection.run('SET VARIABLE login = $user', { user: user ?? 'sqladminuser' });
    await connection.run('SET VARIABLE trancount = 0');
    return new SqlSession(this, connection, user);
  }

  setLogin(user: string, password: string | null): void {
    if (password === null) this.#logins.delete(user);
    else this.#logins.set(user, password);
  }

  /** One definition at a time: DuckDB would let the second fail. */
  defining<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#definitions.then(work);
    this.#definitions = result.catch(() => undefined);
    return result;
  }

  async hasSchema(name: string): Promise<boolean> {
    const found = await this.#catalogue.runAndReadAll(
      'SELECT 1 FROM catalogue.sys_schemas WHERE lower(name) = lower($name)',
      { name },
    );
    return found.currentRowCount > 0;
  }

  async hasTable(schema: string, name: string): Promise<boolean> {
    const found = await this.#catalogue.runAndReadAll(
      'SELECT 1 FROM catalogue.information_schema_columns WHERE lower(table_schema) = lower($schema) AND lower(table_name) = lower($name) LIMIT 1',
      { schema, name },
    );
    return found.currentRowCount > 0;
  }

  [Symbol.dispose](): void {
    this.#catalogue.closeSync();
    this.#instance.closeSync();
  }
}

const neverAborted = new AbortController().signal;

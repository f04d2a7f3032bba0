/** What one connection may do in a pool: statements, its transaction, its locks. */
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { alterTable, createTable, dropTable, qualified, type ObjectName } from './catalogue.ts';
import { copyInto, readCopy } from './copy-into.ts';
import type { Right } from './grants.ts';
import type { SqlPool } from './sql-pool.ts';
import { doomed, SqlError, sqlErrorOf } from './sql-error.ts';
import { isSign, statementsOf, type SqlToken } from './tokens-of-sql.ts';
import { quotedName, quotedText, translate } from './translate.ts';

export type Values = Readonly<Record<string, DuckDBValue>>;

export type Outcome =
  | { readonly kind: 'rows'; readonly result: DuckDBResult }
  | { readonly kind: 'count'; readonly affected: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'transaction'; readonly change: 'begin' | 'commit' | 'rollback' };

const nothing: Outcome = { kind: 'nothing' };

export class SqlSession {
  readonly #pool: SqlPool;
  readonly #connection: DuckDBConnection;
  /** Null for the administrator. */
  readonly #user: string | null;
  #transaction: 'none' | 'open' | 'doomed' = 'none';
  /** DuckDB's own begins with the first statement that touches data, so that it sees what was committed before a lock was got. */
  #begun = false;

  constructor(pool: SqlPool, connection: DuckDBConnection, user: string | null) {
    this.#pool = pool;
    this.#connection = connection;
    this.#user = user;
  }

  /** @throws SqlError; inside a transaction only ROLLBACK works after that, as in a pool */
  async run(tokens: readonly SqlToken[], values: Values, signal: AbortSignal): Promise<Outcome> {
    const interrupt = (): void => this.#connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await this.#dispatch(tokens, values, signal);
    } catch (error) {
      this.fail();
      throw sqlErrorOf(error);
    } finally {
      signal.removeEventListener('abort', interrupt);
      if (this.#transaction === 'none') this.#pool.locks.releaseAll(this);
    }
  }

  /** An error met the transaction, if there is one. */
  fail(): void {
    if (this.#transaction === 'open') this.#transaction = 'doomed';
  }

  async end(): Promise<void> {
    if (this.#transaction !== 'none') await this.#finish('ROLLBACK').catch(() => undefined);
    this.#pool.locks.releaseAll(this);
    this.#connection.closeSync();
  }

  async #dispatch(tokens: readonly SqlToken[], values: Values, signal: AbortSignal): Promise<Outcome> {
    const [first, second] = tokens.map(({ word }) => word);
    if (first === 'BEGIN') return this.#begin();
    if (first === 'COMMIT' || first === 'ROLLBACK') return this.#end(first);
    if (first === 'IF') return this.#conditional(tokens, values, signal);
    if (first === 'SET' || first === 'PRINT') return nothing;
    if (first === 'USE') throw new SqlError(40_508, 'USE statement is not supported to switch between databases.');
    if (this.#transaction === 'doomed') throw doomed;
    if (first === 'COPY') return this.#copy(tokens, signal);
    if (first === 'CREATE' || first === 'DROP' || first === 'ALTER') return this.#define(tokens, first, second ?? '');
    if (first === 'GRANT' || first === 'REVOKE' || first === 'DENY') return this.#grant(tokens);
    if (first === 'EXEC' || first === 'EXECUTE') return this.#execute(tokens, signal);
    return this.#query(tokens, values, signal);
  }

  #begin(): Outcome {
    if (this.#transaction !== 'none') throw new SqlError(104_462, 'Nested transactions are not supported.');
    this.#transaction = 'open';
    return { kind: 'transaction', change: 'begin' };
  }

  async #end(how: 'COMMIT' | 'ROLLBACK'): Promise<Outcome> {
    if (this.#transaction === 'none') {
      throw new SqlError(3902, `The ${how} TRANSACTION request has no corresponding BEGIN TRANSACTION.`);
    }
    if (how === 'COMMIT' && this.#transaction === 'doomed') throw doomed;
    await this.#finish(how);
    return { kind: 'transaction', change: how === 'COMMIT' ? 'commit' : 'rollback' };
  }

  async #finish(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const begun = this.#begun;
    this.#begun = false;
    this.#transaction = 'none';
    try {
      if (begun) await this.#connection.run(how);
    } finally {
      this.#pool.locks.releaseAll(this);
    }
  }

  async #conditional(tokens: readonly SqlToken[], values: Values, signal: AbortSignal): Promise<Outcome> {
    const starts = new Set(['CREATE', 'INSERT', 'EXEC', 'ROLLBACK', 'COMMIT', 'DROP', 'GRANT', 'UPDATE', 'DELETE']);
    let depth = 0;
    const at = tokens.findIndex((token) => {
      if (isSign(token, '(')) depth += 1;
      if (isSign(token, ')')) depth -= 1;
      return depth === 0 && starts.has(token.word);
    });
    const condition = tokens.slice(1, at);
    if (condition[0]?.value === '@TRANCOUNT') {
      return this.#transaction === 'none' ? nothing : this.#dispatch(tokens.slice(at), values, signal);
    }
    if (this.#transaction === 'doomed') throw doomed;
    const found = await this.#connection.runAndReadAll(`SELECT CASE WHEN ${translate(condition)} THEN 1 ELSE 0 END`);
    return found.getRows()[0]?.[0] === 1 ? this.#dispatch(tokens.slice(at), values, signal) : nothing;
  }

  async #copy(tokens: readonly SqlToken[], signal: AbortSignal): Promise<Outcome> {
    const copy = readCopy(tokens);
    await this.#mustExist(copy.target);
    if (this.#user !== null) {
      this.#pool.grants.needs(this.#user, 'INSERT', copy.target, this.#pool.name);
      this.#pool.grants.needsBulk(this.#user);
    }
    await this.#beginEngine();
    return { kind: 'count', affected: await copyInto(this.#connection, copy, this.#pool.source, signal) };
  }

  async #define(tokens: readonly SqlToken[], verb: string, what: string): Promise<Outcome> {
    if (this.#transaction !== 'none') {
      throw new SqlError(111_212, '111212;Operation cannot be performed within a transaction.');
    }
    if (what === 'TABLE') {
      await this.#pool.defining(() => this.#defineTable(tokens, verb));
      return nothing;
    }
    this.#onlyAdministrator(`${verb} ${what}`);
    const name = tokens[2]?.value ?? '';
    if (what === 'SCHEMA') {
      await this.#connection.run(`CREATE SCHEMA ${quotedName(name)}`);
      await this.#connection.run(`INSERT INTO catalogue.sys_schemas VALUES (${quotedText(name)}, 5)`);
    } else if (what === 'USER' && verb === 'CREATE') {
      await this.#connection.run(`INSERT INTO catalogue.sys_database_principals VALUES (${quotedText(name)}, 5, 'S')`);
    } else if (what === 'LOGIN') {
      const password = tokens.find(({ kind }) => kind === 'text')?.value ?? '';
      this.#pool.setLogin(name, verb === 'DROP' ? null : password);
    } else {
      throw new SqlError(103_010, `Parse error: the stand-in does not know ${verb} ${what}.`);
    }
    return nothing;
  }

  async #defineTable(tokens: readonly SqlToken[], verb: string): Promise<void> {
    const [object, rest] = objectAt(tokens, 2);
    if (verb === 'CREATE') {
      if (this.#user !== null) this.#pool.grants.needsToCreate(this.#user, object.schema, this.#pool.name);
      await createTable(this.#connection, object, rest);
      return;
    }
    await this.#mustExist(object);
    if (this.#user !== null) this.#pool.grants.needs(this.#user, 'ALTER', object, this.#pool.name);
    await (verb === 'DROP' ? dropTable(this.#connection, object) : alterTable(this.#connection, object, rest));
  }

  #grant(tokens: readonly SqlToken[]): Outcome {
    this.#onlyAdministrator('GRANT');
    this.#pool.grants.apply(tokens);
    return nothing;
  }

  #onlyAdministrator(what: string): void {
    if (this.#user !== null)
      throw new SqlError(15_247, `User does not have permission to perform this action (${what}).`);
  }

  /** `EXEC (N'statement')` */
  async #execute(tokens: readonly SqlToken[], signal: AbortSignal): Promise<Outcome> {
    const text = tokens.find(({ kind }) => kind === 'text');
    if (!text) throw new SqlError(2812, `Could not find stored procedure '${tokens[1]?.value ?? ''}'.`);
    let last: Outcome = nothing;
    for (const statement of statementsOf(text.value)) last = await this.#dispatch(statement, {}, signal);
    return last;
  }

  async #query(tokens: readonly SqlToken[], values: Values, signal: AbortSignal): Promise<Outcome> {
    const verb = tokens[0]?.word ?? '';
    if (verb === 'INSERT') onlyConstants(tokens);
    const objects = await this.#objectsOf(tokens);
    const written = verb === 'SELECT' || verb === 'WITH' ? null : (objects[0] ?? null);
    this.#mayTouch(objects, written, verb);
    if (verb === 'UPDATE' && written) await this.#pool.locks.take(qualified(written).toLowerCase(), this, signal);
    await this.#beginEngine();
    const sql = translate(tokens);
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)));
    if (written) return { kind: 'count', affected: (await this.#connection.run(sql, used)).rowsChanged };
    return { kind: 'rows', result: await this.#connection.stream(sql, used) };
  }

  #mayTouch(objects: readonly ObjectName[], written: ObjectName | null, verb: string): void {
    if (this.#user === null) return;
    const { grants, name } = this.#pool;
    if (written) grants.needs(this.#user, verb as Right, written, name);
    for (const object of written ? objects.slice(1) : objects) grants.needs(this.#user, 'SELECT', object, name);
  }

  /** Tables by their full names, in their order; those that are not there are an error, as in a pool. */
  async #objectsOf(tokens: readonly SqlToken[]): Promise<ObjectName[]> {
    const objects: ObjectName[] = [];
    for (const [i, { value }] of tokens.entries()) {
      const name = tokens[i + 2]?.value;
      if (name !== undefined && isSign(tokens[i + 1], '.') && (await this.#pool.hasSchema(value))) {
        const object = { schema: value, name };
        await this.#mustExist(object);
        objects.push(object);
      } else if (precedeNames.has(tokens[i - 1]?.word ?? '') && (await this.#pool.hasTable('dbo', value))) {
        objects.push({ schema: 'dbo', name: value });
      }
    }
    return objects;
  }

  async #mustExist({ schema, name }: ObjectName): Promise<void> {
    if (await this.#pool.hasTable(schema, name)) return;
    throw new SqlError(208, `Invalid object name '${schema}.${name}'.`, { severity: 16 });
  }

  async #beginEngine(): Promise<void> {
    if (this.#transaction !== 'open' || this.#begun) return;
    await this.#connection.run('BEGIN');
    this.#begun = true;
  }
}

/** One row of constants and variables behind VALUES: a pool takes no more. */
function onlyConstants(tokens: readonly SqlToken[]): void {
  const values = tokens.findIndex(({ word }) => word === 'VALUES');
  if (values === -1) return;
  const rest = tokens.slice(values + 2);
  if (!rest.some((token) => isSign(token, '('))) return;
  throw new SqlError(
    104_334,
    'Insert values statement can contain only constant literal values or variable references.',
  );
}

const precedeNames = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE']);

function objectAt(tokens: readonly SqlToken[], at: number): [ObjectName, readonly SqlToken[]] {
  const schema = tokens[at]?.value ?? '';
  if (!isSign(tokens[at + 1], '.')) return [{ schema: 'dbo', name: schema }, tokens.slice(at + 1)];
  return [{ schema, name: tokens[at + 2]?.value ?? '' }, tokens.slice(at + 3)];
}

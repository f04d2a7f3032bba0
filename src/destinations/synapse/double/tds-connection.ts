/** One client: sign-in, then its batches, calls and transactions, one after the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultAction, FaultPlan } from '../../stand-in/faults.ts';
import type { Certificate } from './certificate.ts';
import { answerPrelogin, readLogin, type Login } from './login.ts';
import { readBatch, readCall } from './rpc.ts';
import { SqlError, sqlErrorOf } from './sql-error.ts';
import type { Outcome, SqlSession, Values } from './sql-session.ts';
import * as tds from './tokens.ts';
import { labelOf, statementsOf, type SqlToken } from './tokens-of-sql.ts';
import { columnMetadata, row, typesOf } from './values.ts';
import { packetType, Wire, type Message, type Reply } from './wire.ts';

export interface ServerParts {
  readonly certificate: Certificate;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
  /** @throws SqlError when it is refused */
  signIn(login: Login, address: string): Promise<SqlSession>;
}

/** Serves until the client has gone. */
export class TdsConnection {
  readonly #parts: ServerParts;
  readonly #socket: Socket;
  readonly #wire: Wire;
  readonly #descriptor = Buffer.from('0100000001000000', 'hex');
  #session: SqlSession | null = null;
  #work: Promise<void> = Promise.resolve();
  #busy = 0;
  /** Aborts the statement in hand. */
  #running = new AbortController();
  #attention = false;

  static serve(socket: Socket, parts: ServerParts): TdsConnection {
    return new TdsConnection(socket, parts);
  }

  private constructor(socket: Socket, parts: ServerParts) {
    this.#parts = parts;
    this.#socket = socket;
    this.#wire = new Wire(socket, (message) => this.#receive(message));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => void this.#leave());
  }

  async #leave(): Promise<void> {
    this.#running.abort();
    await this.#work;
    await this.#session?.end();
    this.#session = null;
  }

  #receive(message: Message): void {
    if (message.type === packetType.attention) {
      this.#attention = true;
      this.#running.abort();
      if (this.#busy > 0) return;
    }
    this.#busy += 1;
    this.#work = this.#work
      .then(() => this.#serve(message))
      .catch(() => this.#wire.destroy())
      .finally(() => {
        this.#busy -= 1;
      });
  }

  async #serve(message: Message): Promise<void> {
    const { type, data } = message;
    if (this.#socket.destroyed) return;
    if (type === packetType.prelogin) return this.#prelogin(data);
    if (type === packetType.login) return this.#login(readLogin(data));
    if (!this.#session) throw new Error('A client spoke before it had signed in.');
    this.#running = new AbortController();
    const reply = this.#wire.reply();
    if (!this.#attention && !message.ignored) await this.#request(this.#session, message, reply);
    if (this.#attention) await reply.write(tds.done('done', tds.doneStatus.attention));
    else if (message.ignored) await reply.write(tds.done('done', tds.doneStatus.error));
    this.#attention = false;
    await reply.end();
  }

  async #prelogin(data: Buffer): Promise<void> {
    const { secure, answer } = answerPrelogin(data);
    await this.#wire.send(packetType.reply, answer);
    if (secure) this.#wire.startTls(this.#parts.certificate);
  }

  async #login(login: Login): Promise<void> {
    const reply = this.#wire.reply();
    const fault = this.#parts.faults.take(`LOGIN ${login.user}`);
    try {
      if (fault) await this.#misbehave(fault, 'before');
      this.#session = await this.#parts.signIn(login, this.#socket.remoteAddress ?? '');
      const changes = [tds.databaseChanged(login.database), tds.collationChanged(), tds.loginAck()];
      await reply.write(Buffer.concat([...changes, tds.packetSizeChanged(login.packetBytes), tds.done('done', 0)]));
      await reply.end();
      this.#wire.packetBytes = login.packetBytes;
    } catch (error) {
      await reply.write(Buffer.concat([tds.error(sqlErrorOf(error)), tds.done('done', tds.doneStatus.error)]));
      await reply.end();
    }
  }

  async #request(session: SqlSession, { type, data }: Message, reply: Reply): Promise<void> {
    const called = type === packetType.rpc;
    try {
      if (type === packetType.transaction) return await this.#manageTransaction(session, data, reply);
      const { sql, values } = called ? readCall(data) : { sql: readBatch(data), values: {} };
      for (const statement of statementsOf(sql)) {
        await this.#statement(session, statement, values, { reply, called, bytes: data.length });
      }
      if (called) await reply.write(tds.returnStatus);
      await reply.write(tds.done(called ? 'doneProc' : 'done', tds.doneStatus.final));
    } catch (error) {
      // after an attention nothing is said but that it came
      if (this.#attention) return;
      await reply.write(tds.error(sqlErrorOf(error)));
      await reply.write(tds.done(called ? 'doneProc' : 'done', tds.doneStatus.error));
    }
  }

  async #statement(
    session: SqlSession,
    tokens: readonly SqlToken[],
    values: Values,
    context: { readonly reply: Reply; readonly called: boolean; readonly bytes: number },
  ): Promise<void> {
    const label = labelOf(tokens);
    const fault = this.#parts.faults.take(label);
    if (fault?.kind === 'error') session.fail();
    if (fault) await this.#misbehave(fault, 'before');
    const start = performance.now();
    const outcome = await session.run(tokens, values, this.#running.signal);
    if (fault) await this.#misbehave(fault, 'after');
    await this.#answer(outcome, context.reply, context.called);
    this.#parts.calls.add({ label, bytesReceived: context.bytes, milliseconds: performance.now() - start });
  }

  async #answer(outcome: Outcome, reply: Reply, called: boolean): Promise<void> {
    const kind = called ? 'doneInProc' : 'done';
    const { more, count } = tds.doneStatus;
    if (outcome.kind === 'rows') {
      const types = typesOf(outcome.result.columnTypes());
      await reply.write(columnMetadata(outcome.result.columnNames(), types));
      let rows = 0;
      for await (const chunk of outcome.result.yieldRows()) {
        this.#running.signal.throwIfAborted();
        for (const each of chunk) await reply.write(row(each, types));
        rows += chunk.length;
      }
      await reply.write(tds.done(kind, more | count, rows));
    } else if (outcome.kind === 'count') {
      await reply.write(tds.done(kind, more | count, outcome.affected));
    } else {
      if (outcome.kind === 'transaction') await reply.write(tds.transactionChanged(outcome.change, this.#descriptor));
      await reply.write(tds.done(kind, more));
    }
  }

  /** Transactions that a driver's own calls begin and end. */
  async #manageTransaction(session: SqlSession, data: Buffer, reply: Reply): Promise<void> {
    const request = data.readUInt16LE(data.readUInt32LE(0));
    const statement = new Map([
      [5, 'BEGIN TRANSACTION'],
      [7, 'COMMIT TRANSACTION'],
      [8, 'ROLLBACK TRANSACTION'],
    ]).get(request);
    if (statement === undefined) throw new SqlError(104_462, 'Savepoints are not supported.');
    for (const tokens of statementsOf(statement)) {
      await this.#statement(session, tokens, {}, { reply, called: false, bytes: data.length });
    }
    await reply.write(tds.done('done', tds.doneStatus.final));
  }

  /** @throws SqlError for a fault that is an error; an error when the connection is cut or the client gives up */
  async #misbehave(fault: FaultAction, when: 'before' | 'after'): Promise<void> {
    if (fault.kind === 'drop') {
      if (fault.when !== when) return;
      this.#wire.destroy();
      throw new Error('The connection is cut on purpose.');
    }
    if (when === 'after') return;
    if (fault.kind === 'error') {
      const { number, message, severity } = fault.error;
      throw new SqlError(Number(number), String(message), { severity: Number(severity ?? 16) });
    }
    if (fault.kind === 'slow') {
      await sleep(fault.ms, undefined, { signal: this.#running.signal });
      return;
    }
    const signal = this.#running.signal;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
}

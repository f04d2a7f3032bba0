/** One session of Snowflake: statements one after another, each of which can be cancelled. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowStatement, StatementOption } from 'snowflake-sdk';
import { AppError } from '../../kernel/app-error.ts';
import { connect } from './driver.ts';
import type { SnowflakeSettings } from './spec.ts';

export type Row = Readonly<Record<string, unknown>>;
type Bind = string | number;

/** The driver sends again for hours what is not answered; a short statement that takes longer than this has failed. */
const answerWithinMs = 20 * 60_000;
/** A poll of a running statement may fail for so long before the statement is given up. */
const silenceMs = 5 * 60_000;

/** `BLOCKED` waits for another transaction's lock; the driver itself takes it for an error. */
const running: ReadonlySet<string> = new Set([
  'RUNNING',
  'RESUMING_WAREHOUSE',
  'QUEUED',
  'QUEUED_REPARING_WAREHOUSE',
  'BLOCKED',
  'NO_DATA',
]);

const sessionTokenExpired = '390112';

export class Link {
  readonly #connection: Connection;
  #closing: Promise<void> | null = null;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(settings: SnowflakeSettings, endpoint: string | null, signal: AbortSignal): Promise<Link> {
    const connecting = connect(settings, endpoint).then((connection) => new Link(connection));
    try {
      return await unlessAborted(connecting, signal, answerWithinMs);
    } catch (error) {
      // one that comes late must not stay
      connecting.then((link) => link.close()).catch(() => undefined);
      throw error;
    }
  }

  /** Waits for the answer on one connection. Sent again by the driver if that breaks; the server knows it by its request id. */
  async run(sqlText: string, signal: AbortSignal, binds: readonly Bind[] = []): Promise<Row[]> {
    return this.#execute({ sqlText, binds: [...binds] }, signal);
  }

  /**
   * Submits the statement and asks by its query id until it is done, so that a broken connection loses nothing, however long it
   * takes.
   */
  async runLong(sqlText: string, signal: AbortSignal, binds: readonly Bind[] = []): Promise<Row[]> {
    let submitted: RowStatement | undefined;
    // without `streamResult` the driver keeps the error of a submission to itself
    const options = { sqlText, binds: [...binds], asyncExec: true, streamResult: true };
    await this.#execute(options, signal, (statement) => (submitted = statement));
    const queryId = submitted?.getQueryId() ?? '';
    try {
      await this.#whileRunning(queryId, signal);
    } catch (error) {
      submitted?.cancel(() => undefined);
      throw error;
    }
    return this.#settle(
      (complete) => this.#connection.fetchResult({ queryId, complete }) as RowStatement,
      signal,
      undefined,
    );
  }

  /** Ends the session, which rolls back what is open and drops temporary tables. Never fails. */
  close(): Promise<void> {
    this.#closing ??= Promise.race([
      new Promise<void>((resolve) => this.#connection.destroy(() => resolve())),
      sleep(10_000, undefined, { ref: false }),
    ]);
    return this.#closing;
  }

  #execute(
    options: StatementOption,
    signal: AbortSignal,
    onStatement?: (statement: RowStatement) => void,
  ): Promise<Row[]> {
    return this.#settle(
      (complete) => this.#connection.execute({ ...options, complete }) as RowStatement,
      signal,
      onStatement,
    );
  }

  async #settle(
    start: (complete: NonNullable<StatementOption['complete']>) => RowStatement,
    signal: AbortSignal,
    onStatement: ((statement: RowStatement) => void) | undefined,
  ): Promise<Row[]> {
    signal.throwIfAborted();
    let statement: RowStatement | undefined;
    const settled = new Promise<Row[]>((resolve, reject) => {
      statement = start((error, _, rows) => (error ? reject(error) : resolve((rows ?? []) as Row[])));
      onStatement?.(statement);
    });
    try {
      return await unlessAborted(settled, signal, answerWithinMs);
    } catch (error) {
      if (signal.aborted || error instanceof AppError) statement?.cancel(() => undefined);
      throw error;
    }
  }

  async #whileRunning(queryId: string, signal: AbortSignal): Promise<void> {
    let heardAt = Date.now();
    for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
      try {
        const status = await unlessAborted(this.#connection.getQueryStatus(queryId), signal, silenceMs);
        if (!running.has(status)) return;
        heardAt = Date.now();
      } catch (error) {
        if (signal.aborted || Date.now() - heardAt > silenceMs) throw error;
        // a poll does not renew the token of the session, a heartbeat does
        if (codeOf(error) === sessionTokenExpired) await this.#connection.isValidAsync();
      }
      await sleep(pause, undefined, { signal });
    }
  }
}

/** The driver's promises know nothing of signals. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, withinMs: number): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over.signal });
  });
  const late = sleep(withinMs, undefined, { ref: false, signal: over.signal }).then(() => {
    throw new AppError('TIMEOUT', { summary: 'Snowflake did not answer in time.' });
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, aborted, late]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}

/** One client of the stand-in: the protocol passes through to PostgreSQL, but for what only Redshift knows. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { FaultAction } from '../../stand-in/faults.ts';
import type { StandInContext } from '../../stand-in/stand-in.ts';
import { RedshiftError, type CopiedFiles } from './copy.ts';
import { asRedshift, loadErrorOf, raise, type LoadError } from './errors.ts';
import {
  errorFields,
  errorFrame,
  frame,
  FrameReader,
  queryFrame,
  queryText,
  rewriteParse,
  type Frame,
} from './frames.ts';
import { label, parseCopy, translate, type CopyStatement } from './translate.ts';

const protocol3 = 196_608;
const cancelRequest = 80_877_102;

export interface ProxyParts extends Pick<StandInContext, 'faults' | 'calls'> {
  readonly enginePort: number;
  /** @throws RedshiftError */
  fetchFiles(statement: CopyStatement): Promise<CopiedFiles>;
  recordLoadError(error: LoadError, session: { readonly user: string; readonly id: number }): Promise<void>;
}

export class ProxySession {
  readonly #client: Socket;
  readonly #engine: Socket;
  readonly #parts: ProxyParts;
  readonly #fromClient = new FrameReader();
  readonly #fromEngine = new FrameReader();
  readonly #closed: Promise<void>;
  #started = false;
  #busy = false;
  #user = '';
  #sessionId = 0;
  /** Gets the engine's messages while a statement of ours is in hand. */
  #sink: ((message: Frame) => void) | null = null;

  constructor(client: Socket, parts: ProxyParts) {
    this.#client = client;
    this.#parts = parts;
    this.#engine = connect(parts.enginePort, '127.0.0.1').setNoDelay(true);
    this.#closed = new Promise((done) => this.#engine.once('close', () => done()));
    client.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      this.#fromClient.push(chunk);
      // what the stand-in itself cannot do costs this client its line, not everybody the stand-in
      this.#pump().catch(() => client.destroy());
    });
    this.#engine.on('data', (chunk: Buffer) => this.#receive(chunk));
    client.on('error', () => undefined).on('close', () => this.#engine.destroy());
    this.#engine.on('error', () => undefined).on('close', () => client.end());
  }

  /** One message after the other: what comes while a statement is in hand waits. */
  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#started) {
        const message = this.#fromClient.nextStartup();
        if (!message) return;
        this.#start(message);
      }
      for (let message = this.#fromClient.next(); message; message = this.#fromClient.next())
        await this.#handle(message);
    } finally {
      this.#busy = false;
    }
  }

  #start(message: Buffer): void {
    const code = message.readUInt32BE(4);
    if (code === protocol3) {
      const words = message.toString('utf8', 8).split('\0');
      this.#user = words[words.indexOf('user') + 1] ?? '';
      this.#started = true;
    } else if (code !== cancelRequest) {
      // no TLS: the stand-in is for this machine
      this.#client.write('N');
      return;
    }
    this.#engine.write(message);
  }

  async #handle(message: Frame): Promise<void> {
    if (message.type === 'Q') return this.#query(queryText(message), message.bytes.length);
    this.#engine.write(message.type === 'P' ? rewriteParse(message, translate) : message.bytes);
  }

  async #query(sql: string, bytesReceived: number): Promise<void> {
    const call = label(sql);
    const fault = this.#parts.faults.take(call);
    if (fault?.kind === 'hang') {
      this.#parts.calls.add({ label: call, bytesReceived, milliseconds: 0 });
      return new Promise(() => undefined);
    }
    if (fault?.kind === 'drop' && fault.when === 'before') return void this.#client.destroy();
    if (fault?.kind === 'slow') await new Promise((done) => setTimeout(done, fault.ms));
    const started = performance.now();
    const mute = fault?.kind === 'drop';
    await this.#execute(sql, fault, mute);
    this.#parts.calls.add({ label: call, bytesReceived, milliseconds: performance.now() - started });
    if (mute) this.#client.destroy();
  }

  async #execute(sql: string, fault: FaultAction | null, mute: boolean): Promise<void> {
    if (fault?.kind === 'error') {
      const { sqlState = 'XX000', message = '1040', detail = '', loadError } = fault.error;
      if (loadError) await this.#record(loadError as LoadError);
      return this.#run(raise(String(sqlState), String(message), String(detail)), mute);
    }
    const copy = parseCopy(sql);
    if (!copy) return this.#run(translate(sql), mute);
    try {
      await using copied = await this.#parts.fetchFiles(copy);
      await this.#load(copy, copied, mute);
    } catch (error) {
      if (!(error instanceof RedshiftError)) throw error;
      await this.#run(raise(error.sqlState, error.message, error.detail), mute);
    }
  }

  /** Sends a statement and passes the answers on, unless muted, until the engine is ready again. */
  async #run(sql: string, mute: boolean, onMessage: (message: Frame) => Frame | null = (message) => message) {
    const ready = new Promise<void>((done) => {
      this.#sink = (message) => {
        const shown = onMessage(message);
        if (shown && !mute) this.#forward(shown);
        if (message.type === 'Z') done();
      };
    });
    this.#engine.write(queryFrame(sql));
    await Promise.race([ready, this.#closed]);
    this.#sink = null;
  }

  /** PostgreSQL's own COPY, of which the client sees only the end. */
  async #load({ table, columns }: CopyStatement, { files }: CopiedFiles, mute: boolean): Promise<void> {
    let failed = false;
    let sending: Promise<void> = Promise.resolve();
    let recording: Promise<void> = Promise.resolve();
    const send = async (): Promise<void> => {
      for (const { path } of files) {
        for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
          if (failed) return;
          if (!this.#engine.write(frame('d', chunk as Buffer))) await once(this.#engine, 'drain');
        }
      }
      if (!failed) this.#engine.write(frame('c', Buffer.alloc(0)));
    };
    const held: Frame[] = [];
    await this.#run(`COPY ${table} ${columns} FROM STDIN (FORMAT csv)`, mute, (message) => {
      if (message.type === 'G') {
        sending = send();
        return null;
      }
      if (message.type === 'E') {
        failed = true;
        const error = loadErrorOf(errorFields(message), files[0]?.url ?? '');
        recording = this.#record(error);
        held.push({ type: 'E', bytes: errorFrame(error.fields) });
        return null;
      }
      if (!failed) return message;
      held.push(message);
      return null;
    });
    await sending;
    // the client may ask at once why it failed
    await recording;
    if (!mute) for (const message of held) this.#client.write(message.bytes);
  }

  #record(error: LoadError): Promise<void> {
    return this.#parts.recordLoadError(error, { user: this.#user, id: this.#sessionId });
  }

  #receive(chunk: Buffer): void {
    this.#fromEngine.push(chunk);
    for (let message = this.#fromEngine.next(); message; message = this.#fromEngine.next()) {
      if (message.type === 'K') this.#sessionId = message.bytes.readUInt32BE(5);
      if (this.#sink) this.#sink(message);
      else this.#forward(message);
    }
  }

  #forward(message: Frame): void {
    this.#client.write(message.type === 'E' ? errorFrame(asRedshift(errorFields(message))) : message.bytes);
  }
}

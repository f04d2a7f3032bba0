/**
 * One SFTP session over any stream of bytes: requests are done one after the other and answered in their order. Reading stops while
 * requests or replies pile up, so a client that does not listen costs no memory.
 */
import type { Duplex } from 'node:stream';
import { AppError } from '../kernel/app-error.ts';
import type { Logger } from '../kernel/logger.ts';
import { WireError } from '../kernel/ssh-wire.ts';
import type { AccountFiles } from './account-files.ts';
import { BufferPool, PacketSplitter } from './packets.ts';
import {
  attributesReply,
  handleReply,
  limits,
  limitsReply,
  nameReply,
  pathReply,
  roomReply,
  statusReply,
  versionReply,
} from './replies.ts';
import { packetType, packetTypes, readInit, readRequest, readWrite, requestId, type Request } from './requests.ts';
import { SftpError, type Status } from './status.ts';

export interface SessionDeps {
  readonly files: AccountFiles;
  readonly log: Logger;
  /** Whether replies pile up below the stream; `proceed` is called when they no longer do. */
  isCongested(): boolean;
  /** Bytes of the stream that are read. */
  discard(chunk: Buffer): void;
  /** All is answered, and the client has said that nothing more comes. */
  onEnd(): void;
  /** The client does not speak SFTP: the session is over. */
  onBroken(why: string): void;
}

const mostQueued = { bytes: 2 * 1024 * 1024, packets: 256 };
/** Writes that are one after the other in the file go to the disk as one. */
const mostTogether = 64;
/** Room for what stands around the data of a WRITE. */
const packetSlack = 1024;
/** Of all sessions of this process. */
const pool = new BufferPool();

export class SftpSession {
  readonly #stream: Duplex;
  readonly #deps: SessionDeps;
  readonly #splitter = new PacketSplitter(limits.packet + packetSlack, pool);
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #working: Promise<void> | null = null;
  #state: 'new' | 'open' | 'over' = 'new';
  #inputEnded = false;

  constructor(stream: Duplex, deps: SessionDeps) {
    this.#stream = stream;
    this.#deps = deps;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('end', () => {
      this.#inputEnded = true;
      this.proceed();
    });
    stream.on('drain', () => this.proceed());
    stream.on('error', () => undefined);
  }

  /** Goes on with what is queued. */
  proceed(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      if (this.#state !== 'over' && (this.#queue.length > 0 ? !this.#isHeldUp() : this.#inputEnded)) this.proceed();
    });
  }

  /** The connection is gone, or has to go: nothing more is done, and what is open is given up. Idempotent. */
  async abort(): Promise<void> {
    this.#over();
    await this.#working;
    await this.#deps.files.abandon();
  }

  #over(): void {
    this.#state = 'over';
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #isHeldUp(): boolean {
    return this.#state === 'over' || this.#stream.writableNeedDrain || this.#deps.isCongested();
  }

  #take(chunk: Buffer): void {
    if (this.#state === 'over') return;
    try {
      for (const packet of this.#splitter.push(chunk)) {
        this.#queue.push(packet);
        this.#queuedBytes += packet.length;
      }
    } catch (error) {
      return this.#break(error);
    }
    this.#deps.discard(chunk);
    if (this.#queuedBytes > mostQueued.bytes || this.#queue.length > mostQueued.packets) this.#stream.pause();
    this.proceed();
  }

  async #work(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#isHeldUp()) {
        if (this.#state === 'open' && packetType(this.#queue[0] as Buffer) === packetTypes.write) await this.#writes();
        else {
          const packet = this.#shift();
          await this.#next(packet);
          pool.giveBack(packet);
        }
        if (this.#queuedBytes * 2 <= mostQueued.bytes && this.#queue.length * 2 <= mostQueued.packets) {
          if (this.#stream.isPaused()) this.#stream.resume();
        }
      }
    } catch (error) {
      return this.#break(error);
    }
    if (this.#inputEnded && this.#queue.length === 0 && this.#state !== 'over') {
      this.#over();
      this.#deps.onEnd();
    }
  }

  #shift(): Buffer {
    const packet = this.#queue.shift() as Buffer;
    this.#queuedBytes -= packet.length;
    return packet;
  }

  async #next(packet: Buffer): Promise<void> {
    if (this.#state === 'new') {
      if (packetType(packet) !== packetTypes.init) throw new WireError('a request before the greeting');
      readInit(packet);
      this.#state = 'open';
      this.#send(versionReply());
      return;
    }
    const id = requestId(packet);
    let reply: Buffer;
    try {
      reply = await answer(id, readRequest(packet), this.#deps.files);
    } catch (error) {
      const [status, message] = this.#refusal(error);
      reply = statusReply(id, status, message);
    }
    this.#send(reply);
  }

  /** All writes at the head of the queue that continue each other. */
  async #writes(): Promise<void> {
    const first = readWrite(this.#queue[0] as Buffer);
    const packets: Buffer[] = [];
    const ids: number[] = [];
    const parts: Buffer[] = [];
    let bytes = 0;
    while (this.#queue.length > 0 && ids.length < mostTogether) {
      const packet = this.#queue[0] as Buffer;
      if (packetType(packet) !== packetTypes.write) break;
      const write = readWrite(packet);
      if (write.handle !== first.handle || write.offset !== first.offset + bytes) break;
      this.#queue.shift();
      packets.push(packet);
      ids.push(write.id);
      parts.push(write.data);
      bytes += write.data.length;
    }
    let outcome: [Status, string?] = ['ok'];
    try {
      await this.#deps.files.write(first.handle, first.offset, parts, bytes);
    } catch (error) {
      outcome = this.#refusal(error);
    }
    // until here the bytes are held, so until here they count
    for (const packet of packets) {
      this.#queuedBytes = Math.max(0, this.#queuedBytes - packet.length);
      pool.giveBack(packet);
    }
    this.#send(Buffer.concat(ids.map((id) => statusReply(id, ...outcome))));
  }

  #send(reply: Buffer): void {
    if (this.#state !== 'over') this.#stream.write(reply);
  }

  /** What the client is told. @throws WireError as it is: the session cannot go on */
  #refusal(error: unknown): [Status, string] {
    if (error instanceof SftpError) return [error.status, error.message];
    if (error instanceof WireError) throw error;
    this.#deps.log.error({ err: error }, 'sftp.request.failed');
    const words = error instanceof AppError ? error.summary : 'The server could not do this; its log says why';
    return ['failure', words];
  }

  #break(error: unknown): void {
    if (this.#state === 'over') return;
    this.#over();
    this.#deps.onBroken(error instanceof Error ? error.message : String(error));
  }
}

async function answer(id: number, request: Request, files: AccountFiles): Promise<Buffer> {
  switch (request.kind) {
    case 'open':
      return handleReply(id, await files.open(request.path, request.flags));
    case 'close':
      return done(id, files.close(request.handle));
    case 'read':
      throw new SftpError('permissionDenied', 'Files cannot be read back');
    case 'stat':
      return attributesReply(id, await files.stat(request.path));
    case 'fstat':
      return attributesReply(id, await files.fstat(request.handle));
    case 'setstat':
      return done(id, files.setStat(request.path, request.attributes));
    case 'fsetstat':
      return done(id, files.fsetStat(request.handle, request.attributes));
    case 'opendir':
      return handleReply(id, await files.openFolder(request.path));
    case 'readdir': {
      const entries = await files.readFolder(request.handle);
      return entries ? nameReply(id, entries) : statusReply(id, 'endOfFile');
    }
    case 'remove':
      return done(id, files.remove(request.path));
    case 'mkdir':
      return done(id, files.makeFolder(request.path));
    case 'rmdir':
      return done(id, files.removeFolder(request.path));
    case 'rename':
      return done(id, files.rename(request.from, request.to, request.replace));
    case 'realpath':
      return pathReply(id, request.path);
    case 'fsync':
      return done(id, files.fsync(request.handle));
    case 'statvfs':
      return roomReply(id, await files.room());
    case 'limits':
      return limitsReply(id);
  }
}

async function done(id: number, work: Promise<void>): Promise<Buffer> {
  await work;
  return statusReply(id, 'ok');
}

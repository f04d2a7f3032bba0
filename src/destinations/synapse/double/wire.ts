/** TDS packets over a socket, in the clear at first, then over TLS that is shaken hands on inside TDS packets. */
import type { Socket } from 'node:net';
import { Duplex, type Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

export const packetType = {
  batch: 0x01,
  rpc: 0x03,
  reply: 0x04,
  attention: 0x06,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
} as const;

const headerBytes = 8;
const lastPacket = 0x01;
const ignored = 0x02;

export interface Message {
  readonly type: number;
  readonly data: Buffer;
  /** The client changed its mind while sending. */
  readonly ignored: boolean;
}

export class Wire {
  readonly #socket: Socket;
  readonly #onMessage: (message: Message) => void;
  #out: Writable;
  #handshake: Handshake | null = null;
  /** Agreed at login. */
  packetBytes = 4096;

  constructor(socket: Socket, onMessage: (message: Message) => void) {
    this.#socket = socket;
    this.#out = socket;
    this.#onMessage = onMessage;
    const clear = new Framer(onMessage);
    socket.on('data', (bytes: Buffer) => (this.#handshake ? this.#handshake.feed(bytes) : clear.feed(bytes)));
  }

  /** From now on the client speaks TLS. */
  startTls({ key, cert }: Certificate): void {
    const handshake = new Handshake(this.#socket);
    this.#handshake = handshake;
    const secure = new TLSSocket(handshake.stream, { isServer: true, key, cert, maxVersion: 'TLSv1.2' });
    const framer = new Framer(this.#onMessage);
    secure.on('data', (bytes: Buffer) => framer.feed(bytes));
    secure.on('error', () => this.destroy());
    this.#out = secure;
  }

  /** A message that is sent while it is made. */
  reply(): Reply {
    return new Reply(this.#out, this.packetBytes);
  }

  async send(type: number, data: Buffer): Promise<void> {
    const reply = new Reply(this.#out, this.packetBytes, type);
    await reply.write(data);
    await reply.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Cuts bytes into messages. */
class Framer {
  readonly #onMessage: (message: Message) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  feed(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= headerBytes) {
      const length = this.#bytes.readUInt16BE(2);
      if (this.#bytes.length < length) return;
      const [type = 0, status = 0] = this.#bytes;
      this.#parts.push(this.#bytes.subarray(headerBytes, length));
      this.#bytes = this.#bytes.subarray(length);
      if ((status & lastPacket) === 0) continue;
      const data = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#onMessage({ type, data, ignored: (status & ignored) !== 0 });
    }
  }
}

/** One reply, cut into packets as it grows, at the speed of the reader. */
export class Reply {
  readonly #out: Writable;
  readonly #type: number;
  readonly #room: number;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #number = 1;

  constructor(out: Writable, packetBytes: number, type: number = packetType.reply) {
    this.#out = out;
    this.#type = type;
    this.#room = packetBytes - headerBytes;
  }

  async write(data: Buffer): Promise<void> {
    this.#waiting.push(data);
    this.#bytes += data.length;
    if (this.#bytes <= this.#room * 16) return;
    const all = Buffer.concat(this.#waiting);
    let at = 0;
    // the last packet is told apart, so that one is always kept back
    for (; all.length - at > this.#room; at += this.#room) this.#packet(all.subarray(at, at + this.#room), 0);
    this.#waiting = [all.subarray(at)];
    this.#bytes = all.length - at;
    if (this.#out.writableNeedDrain && !this.#out.destroyed) await drained(this.#out);
  }

  async end(): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    let at = 0;
    for (; all.length - at > this.#room; at += this.#room) this.#packet(all.subarray(at, at + this.#room), 0);
    this.#packet(all.subarray(at), lastPacket);
  }

  #packet(data: Buffer, status: number): void {
    const header = Buffer.alloc(headerBytes);
    header[0] = this.#type;
    header[1] = status;
    header.writeUInt16BE(data.length + headerBytes, 2);
    header[6] = this.#number++ & 0xff;
    this.#out.write(Buffer.concat([header, data]));
  }
}

function drained(out: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    out.off('drain', done).off('close', done);
    resolve();
  };
  out.on('drain', done).on('close', done);
  return promise;
}

/**
 * The stream TLS runs on. During the handshake both sides wrap its bytes into PRELOGIN packets; the first bytes of the
 * client that are not wrapped end that, for both.
 */
class Handshake {
  readonly stream: Duplex;
  readonly #socket: Socket;
  #wrapped = true;
  #bytes: Buffer = Buffer.alloc(0);
  #outgoing: Buffer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    this.stream = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#send(chunk);
        done();
      },
    });
  }

  feed(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (this.#wrapped && this.#bytes.length > 0) {
      if (this.#bytes[0] !== packetType.prelogin) {
        this.#flush();
        this.#wrapped = false;
        break;
      }
      if (this.#bytes.length < headerBytes || this.#bytes.length < this.#bytes.readUInt16BE(2)) return;
      const length = this.#bytes.readUInt16BE(2);
      this.stream.push(this.#bytes.subarray(headerBytes, length));
      this.#bytes = this.#bytes.subarray(length);
    }
    if (this.#bytes.length === 0) return;
    this.stream.push(this.#bytes);
    this.#bytes = Buffer.alloc(0);
  }

  /** A flight of the handshake comes in several writes and goes out as one message. */
  #send(chunk: Buffer): void {
    if (!this.#wrapped) {
      this.#socket.write(chunk);
      return;
    }
    this.#outgoing.push(chunk);
    if (this.#outgoing.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return;
    const flight = new Reply(this.#socket, 4096, packetType.prelogin);
    const data = Buffer.concat(this.#outgoing);
    this.#outgoing = [];
    void flight.write(data).then(() => flight.end());
  }
}

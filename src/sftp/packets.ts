/** Cuts a stream of bytes into packets, a length of four bytes and then so many bytes; and what becomes of their memory. */
import { WireError } from '../kernel/ssh-wire.ts';

/** Just above the packets of the two usual kinds of clients: 32 KiB of data, and as much as we allow. */
const poolSizes: readonly number[] = [40 * 1024, 258 * 1024];
const leastPooled = 8 * 1024;
/** Kept for later, of each size. */
const mostKept = 8 * 1024 * 1024;

/**
 * Memory of large packets, used again and again. Left to the garbage collector, bytes that wait for the disk would outlive its quick
 * rounds and pile up until a full one.
 */
export class BufferPool {
  readonly #free = new Map<number, ArrayBuffer[]>(poolSizes.map((size) => [size, []]));

  take(length: number): Buffer {
    const size = length < leastPooled ? undefined : poolSizes.find((one) => one >= length);
    if (size === undefined) return Buffer.allocUnsafe(length);
    return Buffer.from(this.#free.get(size)?.pop() ?? new ArrayBuffer(size), 0, length);
  }

  /** Nobody may look at it any more. Buffers that are not from here are left to the garbage collector. */
  giveBack({ buffer }: Buffer): void {
    const free = this.#free.get(buffer.byteLength);
    if (free && buffer instanceof ArrayBuffer && free.length * buffer.byteLength < mostKept) free.push(buffer);
  }
}

export class PacketSplitter {
  readonly #longest: number;
  readonly #pool: BufferPool;
  readonly #head = Buffer.alloc(4);
  /** Bytes of the head, or of the packet once it has begun. */
  #filled = 0;
  #packet: Buffer | null = null;

  constructor(longest: number, pool: BufferPool) {
    this.#longest = longest;
    this.#pool = pool;
  }

  /** The packets that are complete with this chunk, from the pool. @throws WireError for a length that no packet has */
  *push(chunk: Buffer): Generator<Buffer, void, void> {
    let at = 0;
    while (at < chunk.length) {
      const target = this.#packet ?? this.#head;
      const copied = chunk.copy(target, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < target.length) return;
      this.#filled = 0;
      if (this.#packet) {
        this.#packet = null;
        yield target;
      } else this.#packet = this.#begin(this.#head.readUInt32BE());
    }
  }

  #begin(length: number): Buffer {
    if (length < 1 || length > this.#longest) throw new WireError(`a packet of ${length} bytes`);
    return this.#pool.take(length);
  }
}

/** What SSH and its ciphers put around the data of one packet, at most. */
const packetFrame = 512;

/**
 * Gives received bytes back to the system, for who is the last to look at them. Left to V8 they count until its next quick collection,
 * and each 64 MB bring on a full one, which took more processor time than deciphering. Small pieces, and pieces of a buffer that holds
 * others, are left to it.
 */
export function discard({ buffer, length }: Buffer): void {
  // Node cuts what is less than half of its pool from a buffer that many share
  if (length < Buffer.poolSize / 2 || buffer.byteLength - length > packetFrame) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Cuts a stream of bytes into packets: a length of four bytes, then so many bytes. */
import { WireError } from '../kernel/ssh-wire.ts';

export class PacketSplitter {
  readonly #longest: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of the packet that has begun; null between packets. */
  #length: number | null = null;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The packets that are complete with this chunk. @throws WireError for a length that no packet has */
  *push(chunk: Buffer): Generator<Buffer, void, void> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      if (this.#length === null) {
        if (this.#bytes < 4) return;
        const length = this.#take(4).readUInt32BE();
        if (length < 1 || length > this.#longest) throw new WireError(`a packet of ${length} bytes`);
        this.#length = length;
      }
      if (this.#bytes < this.#length) return;
      const packet = this.#take(this.#length);
      this.#length = null;
      yield packet;
    }
  }

  /** A view where one chunk has it all, else a copy. */
  #take(length: number): Buffer {
    this.#bytes -= length;
    const [first] = this.#chunks;
    if (first && first.length >= length) {
      if (first.length === length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const whole = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0] ?? Buffer.alloc(0);
      const copied = chunk.copy(whole, filled);
      filled += copied;
      if (copied === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(copied);
    }
    return whole;
  }
}

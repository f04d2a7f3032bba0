/** The data types of the SSH protocols (RFC 4251, section 5), read and written. */

/** The bytes are not what the protocol says. */
export class WireError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'WireError';
  }
}

/** Reads one value after the other; strings are views, not copies. @throws WireError when the bytes end too early */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#pass(1));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#pass(4));
  }

  /** @throws WireError also beyond 2^53: no file is that long */
  u64(): number {
    const at = this.#pass(8);
    const value = this.#bytes.readUInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(value)) throw new WireError('a number is too large');
    return value;
  }

  string(): Buffer {
    return this.take(this.u32());
  }

  take(length: number): Buffer {
    const at = this.#pass(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** @throws WireError when something is left */
  end(): void {
    if (this.left > 0) throw new WireError('there are bytes after the end');
  }

  #pass(length: number): number {
    const at = this.#at;
    if (length > this.left) throw new WireError('the bytes end too early');
    this.#at += length;
    return at;
  }
}

export function wireU32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function wireU64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function wireString(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([wireU32(bytes.length), bytes]);
}

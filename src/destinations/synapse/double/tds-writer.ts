/** Little-endian bytes, one after the other. */
export class TdsWriter {
  readonly #parts: Buffer[] = [];

  byte(value: number): this {
    return this.raw(Buffer.of(value));
  }

  u16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeUInt16LE(value);
    return this.raw(part);
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value >>> 0);
    return this.raw(part);
  }

  u64(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(value);
    return this.raw(part);
  }

  /** Length in characters in a byte, then UTF-16. */
  text8(text: string): this {
    return this.byte(text.length).raw(Buffer.from(text, 'utf16le'));
  }

  /** Length in characters in two bytes, then UTF-16. */
  text16(text: string): this {
    return this.u16(text.length).raw(Buffer.from(text, 'utf16le'));
  }

  raw(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

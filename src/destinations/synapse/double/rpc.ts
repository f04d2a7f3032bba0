/** Statements with parameters: calls of sp_executesql, whose parameters carry their own types. */
import { SqlError } from './sql-error.ts';

export interface Call {
  readonly sql: string;
  /** By name, without the `@`. */
  readonly values: Readonly<Record<string, string | bigint | number | boolean | null>>;
}

type Value = Call['values'][string];

/** @throws SqlError for other procedures and types that the stand-in does not know */
export function readCall(data: Buffer): Call {
  const reader = new Reader(data);
  reader.at = data.readUInt32LE(0);
  const length = reader.u16();
  const name = length === 0xffff ? reader.u16() : reader.text(length);
  if (name !== 10 && !/^(sys\.)?sp_executesql$/i.test(String(name))) {
    throw new SqlError(2812, `Could not find stored procedure '${name}'.`);
  }
  reader.u16();
  const parameters: (readonly [string, Value])[] = [];
  while (reader.at < data.length) {
    const parameter = reader.text(reader.byte()).replace(/^@/, '');
    reader.byte();
    parameters.push([parameter, reader.value()]);
  }
  const [statement, , ...values] = parameters;
  return { sql: String(statement?.[1] ?? ''), values: Object.fromEntries(values) };
}

/** The SQL text of a batch, behind its headers. */
export function readBatch(data: Buffer): string {
  const headers = data.readUInt32LE(0);
  return data.subarray(headers).toString('utf16le');
}

class Reader {
  readonly #data: Buffer;
  at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  byte(): number {
    return this.#data.readUInt8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.#data.readUInt16LE(this.at - 2);
  }

  text(characters: number): string {
    return this.#take(characters * 2).toString('utf16le');
  }

  value(): Value {
    const type = this.byte();
    if (type === 0xe7 || type === 0xa7) return this.#string(type === 0xe7 ? 'utf16le' : 'latin1');
    if (type === 0x26) return this.#integer();
    if (type === 0x68) return this.#sized((bytes) => bytes[0] === 1);
    if (type === 0x6d) return this.#sized((bytes) => (bytes.length === 8 ? bytes.readDoubleLE() : bytes.readFloatLE()));
    throw new SqlError(8016, `The stand-in does not know parameters of type 0x${type.toString(16)}.`);
  }

  #string(encoding: 'utf16le' | 'latin1'): string | null {
    const limit = this.u16();
    this.#take(5);
    if (limit !== 0xffff) {
      const length = this.u16();
      return length === 0xffff ? null : this.#take(length).toString(encoding);
    }
    const total = this.#take(8).readBigUInt64LE();
    if (total === 0xffff_ffff_ffff_ffffn) return null;
    const chunks: Buffer[] = [];
    for (let size = this.#take(4).readUInt32LE(); size > 0; size = this.#take(4).readUInt32LE()) {
      chunks.push(this.#take(size));
    }
    return Buffer.concat(chunks).toString(encoding);
  }

  #integer(): bigint | null {
    return this.#sized((bytes) => {
      if (bytes.length === 8) return bytes.readBigInt64LE();
      return BigInt(bytes.length === 1 ? bytes.readUInt8() : bytes.readIntLE(0, bytes.length));
    });
  }

  #sized<T>(read: (bytes: Buffer) => T): T | null {
    this.byte();
    const length = this.byte();
    return length === 0 ? null : read(this.#take(length));
  }

  #take(bytes: number): Buffer {
    this.at += bytes;
    return this.#data.subarray(this.at - bytes, this.at);
  }
}

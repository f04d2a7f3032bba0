/** Messages of the PostgreSQL protocol: a type byte, a length, a body. */

/** A whole message as it came. */
export interface Frame {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages, without copying what is not whole yet again and again. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The first message of a client has no type byte. */
  nextStartup(): Buffer | null {
    const head = this.#peek(4);
    return head && this.#take(head.readUInt32BE(0));
  }

  next(): Frame | null {
    const head = this.#peek(5);
    const bytes = head && this.#take(1 + head.readUInt32BE(1));
    return bytes && { type: String.fromCharCode(bytes[0] ?? 0), bytes };
  }

  #peek(length: number): Buffer | null {
    if (this.#length < length) return null;
    if ((this.#chunks[0]?.length ?? 0) < length) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? null;
  }

  #take(length: number): Buffer | null {
    if (this.#length < length) return null;
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = whole.length > length ? [whole.subarray(length)] : [];
    this.#length -= length;
    return whole.subarray(0, length);
  }
}

export function frame(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function queryFrame(sql: string): Buffer {
  return frame('Q', Buffer.from(`${sql}\0`));
}

/** The text of a `Query` message. */
export function queryText({ bytes }: Frame): string {
  return bytes.toString('utf8', 5, bytes.length - 1);
}

/** A `Parse` message with its SQL changed. */
export function rewriteParse({ bytes }: Frame, change: (sql: string) => string): Buffer {
  const nameEnd = bytes.indexOf(0, 5) + 1;
  const sqlEnd = bytes.indexOf(0, nameEnd);
  const sql = Buffer.from(change(bytes.toString('utf8', nameEnd, sqlEnd)));
  return frame('P', Buffer.concat([bytes.subarray(5, nameEnd), sql, bytes.subarray(sqlEnd)]));
}

/** Fields of an `ErrorResponse` by their letter. */
export function errorFields({ bytes }: Frame): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 5; bytes[at] !== 0 && at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString('utf8', at + 1, end));
    at = end + 1;
  }
  return fields;
}

export function errorFrame(fields: ReadonlyMap<string, string>): Buffer {
  const body = [...fields].map(([letter, text]) => `${letter}${text}\0`).join('');
  return frame('E', Buffer.from(`${body}\0`));
}

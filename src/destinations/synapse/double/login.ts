/** What a client says before and at sign-in (TDS 7.2 and later). */

const encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** Whether the client wants TLS, and the answer to its PRELOGIN. */
export function answerPrelogin(data: Buffer): { readonly secure: boolean; readonly answer: Buffer } {
  let asked: number = encryption.notSupported;
  for (let at = 0; at < data.length && data[at] !== 0xff; at += 5) {
    if (data[at] === 1) asked = data[data.readUInt16BE(at + 1)] ?? asked;
  }
  const secure = asked === encryption.on || asked === encryption.required;
  const options: readonly (readonly [number, Buffer])[] = [
    [0, Buffer.of(12, 0, 0, 0, 0, 0)],
    [1, Buffer.of(secure ? encryption.on : encryption.notSupported)],
    [2, Buffer.of(0)],
    [3, Buffer.alloc(0)],
    [4, Buffer.of(0)],
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(([token, value]) => {
    const head = Buffer.alloc(5);
    head[0] = token;
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(value.length, 3);
    offset += value.length;
    return head;
  });
  return { secure, answer: Buffer.concat([...heads, Buffer.of(0xff), ...options.map(([, value]) => value)]) };
}

export interface Login {
  readonly user: string;
  readonly password: string;
  /** Empty: the login's own. */
  readonly database: string;
  readonly packetBytes: number;
}

export function readLogin(data: Buffer): Login {
  const field = (index: number): Buffer => {
    const offset = data.readUInt16LE(36 + index * 4);
    return data.subarray(offset, offset + data.readUInt16LE(38 + index * 4) * 2);
  };
  const hidden = Buffer.from(field(2)).map((byte) => {
    const clear = byte ^ 0xa5;
    return ((clear << 4) | (clear >> 4)) & 0xff;
  });
  const asked = data.readUInt32LE(8);
  return {
    user: field(1).toString('utf16le'),
    password: Buffer.from(hidden).toString('utf16le'),
    database: field(8).toString('utf16le'),
    packetBytes: asked >= 512 && asked <= 32_767 ? asked : 4096,
  };
}

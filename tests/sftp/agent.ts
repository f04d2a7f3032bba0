/** An agent that real clients ask to sign (draft-ietf-sshm-ssh-agent), whose signatures may be changed on their way. */
import { createServer } from 'node:net';
import { WireReader, wireString, wireU32 } from '../../src/kernel/ssh-wire.ts';
import type { SoftKey } from './soft-keys.ts';

export interface Agent extends AsyncDisposable {
  /** For `SSH_AUTH_SOCK`. */
  readonly socket: string;
  /** How many signatures it was asked for. */
  readonly signed: number;
}

const message = { failure: 5, askKeys: 11, keys: 12, askSignature: 13, signature: 14 } as const;

/** `sign` is the key's own, of any data. */
export type Alter = (signature: Buffer, data: Buffer, sign: (data: Buffer) => Buffer) => Buffer;

export async function startAgent(socket: string, key: SoftKey, alter: Alter): Promise<Agent> {
  let signed = 0;
  const answer = (packet: Buffer): Buffer => {
    const reader = new WireReader(packet);
    const type = reader.u8();
    if (type === message.askKeys) {
      return Buffer.concat([Buffer.of(message.keys), wireU32(1), wireString(key.blob), wireString('a comment')]);
    }
    if (type !== message.askSignature || !reader.string().equals(key.blob)) return Buffer.of(message.failure);
    signed += 1;
    const data = reader.string();
    const flags = reader.u32();
    const sign = (what: Buffer): Buffer => key.sign(what, flags);
    return Buffer.concat([Buffer.of(message.signature), wireString(alter(sign(data), data, sign))]);
  };
  const server = createServer((client) => {
    let waiting = Buffer.alloc(0);
    client.on('error', () => undefined);
    client.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length - 4 >= waiting.readUInt32BE()) {
        const end = 4 + waiting.readUInt32BE();
        client.write(wireString(answer(waiting.subarray(4, end))));
        waiting = waiting.subarray(end);
      }
    });
  });
  await new Promise<void>((done) => server.listen(socket, done));
  return {
    socket,
    get signed() {
      return signed;
    },
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
    },
  };
}

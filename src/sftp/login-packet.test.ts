import { expect, test } from 'vitest';
import { WireError, wireString } from '../kernel/ssh-wire.ts';
import { checkLoginPacket } from './login-packet.ts';

const ecdsaNumbers = Buffer.concat([wireString('r'.repeat(32)), wireString('s'.repeat(33))]);
const tail = Buffer.of(1, 0, 0, 0, 9);

const signatures: readonly (readonly [string, Buffer, Buffer])[] = [
  ['rsa-sha2-512', Buffer.alloc(256, 'x'), Buffer.alloc(0)],
  ['ecdsa-sha2-nistp384', ecdsaNumbers, Buffer.alloc(0)],
  ['ssh-ed25519', Buffer.alloc(64, 'x'), Buffer.alloc(0)],
  ['sk-ecdsa-sha2-nistp256@openssh.com', ecdsaNumbers, tail],
  ['sk-ssh-ed25519@openssh.com', Buffer.alloc(64, 'x'), tail],
];

function login(algorithm: string, signature: Buffer): Buffer {
  const head = ['abc123', 'ssh-connection', 'publickey'].map(wireString);
  return Buffer.concat([Buffer.of(50), ...head, Buffer.of(1), ...[algorithm, 'the key', signature].map(wireString)]);
}

const blob = (name: string, bare: Buffer, after: Buffer): Buffer =>
  Buffer.concat([wireString(name), wireString(bare), after]);

test.for(signatures)(
  '%s: exactly its form, and no other length, name or byte around it',
  ([algorithm, bare, after]) => {
    const right = login(algorithm, blob(algorithm, bare, after));
    expect(() => checkLoginPacket(right)).not.toThrow();
    const more = Buffer.of(0);
    const wrong = [
      login(algorithm, blob(algorithm, bare, Buffer.concat([after, more]))),
      login(algorithm, blob(algorithm, bare, Buffer.concat([after, tail]))),
      login(algorithm, blob('ssh-dss', bare, after)),
      login(algorithm, Buffer.concat([bare, after])),
      Buffer.concat([right, more]),
      ...Array.from({ length: right.length - 1 }, (_, length) => right.subarray(0, length + 1)),
    ];
    for (const packet of wrong) expect(() => checkLoginPacket(packet)).toThrow(WireError);
    // of the length that ssh2 does not read
    const at = right.length - after.length - bare.length - 1;
    for (let bit = 0; bit < 8; bit++) {
      const altered = Buffer.from(right);
      altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
      expect(() => checkLoginPacket(altered)).toThrow(WireError);
    }
  },
);

test.for(['ecdsa-sha2-nistp256', 'sk-ecdsa-sha2-nistp256@openssh.com'])('%s: two numbers and nothing else', (name) => {
  const after = name.startsWith('sk-') ? tail : Buffer.alloc(0);
  for (const bare of [wireString('r'), Buffer.concat([ecdsaNumbers, Buffer.of(0)]), Buffer.alloc(0)]) {
    expect(() => checkLoginPacket(login(name, blob(name, bare, after)))).toThrow(WireError);
  }
});

test('what has no signature is not for this check: questions, other methods', () => {
  const head = ['abc123', 'ssh-connection'].map(wireString);
  const question = [wireString('publickey'), Buffer.of(0), wireString('ssh-ed25519'), wireString('the key')];
  for (const rest of [[wireString('none')], [wireString('password'), Buffer.of(0), wireString('guess')], question]) {
    expect(() => checkLoginPacket(Buffer.concat([Buffer.of(50), ...head, ...rest]))).not.toThrow();
  }
});

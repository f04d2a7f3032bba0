/** Keys of all families in software, security keys among them, and what signs with them. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { wireString } from '../../src/kernel/ssh-wire.ts';

export interface SoftKey {
  /** As in a public key file. */
  readonly publicLine: string;
  readonly blob: Buffer;
  /** As in the protocol: the name of the algorithm, then what belongs to it. `flags` are those of the agent protocol. */
  sign(data: Buffer, flags: number): Buffer;
}

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const field = (key: KeyObject, name: 'e' | 'n' | 'x' | 'y'): Buffer =>
  Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url');

/** A positive number in its shortest form. */
function number(bytes: Buffer): Buffer {
  const bare = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return wireString((bare[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bare]) : bare);
}

function softKey(type: string, fields: readonly Buffer[], signed: SoftKey['sign']): SoftKey {
  const blob = Buffer.concat([wireString(type), ...fields]);
  return { publicLine: `${type} ${blob.toString('base64')}`, blob, sign: signed };
}

export function rsaKey(): SoftKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return softKey('ssh-rsa', [field(publicKey, 'e'), field(publicKey, 'n')].map(number), (data, flags) => {
    const bits = (flags & 4) === 0 ? '256' : '512';
    return Buffer.concat([wireString(`rsa-sha2-${bits}`), wireString(sign(`sha${bits}`, data, privateKey))]);
  });
}

export function ed25519Key(): SoftKey {
  const type = 'ssh-ed25519';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return softKey(type, [wireString(field(publicKey, 'x'))], (data) =>
    Buffer.concat([type, sign(null, data, privateKey)].map(wireString)),
  );
}

const p256 = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function pointOf({ publicKey }: Pair): Buffer {
  return wireString(Buffer.concat([Buffer.of(4), field(publicKey, 'x'), field(publicKey, 'y')]));
}

function ecdsaSignature({ privateKey }: Pair, data: Buffer): Buffer {
  const both = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return wireString(Buffer.concat([both.subarray(0, 32), both.subarray(32)].map(number)));
}

export function ecdsaKey(): SoftKey {
  const type = 'ecdsa-sha2-nistp256';
  const pair = p256();
  return softKey(type, [wireString('nistp256'), pointOf(pair)], (data) =>
    Buffer.concat([wireString(type), ecdsaSignature(pair, data)]),
  );
}

const application = 'ssh:';
let counter = 0;

/** What a security key that was touched signs and adds (PROTOCOL.u2f). */
function touched(data: Buffer): { message: Buffer; tail: Buffer } {
  counter += 1;
  const tail = Buffer.of(1, 0, 0, 0, counter % 256);
  return { message: Buffer.concat([sha256(application), tail, sha256(data)]), tail };
}

export function skEd25519Key(): SoftKey {
  const type = 'sk-ssh-ed25519@openssh.com';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return softKey(type, [wireString(field(publicKey, 'x')), wireString(application)], (data) => {
    const { message, tail } = touched(data);
    return Buffer.concat([wireString(type), wireString(sign(null, message, privateKey)), tail]);
  });
}

export function skEcdsaKey(): SoftKey {
  const type = 'sk-ecdsa-sha2-nistp256@openssh.com';
  const pair = p256();
  return softKey(type, [wireString('nistp256'), pointOf(pair), wireString(application)], (data) => {
    const { message, tail } = touched(data);
    return Buffer.concat([wireString(type), ecdsaSignature(pair, message), tail]);
  });
}

function sha256(bytes: string | Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

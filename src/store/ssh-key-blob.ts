/** Public keys in the binary form of RFC 4253, 5656, 8709 and OpenSSH's PROTOCOL.u2f. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { WireError, WireReader } from '../kernel/ssh-wire.ts';

export const sshKeyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;
export type SshKeyType = (typeof sshKeyTypes)[number];

export interface SshPublicKey {
  readonly type: SshKeyType;
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** Security keys only: what their signatures are bound to, `ssh:` as a rule. */
  readonly application: Buffer | null;
}

export const leastRsaBits = 2048;
const mostRsaBits = 16_384;

/** The key is well formed but not one to trust; the message is a whole sentence. */
export class UnfitKeyError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'UnfitKeyError';
  }
}

export function isSshKeyType(text: string): text is SshKeyType {
  return (sshKeyTypes as readonly string[]).includes(text);
}

/** 32 bytes. */
export function sshFingerprint(blob: Buffer): Buffer {
  return createHash('sha256').update(blob).digest();
}

/** As OpenSSH shows it: `SHA256:` and base64 without padding. */
export function fingerprintText(fingerprint: Buffer): string {
  return `SHA256:${fingerprint.toString('base64').replace(/=+$/, '')}`;
}

/** @throws WireError when it is no key of a known type, UnfitKeyError when the key is weak or has no such point */
export function parseSshKeyBlob(blob: Buffer): SshPublicKey {
  const reader = new WireReader(blob);
  const type = reader.string().toString('latin1');
  if (!isSshKeyType(type)) throw new WireError('the type is not known');
  const jwk = readKey(type, reader);
  const application = type.startsWith('sk-') ? reader.string() : null;
  reader.end();
  return { type, blob, key: toKeyObject(jwk), application };
}

function readKey(type: SshKeyType, reader: WireReader): JsonWebKey {
  switch (type) {
    case 'ssh-rsa':
      return readRsa(reader);
    case 'ssh-ed25519':
    case 'sk-ssh-ed25519@openssh.com':
      return readEd25519(reader);
    case 'ecdsa-sha2-nistp384':
      return readEcdsa(reader, 'nistp384', 48);
    case 'ecdsa-sha2-nistp521':
      return readEcdsa(reader, 'nistp521', 66);
    default:
      return readEcdsa(reader, 'nistp256', 32);
  }
}

function readRsa(reader: WireReader): JsonWebKey {
  const exponent = mpint(reader.string());
  const modulus = mpint(reader.string());
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  if (bits < leastRsaBits) {
    throw new UnfitKeyError(`This RSA key has ${bits} bits, which is too weak: it needs ${leastRsaBits} at least.`);
  }
  if (bits > mostRsaBits) {
    throw new UnfitKeyError(`This RSA key has ${bits} bits; more than ${mostRsaBits} are not accepted.`);
  }
  const isOdd = (number: Buffer): boolean => ((number.at(-1) ?? 0) & 1) === 1;
  if (!isOdd(modulus) || !isOdd(exponent) || exponent.length > 4 || exponent.equals(Buffer.of(1))) {
    throw new UnfitKeyError('The numbers of this RSA key cannot be those of a key.');
  }
  return { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') };
}

/** A positive number in its one and only form, without the sign byte. */
function mpint(bytes: Buffer): Buffer {
  const [first = 0x80, second = 0x80] = bytes;
  if (first >= 0x80 || (first === 0 && second < 0x80)) throw new WireError('a number is not in its shortest form');
  return first === 0 ? bytes.subarray(1) : bytes;
}

function readEcdsa(reader: WireReader, curve: 'nistp256' | 'nistp384' | 'nistp521', size: number): JsonWebKey {
  if (reader.string().toString('latin1') !== curve) throw new WireError('the curve is not that of the type');
  const point = reader.string();
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw new WireError('the point is not in the usual form');
  return {
    kty: 'EC',
    crv: curve.replace('nistp', 'P-'),
    x: point.subarray(1, 1 + size).toString('base64url'),
    y: point.subarray(1 + size).toString('base64url'),
  };
}

function readEd25519(reader: WireReader): JsonWebKey {
  const bytes = reader.string();
  if (bytes.length !== 32) throw new WireError('the key has not 32 bytes');
  if (!isSoundEdwardsPoint(bytes)) throw new UnfitKeyError('This key is not a point on its curve that can be trusted.');
  return { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
}

const p = 2n ** 255n - 19n;
const d = mod(-121_665n * power(121_666n, p - 2n));

/**
 * Whether 32 bytes are a point of edwards25519 in its one encoding, and not one of the eight of small order: with such a key
 * signatures can be made up without any secret. OpenSSL checks neither when it takes a key in.
 */
export function isSoundEdwardsPoint(bytes: Buffer): boolean {
  const y = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`) & (2n ** 255n - 1n);
  if (y >= p) return false;
  const y2 = mod(y * y);
  if (y === 0n || y2 === 1n || mod(d * y2 * y2 + 2n * y2 - 1n) === 0n) return false;
  const x2 = mod((y2 - 1n) * power(mod(d * y2 + 1n), p - 2n));
  return power(x2, (p - 1n) / 2n) === 1n;
}

function mod(value: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

/** Points of the NIST curves are checked here, by OpenSSL. */
function toKeyObject(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ format: 'jwk', key: jwk });
  } catch (cause) {
    const error = new UnfitKeyError('This key is not a point on its curve.');
    error.cause = cause;
    throw error;
  }
}

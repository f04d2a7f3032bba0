/** Whether a signature of a login is that of a registered key. ssh2 knows no security keys, so none of its own check is used. */
import { createHash, verify } from 'node:crypto';
import { WireError, WireReader } from '../kernel/ssh-wire.ts';
import type { SshPublicKey } from '../store/ssh-key-blob.ts';

/** A login as ssh2 hands it over. */
export interface SignedLogin {
  /** The key type that the client claims; `ssh-rsa` for every kind of RSA signature. */
  readonly algorithm: string;
  /** RSA only; undefined stands for SHA-1. */
  readonly hash: string | undefined;
  /** Without its own name in front; of an ECDSA key in DER. */
  readonly signature: Buffer;
  /** What was signed: the session id and the request. */
  readonly signed: Buffer;
}

/** The key was touched; without that any program could have signed. */
const userPresent = 1;

/** False for everything that is not exactly right. */
export function isSignedBy(key: SshPublicKey, login: SignedLogin): boolean {
  if (login.algorithm !== key.type) return false;
  const { signature, signed } = login;
  try {
    switch (key.type) {
      case 'ssh-rsa':
        return isStrongHash(login.hash) && verify(login.hash, signed, key.key, signature);
      case 'ssh-ed25519':
        return verify(null, signed, key.key, signature);
      case 'ecdsa-sha2-nistp256':
        return verify('sha256', signed, key.key, signature);
      case 'ecdsa-sha2-nistp384':
        return verify('sha384', signed, key.key, signature);
      case 'ecdsa-sha2-nistp521':
        return verify('sha512', signed, key.key, signature);
      case 'sk-ssh-ed25519@openssh.com':
        return verify(null, ...touched(key, signed, signature, (reader) => reader.take(64)));
      case 'sk-ecdsa-sha2-nistp256@openssh.com':
        return verify('sha256', ...touched(key, signed, signature, ecdsaNumbers));
    }
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

export function isStrongHash(hash: string | undefined): hash is 'sha256' | 'sha512' {
  return hash === 'sha256' || hash === 'sha512';
}

type VerifyKey = Extract<Parameters<typeof verify>[2], { key: unknown }>;

/**
 * What a security key really signed (PROTOCOL.u2f): hashes of application and request, with its flags and counter in between.
 * @throws WireError when the signature is not whole, or the key was not touched
 */
function touched(
  key: SshPublicKey,
  signed: Buffer,
  signature: Buffer,
  readSignature: (reader: WireReader) => Buffer,
): [message: Buffer, key: VerifyKey, signature: Buffer] {
  const reader = new WireReader(signature);
  const bare = readSignature(reader);
  const flagsAndCounter = reader.take(5);
  reader.end();
  if (((flagsAndCounter[0] ?? 0) & userPresent) === 0) throw new WireError('the key was not touched');
  const message = Buffer.concat([sha256(key.application ?? Buffer.alloc(0)), flagsAndCounter, sha256(signed)]);
  return [message, { key: key.key, dsaEncoding: 'ieee-p1363' }, bare];
}

/** Two numbers of 32 bytes each. */
function ecdsaNumbers(reader: WireReader): Buffer {
  const size = 32;
  const numbers = [reader.string(), reader.string()].map((number) => {
    const bytes = number.length === size + 1 && number[0] === 0 ? number.subarray(1) : number;
    if (bytes.length > size) throw new WireError('a number is too long');
    return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
  });
  return Buffer.concat(numbers);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

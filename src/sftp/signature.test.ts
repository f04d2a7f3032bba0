import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { wireString } from '../kernel/ssh-wire.ts';
import type { SshKeyType, SshPublicKey } from '../store/ssh-key-blob.ts';
import { isSignedBy, type SignedLogin } from './signature.ts';

interface Signer {
  readonly key: SshPublicKey;
  sign(message: Buffer, flags?: number): SignedLogin;
}

function keyOf(type: SshKeyType, key: KeyObject, application: Buffer | null = null): SshPublicKey {
  return { type, blob: Buffer.alloc(0), key, application };
}

function plainSigner(
  type: SshKeyType,
  hash: string | null,
  pair: { publicKey: KeyObject; privateKey: KeyObject },
): Signer {
  return {
    key: keyOf(type, pair.publicKey),
    sign: (signed) => ({
      algorithm: type,
      hash: type === 'ssh-rsa' ? (hash ?? undefined) : undefined,
      signature: sign(hash, signed, pair.privateKey),
      signed,
    }),
  };
}

/** A security key in software, as PROTOCOL.u2f describes one. */
function securityKey(type: SshKeyType, pair: { publicKey: KeyObject; privateKey: KeyObject }): Signer {
  const application = Buffer.from('ssh:');
  return {
    key: keyOf(type, pair.publicKey, application),
    sign: (signed, flags = 1) => {
      const tail = Buffer.of(flags, 0, 0, 1, 7);
      const message = Buffer.concat([sha256(application), tail, sha256(signed)]);
      return {
        algorithm: type,
        hash: undefined,
        signature: Buffer.concat([raw(type, message, pair.privateKey), tail]),
        signed,
      };
    },
  };
}

function raw(type: SshKeyType, message: Buffer, key: KeyObject): Buffer {
  if (type === 'sk-ssh-ed25519@openssh.com') return sign(null, message, key);
  const both = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([both.subarray(0, 32), both.subarray(32)].map(shortest).map(wireString));
}

/** A positive number in its shortest form. */
function shortest(number: Buffer): Buffer {
  let start = 0;
  while (number[start] === 0) start += 1;
  const bare = number.subarray(start);
  return (bare[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bare]) : bare;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signers: Readonly<Record<string, Signer>> = {
  'rsa with SHA-256': plainSigner('ssh-rsa', 'sha256', rsa),
  'rsa with SHA-512': plainSigner('ssh-rsa', 'sha512', rsa),
  'ecdsa 256': plainSigner('ecdsa-sha2-nistp256', 'sha256', ec('P-256')),
  'ecdsa 384': plainSigner('ecdsa-sha2-nistp384', 'sha384', ec('P-384')),
  'ecdsa 521': plainSigner('ecdsa-sha2-nistp521', 'sha512', ec('P-521')),
  ed25519: plainSigner('ssh-ed25519', null, generateKeyPairSync('ed25519')),
  'security key, ed25519': securityKey('sk-ssh-ed25519@openssh.com', generateKeyPairSync('ed25519')),
  'security key, ecdsa': securityKey('sk-ecdsa-sha2-nistp256@openssh.com', ec('P-256')),
};

describe.for(Object.entries(signers))('%s', ([, signer]) => {
  const message = randomBytes(300);

  test('its own signatures are right, every time', () => {
    for (let i = 0; i < 100; i++) {
      const fresh = randomBytes(200);
      expect(isSignedBy(signer.key, signer.sign(fresh))).toBe(true);
    }
  });

  test('no byte of the signature may be another, missing or more', () => {
    const login = signer.sign(message);
    for (let at = 0; at < login.signature.length; at++) {
      const altered = Buffer.from(login.signature);
      altered.writeUInt8(altered.readUInt8(at) ^ (1 << (at % 8)), at);
      expect(isSignedBy(signer.key, { ...login, signature: altered })).toBe(false);
    }
    for (const signature of [
      Buffer.alloc(0),
      login.signature.subarray(0, -1),
      login.signature.subarray(1),
      Buffer.concat([login.signature, Buffer.of(0)]),
    ]) {
      expect(isSignedBy(signer.key, { ...login, signature })).toBe(false);
    }
  });

  test('no other message, key or claimed algorithm will do', () => {
    const login = signer.sign(message);
    const other = Buffer.from(message);
    other.writeUInt8(other.readUInt8(7) ^ 1, 7);
    expect(isSignedBy(signer.key, { ...login, signed: other })).toBe(false);
    for (const stranger of Object.values(signers)) {
      if (stranger.key.key.equals(signer.key.key)) continue;
      expect(isSignedBy(stranger.key, login)).toBe(false);
      expect(isSignedBy(stranger.key, { ...login, algorithm: stranger.key.type })).toBe(false);
      expect(isSignedBy(signer.key, { ...login, algorithm: stranger.key.type })).toBe(false);
    }
  });
});

test('SHA-1 is refused', () => {
  const signed = randomBytes(100);
  const signature = sign('sha1', signed, rsa.privateKey);
  const key = keyOf('ssh-rsa', rsa.publicKey);
  for (const hash of [undefined, 'sha1']) {
    expect(isSignedBy(key, { algorithm: 'ssh-rsa', hash, signature, signed })).toBe(false);
  }
});

test.for(['security key, ed25519', 'security key, ecdsa'])(
  '%s: it must have been touched, and may ask for a PIN',
  (name) => {
    const signer = signers[name] as Signer;
    const message = randomBytes(100);
    expect(isSignedBy(signer.key, signer.sign(message, 0))).toBe(false);
    expect(isSignedBy(signer.key, signer.sign(message, 4))).toBe(false);
    expect(isSignedBy(signer.key, signer.sign(message, 5))).toBe(true);
    const elsewhere = { ...signer.key, application: Buffer.from('ssh:other') };
    expect(isSignedBy(elsewhere, signer.sign(message))).toBe(false);
  },
);

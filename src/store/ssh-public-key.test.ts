import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/app-error.ts';
import { wireString } from '../kernel/ssh-wire.ts';
import {
  fingerprintText,
  isSoundEdwardsPoint,
  sshFingerprint,
  sshKeyTypes,
  type SshPublicKey,
} from './ssh-key-blob.ts';
import { parseSshPublicKey } from './ssh-public-key.ts';

type Jwk = Record<'x' | 'y' | 'n' | 'e', string>;

function jwkOf(key: { export(options: { format: 'jwk' }): object }): Jwk {
  return key.export({ format: 'jwk' }) as Jwk;
}

const bytesOf = (base64url: string): Buffer => Buffer.from(base64url, 'base64url');
const positive = (bytes: Buffer): Buffer => ((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

function rsaBlob(bits: number): Buffer {
  const { n, e } = jwkOf(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey);
  return Buffer.concat(['ssh-rsa', positive(bytesOf(e)), positive(bytesOf(n))].map(wireString));
}

function ecdsaPoint(curve: 'P-256' | 'P-384' | 'P-521'): Buffer {
  const { x, y } = jwkOf(generateKeyPairSync('ec', { namedCurve: curve }).publicKey);
  return Buffer.concat([Buffer.of(4), bytesOf(x), bytesOf(y)]);
}

const ed25519Bytes = (): Buffer => bytesOf(jwkOf(generateKeyPairSync('ed25519').publicKey).x);

const blobs: Readonly<Record<string, Buffer>> = {
  'ssh-ed25519': Buffer.concat(['ssh-ed25519', ed25519Bytes()].map(wireString)),
  'ecdsa-sha2-nistp256': Buffer.concat(['ecdsa-sha2-nistp256', 'nistp256', ecdsaPoint('P-256')].map(wireString)),
  'ecdsa-sha2-nistp384': Buffer.concat(['ecdsa-sha2-nistp384', 'nistp384', ecdsaPoint('P-384')].map(wireString)),
  'ecdsa-sha2-nistp521': Buffer.concat(['ecdsa-sha2-nistp521', 'nistp521', ecdsaPoint('P-521')].map(wireString)),
  'ssh-rsa': rsaBlob(2048),
  'sk-ssh-ed25519@openssh.com': Buffer.concat(['sk-ssh-ed25519@openssh.com', ed25519Bytes(), 'ssh:'].map(wireString)),
  'sk-ecdsa-sha2-nistp256@openssh.com': Buffer.concat(
    ['sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', ecdsaPoint('P-256'), 'ssh:wharf'].map(wireString),
  ),
};

const lineOf = (type: string, blob: Buffer): string => `${type} ${blob.toString('base64')}`;
const goodLine = lineOf('ssh-ed25519', blobs['ssh-ed25519'] as Buffer);

/** The key, or the refusal; whatever else is thrown fails the test. */
function outcomeOf(text: string): SshPublicKey | AppError {
  try {
    return parseSshPublicKey(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function refusalOf(text: string): AppError {
  const outcome = outcomeOf(text);
  if (outcome instanceof AppError) return outcome;
  throw new Error('the key was accepted');
}

test.for(sshKeyTypes)('%s is accepted, with any comment and white space around', (type) => {
  const blob = blobs[type] as Buffer;
  for (const text of [lineOf(type, blob), `\n ${lineOf(type, blob)} ola@laptop, my "best" key \r\n`]) {
    const key = parseSshPublicKey(text);
    expect([key.type, key.blob.equals(blob)]).toEqual([type, true]);
    expect(key.application?.toString()).toBe(
      type.startsWith('sk-e') ? 'ssh:wharf' : type.startsWith('sk-') ? 'ssh:' : undefined,
    );
  }
});

test('the fingerprint is the one OpenSSH shows', () => {
  const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKmjb9eI7zLHuk48ZkCKZ/WRRYvYd/GWORdg8wA8yJSy';
  expect(fingerprintText(sshFingerprint(parseSshPublicKey(line).blob))).toBe(
    'SHA256:qvS3i8DZmR+PIjqhJ/4JG13rzrXl7i7uRTy8iG6r41E',
  );
});

const pem = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
const refused: readonly (readonly [name: string, text: string, why: RegExp])[] = [
  ['nothing', ' \n', /^There is no key/],
  ['an OpenSSH private key', pem('OPENSSH PRIVATE KEY'), /^This is a private key\. Never/],
  ['an encrypted private key', pem('ENCRYPTED PRIVATE KEY'), /^This is a private key/],
  ['a private key after a public one', `${goodLine}\n${pem('RSA PRIVATE KEY')}`, /^This is a private key/],
  [
    "PuTTY's private key",
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n',
    /^This is PuTTY's file of a private key/,
  ],
  ['RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----', /RFC 4716/],
  ['a PEM public key', pem('PUBLIC KEY'), /PEM format \(PKCS#8\)/],
  ['a PKCS#1 public key', pem('RSA PUBLIC KEY'), /PEM format \(PKCS#1\)/],
  ['an X.509 certificate', pem('CERTIFICATE'), /certificate, not a key/],
  ['two keys', `${goodLine}\n${goodLine}`, /more than one line/],
  ['a key broken in two', goodLine.replace('AAAA', 'AAAA\n'), /more than one line/],
  ['an SSH certificate', `ssh-ed25519-cert-v01@openssh.com AAAA`, /SSH certificate/],
  ['DSA', 'ssh-dss AAAAB3NzaC1kc3M=', /DSA key, which is too weak/],
  ['another type', 'ssh-xmss@openssh.com AAAA', /type are not accepted/],
  ['options in front', `command="ls",no-pty ${goodLine}`, /stands before the type/],
  ['a line of known_hosts', `[host]:22 ${goodLine}`, /stands before the type/],
  ['words', 'hello world', /^This is not an SSH public key/],
  ['no key after the type', 'ssh-ed25519', /not complete/],
  ['base64 that is cut', goodLine.slice(0, -2), /not complete/],
  ['base64 with a stray bit', `${goodLine.slice(0, -1)}B=`, /not complete/],
  [
    'the wrong type in front',
    goodLine.replace('ssh-ed25519', 'ssh-rsa'),
    /says ssh-rsa, but what follows is a key of the type ssh-ed25519/,
  ],
  ['a type around nothing', lineOf('ssh-ed25519', Buffer.of(1, 2, 3)), /what follows is not a key/],
  ['RSA of 1024 bits', lineOf('ssh-rsa', rsaBlob(1024)), /1024 bits, which is too weak: it needs 2048/],
  ['a huge text', `ssh-ed25519 ${'A'.repeat(60_000)}`, /too long/],
];

describe('refusals', () => {
  test.for(refused)('%s: says what it is and what to do', ([, text, why]) => {
    const error = refusalOf(text);
    expect([error.code, error.message]).toEqual(['INVALID_INPUT', expect.stringMatching(why)]);
    for (const sentence of [error.message, error.advice]) expect(sentence).toMatch(/^[A-Z].*\.$/s);
  });

  test('a private key is never repeated in the refusal', () => {
    const secret = randomBytes(64).toString('base64');
    const error = refusalOf(`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`);
    expect(JSON.stringify([error.message, error.advice, error.details])).not.toContain(secret.slice(0, 20));
  });

  test('points that are not on their curve', () => {
    for (const type of ['ecdsa-sha2-nistp256', 'sk-ecdsa-sha2-nistp256@openssh.com'] as const) {
      const blob = Buffer.from(blobs[type] as Buffer);
      const at = blob.indexOf(Buffer.of(0, 0, 0, 65, 4)) + 20;
      blob.writeUInt8(blob.readUInt8(at) ^ 1, at);
      expect(refusalOf(lineOf(type, blob)).message).toMatch(/not a point on its curve/);
    }
  });

  test('RSA with numbers of no key: even, negative, with zeros in front, with exponent 1', () => {
    const { n, e } = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
    const [modulus, exponent] = [positive(bytesOf(n)), bytesOf(e)];
    const even = Buffer.from(modulus);
    even.writeUInt8(even.readUInt8(even.length - 1) & 0xfe, even.length - 1);
    const wrong: readonly (readonly [Buffer, Buffer])[] = [
      [exponent, even],
      [Buffer.of(1), modulus],
      [Buffer.of(2), modulus],
      [exponent, modulus.subarray(1)],
      [exponent, Buffer.concat([Buffer.of(0), modulus])],
      [Buffer.alloc(0), modulus],
      [randomBytes(9).fill(0x7f, 0, 1).fill(1, 8), modulus],
    ];
    for (const numbers of wrong) {
      const blob = Buffer.concat(['ssh-rsa', ...numbers].map(wireString));
      expect(refusalOf(lineOf('ssh-rsa', blob)).message).toMatch(/damaged|cannot be those/);
    }
  });
});

describe('points of edwards25519', () => {
  test('keys that were really made are sound', () => {
    for (let i = 0; i < 20; i++) expect(isSoundEdwardsPoint(ed25519Bytes())).toBe(true);
  });

  /** All points of small order, and other ways to write them. */
  const weak = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ];

  test.for(weak)('%s: anybody could sign with it', (hex) => {
    for (const sign of [0, 0x80]) {
      const point = Buffer.from(hex, 'hex');
      point.writeUInt8(point.readUInt8(31) | sign, 31);
      expect(isSoundEdwardsPoint(point)).toBe(false);
      const blob = Buffer.concat(['ssh-ed25519', point].map(wireString));
      expect(refusalOf(lineOf('ssh-ed25519', blob)).message).toMatch(/can be trusted/);
    }
  });

  test('about half of all random values are no points', () => {
    const sound = Array.from({ length: 200 }, () => isSoundEdwardsPoint(randomBytes(32))).filter(Boolean).length;
    expect(sound).toBeGreaterThan(40);
    expect(sound).toBeLessThan(160);
  });
});

test('any damage to a key ends in another key that is well formed, or in a refusal; never in anything else', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sshKeyTypes),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: -4, max: 4 }),
      (type, flips, change) => {
        const good = blobs[type] as Buffer;
        const blob =
          change > 0
            ? Buffer.concat([good, Buffer.alloc(change)])
            : Buffer.from(good.subarray(0, good.length + change));
        for (const [at, mask] of flips) blob.writeUInt8(blob.readUInt8(at % blob.length) ^ mask, at % blob.length);
        const outcome = outcomeOf(lineOf(type, blob));
        expect(outcome instanceof AppError || outcome.blob.equals(blob)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

test('any text is a key or is refused in whole sentences', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom(...sshKeyTypes, ' ', '\n', '\t', 'AAAA', goodLine, '-----BEGIN'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const outcome = outcomeOf(pieces.join(''));
      const words = outcome instanceof AppError ? outcome.advice : `Accepted ${outcome.type}.`;
      expect(words).toMatch(/^[A-Z].*\.$/s);
    }),
    { numRuns: 1000 },
  );
});

/**
 * The package ssh2. Without its native part, which is there only for the Node that ran `npm ci`, it makes a cipher for every packet from the
 * key's bytes, and reading those anew takes Node 24 longer than deciphering (15 of 20 microseconds). So while ssh2 is loaded, and only then,
 * the functions it takes from Node's crypto are ones that keep what they read of a key.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Ssh2 from 'ssh2';
import { checkLoginPacket } from './login-packet.ts';

const require = createRequire(import.meta.url);

type MakeWithKey = (algorithm: string, key: unknown, ...rest: unknown[]) => unknown;
const remembered = ['createCipheriv', 'createDecipheriv', 'createHmac'] as const;

/** ssh2 holds one buffer for each key of a connection, and never changes it. */
const keys = new WeakMap<Buffer, KeyObject>();

function keyObjectOf(bytes: Buffer): KeyObject {
  const known = keys.get(bytes);
  if (known) return known;
  const key = createSecretKey(bytes);
  keys.set(bytes, key);
  return key;
}

function rememberingKeys(make: MakeWithKey): MakeWithKey {
  return (algorithm, key, ...rest) => make(algorithm, Buffer.isBuffer(key) ? keyObjectOf(key) : key, ...rest);
}

function load(): typeof Ssh2 {
  const crypto = require('node:crypto') as Record<(typeof remembered)[number], MakeWithKey>;
  const originals = remembered.map((name) => [name, crypto[name]] as const);
  try {
    for (const [name, make] of originals) crypto[name] = rememberingKeys(make);
    return require('ssh2') as typeof Ssh2;
  } finally {
    for (const [name, make] of originals) crypto[name] = make;
  }
}

type Handler = (protocol: unknown, packet: Buffer) => unknown;
const loginRequest = 50;

/** What the check throws ends the connection, as ssh2 does with packets that it cannot read itself. */
function checkLogins(): void {
  const handlers = require('ssh2/lib/protocol/handlers.js') as Handler[];
  const handle = handlers[loginRequest] as Handler;
  handlers[loginRequest] = (protocol, packet) => {
    checkLoginPacket(packet);
    return handle(protocol, packet);
  };
}

export const ssh2 = load();
checkLogins();

/**
 * Whether what ssh2 hands on is a copy of what was received. Its native part deciphers where the bytes lie; then both are the same memory.
 */
export const decipherCopies = !(require('ssh2/lib/protocol/crypto.js') as { bindingAvailable: boolean })
  .bindingAvailable;

/** The form of a login (RFC 4252, section 7), checked before ssh2 reads it: ssh2 passes over what it does not expect around a signature. */
import { WireError, WireReader } from '../kernel/ssh-wire.ts';

/** Flags and counter of a security key. */
const securityKeyTail = 5;

/** @throws WireError when it has a signature that is not exactly of the form of its algorithm */
export function checkLoginPacket(packet: Buffer): void {
  const reader = new WireReader(packet, 1);
  const [, , method] = [reader.string(), reader.string(), reader.string()].map(String);
  if (method !== 'publickey' || reader.u8() === 0) return;
  const [algorithm = ''] = [reader.string(), reader.string()].map(String);
  const signature = new WireReader(reader.string());
  reader.end();
  if (String(signature.string()) !== algorithm) throw new WireError('a signature by another algorithm');
  const bare = new WireReader(signature.string());
  if (algorithm.startsWith('sk-')) signature.take(securityKeyTail);
  signature.end();
  if (!algorithm.includes('ecdsa-')) return;
  for (let numbers = 0; numbers < 2; numbers++) bare.string();
  bare.end();
}

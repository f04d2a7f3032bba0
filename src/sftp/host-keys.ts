import type { Sql } from '../db/database.ts';
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';
import { keepHostKey, listHostKeys } from '../store/sftp-servers.ts';
import { ssh2 } from './transport.ts';

/**
 * No RSA key: ssh2 would offer SHA-1 signatures with it, and every client of today knows one of these.
 */
const made = {
  'ssh-ed25519': () => ssh2.utils.generateKeyPairSync('ed25519'),
  'ecdsa-sha2-nistp256': () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }),
} as const;

/**
 * The private host keys of the installation, in the format of OpenSSH; made at the first start and the same for all servers.
 * @throws AppError SETTINGS_INVALID when the secret key is not the one they were sealed with
 */
export async function hostKeys(sql: Sql, keys: SealingKeys): Promise<string[]> {
  const known = new Set((await listHostKeys(sql)).map((key) => key.type));
  for (const [type, make] of Object.entries(made)) {
    if (known.has(type)) continue;
    const pair = make();
    const publicKey = pair.public.split(' ').slice(0, 2).join(' ');
    await keepHostKey(sql, { type, publicKey, privateKey: seal(keys, pair.private, contextOf(type)) });
  }
  return (await listHostKeys(sql)).map((key) => unseal(keys, key.privateKey, contextOf(key.type)));
}

function contextOf(type: string): string {
  return `ssh host key ${type}`;
}

import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import type { Logger } from '../kernel/logger.ts';
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';
import { keepHostKey, listHostKeys, replaceHostKey, type HostKey } from '../store/sftp-servers.ts';
import { ssh2 } from './transport.ts';

/**
 * No RSA key: ssh2 would offer SHA-1 signatures with it, and every client of today knows one of these.
 */
const makers = {
  'ssh-ed25519': () => ssh2.utils.generateKeyPairSync('ed25519'),
  'ecdsa-sha2-nistp256': () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }),
} as const;

type KeyType = keyof typeof makers;
const types = Object.keys(makers) as KeyType[];

/**
 * The private host keys of the installation, in the format of OpenSSH; made at the first start and the same for all servers.
 * @throws AppError SETTINGS_INVALID naming the key that the secret key does not open
 */
export async function hostKeys(sql: Sql, keys: SealingKeys, log: Logger): Promise<string[]> {
  const known = await listHostKeys(sql);
  for (const type of types) {
    const kept = known.find((key) => key.type === type);
    if (!kept) await keepHostKey(sql, made(type, keys));
    else if (!canBeRead(opened(keys, kept))) {
      // no server ever ran with it, so no client knows it; what was announced of it is void
      log.warn({ type, publicKey: kept.publicKey }, 'sftp.host-key.replaced');
      await replaceHostKey(sql, kept, made(type, keys));
    }
  }
  return (await listHostKeys(sql)).map((key) => opened(keys, key));
}

/** Of every 256 Ed25519 keys that ssh2 makes it cannot read one itself. */
function made(type: KeyType, keys: SealingKeys): HostKey {
  let pair = makers[type]();
  while (!canBeRead(pair.private)) pair = makers[type]();
  const publicKey = pair.public.split(' ').slice(0, 2).join(' ');
  return { type, publicKey, privateKey: seal(keys, pair.private, contextOf(type)) };
}

function canBeRead(privateKey: string): boolean {
  return !(ssh2.utils.parseKey(privateKey) instanceof Error);
}

function opened(keys: SealingKeys, { type, privateKey }: HostKey): string {
  try {
    return unseal(keys, privateKey, contextOf(type));
  } catch (cause) {
    throw new AppError('SETTINGS_INVALID', {
      summary: `The SFTP server's host key (${type}) cannot be opened: the secret key is not the one it was kept with, or it is damaged.`,
      advice: `Start Wharf with that secret key (WHARF_SECRET_KEY, WHARF_OLD_SECRET_KEYS). If it is lost, remove the host key (delete from ssh_host_key where type = '${type}'): a new one is made, and every client must be told its fingerprint.`,
      cause,
    });
  }
}

function contextOf(type: string): string {
  return `ssh host key ${type}`;
}

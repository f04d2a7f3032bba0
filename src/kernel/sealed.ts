import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from './app-error.ts';

/** The first key seals, all of them open. Where keys can change while the process runs, `refresh` reads them again, in place. */
export type SealingKeys = readonly [SealingKey, ...SealingKey[]] & { readonly refresh?: () => void };

export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** A key from any long secret text; its id is the first 8 hex digits of its own hash, so ids need no bookkeeping. */
export function sealingKey(secret: string): SealingKey {
  const bytes = createHash('sha256').update(`wharf sealing key\0${secret}`).digest();
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/**
 * Encrypts with AES-256-GCM. `context` (account and use) is authenticated, so a sealed value copied to another
 * account's row does not open. Form: `v1.<key id>.<iv>.<ciphertext and tag>`, base64url.
 */
export function seal(keys: SealingKeys, plain: string, context: string): string {
  keys.refresh?.();
  const [key] = keys;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return ['v1', key.id, iv.toString('base64url'), body.toString('base64url')].join('.');
}

/** @throws AppError SETTINGS_INVALID when the key is gone or the value was altered */
export function unseal(keys: SealingKeys, sealed: string, context: string): string {
  const [version, keyId, iv, body] = sealed.split('.');
  const known = (): SealingKey | undefined => keys.find((candidate) => candidate.id === keyId);
  if (!known()) keys.refresh?.();
  const key = known();
  if (version !== 'v1' || !key || !iv || !body) throw cannotUnseal(undefined);
  try {
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw cannotUnseal(cause);
  }
}

function cannotUnseal(cause: unknown): AppError {
  return new AppError('SETTINGS_INVALID', {
    summary: 'The stored credentials cannot be decrypted with the present secret key.',
    advice: 'Start Wharf with the secret key they were saved with, or enter the credentials again.',
    cause,
  });
}

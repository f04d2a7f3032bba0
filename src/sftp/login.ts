/** Who may log in: holders of a registered key, and nobody by any other means. */
import type { AuthContext, PublicKeyAuthContext } from 'ssh2';
import type { Sql } from '../db/database.ts';
import { fingerprintText, parseSshKeyBlob, sshFingerprint } from '../store/ssh-key-blob.ts';
import { findLoginKey, type LoginKey } from '../store/ssh-keys.ts';
import { isSignedBy, isStrongHash } from './signature.ts';

/** What is written to the log about an attempt. */
export interface LoginFacts {
  /** As the client gave it. */
  readonly user: string;
  readonly algorithm: string | null;
  readonly fingerprint: string | null;
}

export type LoginAnswer =
  | { readonly kind: 'accepted'; readonly key: LoginKey; readonly facts: LoginFacts }
  /** The client asked whether it is worth signing; it is. */
  | { readonly kind: 'go-on' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly facts: LoginFacts };

export type RefusalReason = 'method' | 'unknown-key' | 'algorithm' | 'signature';

/** @throws AppError STORE_UNAVAILABLE */
export async function judgeLogin(sql: Sql, context: AuthContext): Promise<LoginAnswer> {
  const user = context.username.slice(0, 64);
  if (context.method !== 'publickey') {
    return { kind: 'refused', reason: 'method', facts: { user, algorithm: context.method, fingerprint: null } };
  }
  const { key: offered, signature, blob: signed, hashAlgo: hash } = context;
  const algorithm = hash === undefined ? offered.algo : `rsa-sha2-${hash.slice(3)}`;
  const facts: LoginFacts = {
    user,
    algorithm: algorithm.slice(0, 64),
    fingerprint: fingerprintText(sshFingerprint(offered.data)),
  };
  // a name that no account has is looked up all the same, so that it takes the same time
  const key = await findLoginKey(sql, /^[A-Za-z0-9]{6}$/.test(context.username) ? context.username : '', offered.data);
  if (!key) return { kind: 'refused', reason: 'unknown-key', facts };
  const registered = parseSshKeyBlob(key.blob);
  const fits = offered.algo === registered.type && (registered.type !== 'ssh-rsa' || isStrongHash(hash));
  if (!fits) return { kind: 'refused', reason: 'algorithm', facts };
  if (signature === undefined || signed === undefined) return { kind: 'go-on' };
  if (isSignedBy(registered, { algorithm: offered.algo, hash, signature, signed }))
    return { kind: 'accepted', key, facts };
  return { kind: 'refused', reason: 'signature', facts };
}

/** ssh2 would answer a question about an RSA key in the name of SHA-1, which clients then refuse to use. */
export function acceptQuestion(context: PublicKeyAuthContext): void {
  if (context.hashAlgo !== undefined) context.key.algo = `rsa-sha2-${context.hashAlgo.slice(3)}`;
  context.accept();
}

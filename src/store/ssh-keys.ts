import { isUniqueViolation, type Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import { fingerprintText, sshFingerprint, type SshKeyType } from './ssh-key-blob.ts';
import { parseSshPublicKey } from './ssh-public-key.ts';

export interface SshKey {
  readonly id: string;
  readonly title: string;
  /** Shown as "imported by". */
  readonly owner: string;
  readonly type: SshKeyType;
  /** `SHA256:...` */
  readonly fingerprint: string;
  /** Files of this key may change consent. */
  readonly mayConsent: boolean;
  readonly createdAt: Date;
  /** The last login. */
  readonly lastUsedAt: Date | null;
}

export interface NewSshKey {
  readonly title: string;
  readonly owner: string;
  /** The line of a `.pub` file. */
  readonly publicKey: string;
  readonly mayConsent: boolean;
}

/** A key that may log in, as it was registered. */
export interface LoginKey {
  readonly accountId: number;
  readonly keyId: string;
  readonly owner: string;
  readonly mayConsent: boolean;
  readonly blob: Buffer;
}

/** NOTIFY on this channel names the id of a key that was removed, so that its sessions end at once. */
export const removedKeyChannel = 'wharf_ssh_key_removed';

interface KeyRow extends Omit<SshKey, 'fingerprint'> {
  readonly fingerprint: Buffer;
}

const columns = `id, title, owner, type, fingerprint, may_consent as "mayConsent", created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** @throws AppError INVALID_INPUT saying what is wrong with the key; CONFLICT when the account has it already */
export async function addSshKey(sql: Sql, accountId: number, key: NewSshKey): Promise<SshKey> {
  const { type, blob } = parseSshPublicKey(key.publicKey);
  try {
    const { rows } = await sql.query<KeyRow>(
      `insert into ssh_key (account_id, id, title, owner, type, blob, fingerprint, may_consent)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
      [accountId, ulid(), key.title, key.owner, type, blob, sshFingerprint(blob), key.mayConsent],
    );
    const [added] = rows as [KeyRow];
    return shown(added);
  } catch (error) {
    if (!isUniqueViolation(error, 'ssh_key_account_id_fingerprint_key')) throw error;
    throw new AppError('CONFLICT', {
      summary: `The account has this key already (${fingerprintText(sshFingerprint(blob))}).`,
      advice: 'Nothing to do; or remove the key and add it again to change its title, owner or rights.',
      cause: error,
    });
  }
}

/** Newest first. */
export async function listSshKeys(sql: Sql, accountId: number): Promise<SshKey[]> {
  const { rows } = await sql.query<KeyRow>(
    `select ${columns} from ssh_key where account_id = $1 order by created_at desc, id desc`,
    [accountId],
  );
  return rows.map(shown);
}

/** For ever; sessions of the key end at once. @throws AppError NOT_FOUND */
export async function removeSshKey(sql: Sql, accountId: number, id: string): Promise<void> {
  const { count } = await sql.query(
    `with removed as (delete from ssh_key where account_id = $1 and id = $2 returning id)
     select pg_notify($3, id) from removed`,
    [accountId, id, removedKeyChannel],
  );
  if (count === 0) throw new AppError('NOT_FOUND', { summary: 'There is no such SSH key.' });
}

/**
 * The key of the account with that public id; null for an account that is unknown and for a key that is not registered. One
 * look-up in both cases, so timing does not tell which.
 */
export async function findLoginKey(sql: Sql, publicId: string, blob: Buffer): Promise<LoginKey | null> {
  const { rows } = await sql.query<LoginKey>(
    {
      name: 'find-login-key',
      text: `select key.account_id as "accountId", key.id as "keyId", key.owner, key.may_consent as "mayConsent", key.blob
             from account join ssh_key key on key.account_id = account.id
             where account.public_id = $1 and key.fingerprint = $2`,
    },
    [publicId, sshFingerprint(blob)],
  );
  return rows[0] ?? null;
}

/** Notes the login. False when the key was removed meanwhile. */
export async function markSshKeyUsed(sql: Sql, accountId: number, keyId: string): Promise<boolean> {
  const { count } = await sql.query('update ssh_key set last_used_at = now() where account_id = $1 and id = $2', [
    accountId,
    keyId,
  ]);
  return count > 0;
}

/** Those of the given keys that are still registered. */
export async function registeredKeys(sql: Sql, keyIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>('select id from ssh_key where id = any($1)', [keyIds]);
  return new Set(rows.map((row) => row.id));
}

function shown(row: KeyRow): SshKey {
  return { ...row, fingerprint: fingerprintText(row.fingerprint) };
}

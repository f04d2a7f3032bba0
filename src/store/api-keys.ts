import { createHash, randomInt } from 'node:crypto';
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The last four characters, to tell keys apart. */
  readonly hint: string;
  readonly createdAt: Date;
  /** Exact to a minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const keyPattern = /^pk_[0-9a-f]{34}$/;
const columns = `id, name, hint, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

/** Makes a private key. The key itself is in the answer and nowhere else: only its SHA-256 is kept. */
export async function createApiKey(
  sql: Sql,
  accountId: number,
  name: string,
): Promise<{ id: string; key: string; hint: string }> {
  if (name.trim() === '' || name.length > 200 || name.includes('\0')) {
    throw new AppError('INVALID_INPUT', { summary: 'The name of a key must have 1 to 200 characters.' });
  }
  const id = ulid();
  const key = newKey();
  const hint = key.slice(-4);
  await sql.query('insert into api_key (account_id, id, name, hash, hint) values ($1, $2, $3, $4, $5)', [
    accountId,
    id,
    name.trim(),
    hashOf(key),
    hint,
  ]);
  return { id, key, hint };
}

/** Whose key it is; null for one that is unknown, revoked or not even a key. Looked up by hash, so timing tells nothing. */
export async function authenticate(sql: Sql, key: string): Promise<{ accountId: number; keyId: string } | null> {
  if (!keyPattern.test(key)) return null;
  const { rows } = await sql.query<{ accountId: number; keyId: string; stale: boolean }>(
    {
      name: 'authenticate',
      text: `select account_id as "accountId", id as "keyId",
                    last_used_at is null or last_used_at < now() - interval '1 minute' as stale
             from api_key where hash = $1 and revoked_at is null`,
    },
    [hashOf(key)],
  );
  const [found] = rows;
  if (!found) return null;
  if (found.stale) await markUsed(sql, found.accountId, found.keyId);
  return { accountId: found.accountId, keyId: found.keyId };
}

/** Newest first, revoked ones included. */
export async function listApiKeys(sql: Sql, accountId: number): Promise<ApiKey[]> {
  const { rows } = await sql.query<ApiKey>(
    `select ${columns} from api_key where account_id = $1 order by created_at desc, id desc`,
    [accountId],
  );
  return rows;
}

/** Idempotent. @throws AppError NOT_FOUND */
export async function revokeApiKey(sql: Sql, accountId: number, id: string): Promise<ApiKey> {
  const { rows } = await sql.query<ApiKey>(
    `update api_key set revoked_at = coalesce(revoked_at, now()) where account_id = $1 and id = $2 returning ${columns}`,
    [accountId, id],
  );
  if (!rows[0]) throw new AppError('NOT_FOUND', { summary: 'There is no such key.' });
  return rows[0];
}

/** Once a minute at most: a busy key must not turn every request into a write. */
async function markUsed(sql: Sql, accountId: number, id: string): Promise<void> {
  await sql.query(
    `update api_key set last_used_at = now()
     where account_id = $1 and id = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [accountId, id],
  );
}

function newKey(): string {
  let digits = '';
  for (let i = 0; i < 34; i++) digits += randomInt(16).toString(16);
  return `pk_${digits}`;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Links that let a person into an account. The link holds a token; only its hash is kept. */
import { createHash, randomBytes } from 'node:crypto';
import { mayAssign, type Role } from '../contract/roles.ts';
import type { Database, Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import { addMember, mayNot } from './members.ts';

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What whoever holds the link may see of it. */
export interface OpenInvitation {
  readonly accountId: number;
  readonly accountName: string;
  readonly email: string;
  readonly role: Role;
}

const lifeMs = 7 * 86_400_000;
const columns = `id, email, role, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt"`;
const open = 'accepted_at is null and revoked_at is null';

/** An earlier open invitation of the same address ends. @throws AppError FORBIDDEN, CONFLICT, INVALID_INPUT */
export async function invite(
  db: Database,
  accountId: number,
  given: {
    readonly email: string;
    readonly role: Role;
    readonly by: string;
    readonly byRole: Role;
    readonly now: Date;
  },
): Promise<{ readonly invitation: Invitation; readonly token: string }> {
  if (!mayAssign(given.byRole, null, given.role)) throw mayNot();
  const email = given.email.trim().toLowerCase();
  const token = randomBytes(24).toString('base64url');
  return db.transaction(async (tx) => {
    const { count } = await tx.query(
      `select 1 from membership m join person p on p.id = m.person_id where m.account_id = $1 and p.email = $2`,
      [accountId, email],
    );
    if (count > 0) throw new AppError('CONFLICT', { summary: 'This person already belongs to the account.' });
    await tx.query(`update invitation set revoked_at = $3 where account_id = $1 and email = $2 and ${open}`, [
      accountId,
      email,
      given.now,
    ]);
    const { rows } = await tx.query<Invitation>(
      `insert into invitation (account_id, id, email, role, token_hash, invited_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
      [
        accountId,
        ulid(given.now.getTime()),
        email,
        given.role,
        hashOf(token),
        given.by,
        given.now,
        new Date(given.now.getTime() + lifeMs),
      ],
    );
    return { invitation: rows[0] as Invitation, token };
  });
}

/** Those that can still be accepted, newest first. */
export async function listInvitations(sql: Sql, accountId: number, now: Date): Promise<Invitation[]> {
  const { rows } = await sql.query<Invitation>(
    `select ${columns} from invitation where account_id = $1 and ${open} and expires_at > $2 order by id desc`,
    [accountId, now],
  );
  return rows;
}

/** Idempotent. @throws AppError NOT_FOUND */
export async function revokeInvitation(sql: Sql, accountId: number, id: string, now: Date): Promise<void> {
  const { count } = await sql.query(
    `update invitation set revoked_at = coalesce(revoked_at, $3)
     where account_id = $1 and id = $2 and accepted_at is null`,
    [accountId, id, now],
  );
  if (count === 0) throw new AppError('NOT_FOUND', { summary: 'There is no such invitation.' });
}

/** @throws AppError NOT_FOUND, the same for a link that never was, has ended or was used */
export async function openInvitation(sql: Sql, token: string, now: Date): Promise<OpenInvitation> {
  const { rows } = await sql.query<OpenInvitation>(
    `select i.account_id as "accountId", a.name as "accountName", i.email, i.role
     from invitation i join account a on a.id = i.account_id
     where i.token_hash = $1 and i.${open.replace(' and ', ' and i.')} and i.expires_at > $2`,
    [hashOf(token), now],
  );
  if (rows[0]) return rows[0];
  throw deadLink();
}

/** Makes the person a member. The link can be used once. @throws AppError NOT_FOUND; FORBIDDEN for another address */
export async function acceptInvitation(
  db: Database,
  token: string,
  person: { readonly id: string; readonly email: string },
  now: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ accountId: number; role: Role; email: string }>(
      `update invitation set accepted_at = $2 where token_hash = $1 and ${open} and expires_at > $2
       returning account_id as "accountId", role, email`,
      [hashOf(token), now],
    );
    const [accepted] = rows;
    if (!accepted) throw deadLink();
    if (accepted.email !== person.email) {
      throw new AppError('FORBIDDEN', {
        summary: `The invitation is for ${accepted.email}, but you are signed in as ${person.email}.`,
        advice: 'Sign out and open the link again, or ask for an invitation to your own address.',
      });
    }
    await addMember(tx, accepted.accountId, person.id, accepted.role);
  });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function deadLink(): AppError {
  return new AppError('NOT_FOUND', {
    summary: 'This invitation cannot be used.',
    advice: 'It may have been used, withdrawn or expired: ask whoever sent it for a new one.',
  });
}

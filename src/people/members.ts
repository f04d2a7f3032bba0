/** Who belongs to which account, in which role. */
import type { Role } from '../contract/roles.ts';
import { mayAssign } from '../contract/roles.ts';
import type { Database, Sql, Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';

export interface Membership {
  readonly accountId: number;
  readonly role: Role;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly since: Date;
}

/** The accounts a person may enter, by name. */
export async function membershipsOf(sql: Sql, personId: string): Promise<Membership[]> {
  const { rows } = await sql.query<Membership>(
    `select m.account_id as "accountId", m.role from membership m join account a on a.id = m.account_id
     where m.person_id = $1 order by a.name, a.id`,
    [personId],
  );
  return rows;
}

export async function roleIn(sql: Sql, accountId: number, personId: string): Promise<Role | null> {
  const { rows } = await sql.query<{ role: Role }>(
    'select role from membership where account_id = $1 and person_id = $2',
    [accountId, personId],
  );
  return rows[0]?.role ?? null;
}

export async function listMembers(sql: Sql, accountId: number): Promise<Member[]> {
  const { rows } = await sql.query<Member>(
    `select p.id, p.name, p.email, m.role, m.created_at as since from membership m join person p on p.id = m.person_id
     where m.account_id = $1 order by m.created_at, p.id`,
    [accountId],
  );
  return rows;
}

/** A person who is already a member keeps the role they have. */
export async function addMember(sql: Sql, accountId: number, personId: string, role: Role): Promise<void> {
  await sql.query(`insert into membership (account_id, person_id, role) values ($1, $2, $3) on conflict do nothing`, [
    accountId,
    personId,
    role,
  ]);
}

/** @throws AppError NOT_FOUND; FORBIDDEN; CONFLICT when the last owner would go */
export async function changeRole(
  db: Database,
  accountId: number,
  personId: string,
  role: Role,
  actor: Role,
): Promise<void> {
  await db.transaction(async (tx) => {
    await checkChange(tx, accountId, personId, role, actor);
    await tx.query('update membership set role = $3 where account_id = $1 and person_id = $2', [
      accountId,
      personId,
      role,
    ]);
  });
}

/** @throws AppError NOT_FOUND; FORBIDDEN; CONFLICT when the last owner would go */
export async function removeMember(db: Database, accountId: number, personId: string, actor: Role): Promise<void> {
  await db.transaction(async (tx) => {
    await checkChange(tx, accountId, personId, null, actor);
    await tx.query('delete from membership where account_id = $1 and person_id = $2', [accountId, personId]);
  });
}

/** Locks the account's owners, so that the last two cannot both step down at once. */
async function checkChange(
  tx: Tx,
  accountId: number,
  personId: string,
  after: Role | null,
  actor: Role,
): Promise<void> {
  const { rows } = await tx.query<{ personId: string; role: Role }>(
    `select person_id as "personId", role from membership where account_id = $1 and (role = 'owner' or person_id = $2)
     order by person_id for update`,
    [accountId, personId],
  );
  const before = rows.find((row) => row.personId === personId)?.role;
  if (!before) throw new AppError('NOT_FOUND', { summary: 'There is no such person in this account.' });
  if (!mayAssign(actor, before, after)) throw mayNot();
  const owners = rows.filter((row) => row.role === 'owner');
  if (before === 'owner' && after !== 'owner' && owners.length === 1) throw lastOwner();
}

export function mayNot(): AppError {
  return new AppError('FORBIDDEN', {
    summary: 'Your role does not allow this.',
    advice: 'Ask an owner of the account to do it, or to change your role.',
  });
}

function lastOwner(): AppError {
  return new AppError('CONFLICT', {
    summary: 'The account would be left without an owner.',
    advice: 'Make somebody else an owner first.',
  });
}

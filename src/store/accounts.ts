import { isUniqueViolation, type Database, type Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { shortId } from '../kernel/ids.ts';

export interface Account {
  /** Never leaves the service; the world knows `publicId`. */
  readonly id: number;
  /** Six letters and digits. */
  readonly publicId: string;
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** BCP 47. */
  readonly locale: string;
  /** `basic` is without the advanced data platform: it cannot sync to a warehouse. */
  readonly plan: 'basic' | 'advanced';
  readonly createdAt: Date;
}

export interface NewAccount {
  readonly name: string;
  /** `UTC` when absent. */
  readonly timeZone?: string;
  /** `USD` when absent. */
  readonly currency?: string;
  /** Made up when absent. */
  readonly publicId?: string;
}

const columns = `id, public_id as "publicId", name, time_zone as "timeZone", currency, locale, plan, created_at as "createdAt"`;

/** @throws AppError INVALID_INPUT naming the field; CONFLICT when the public id is taken */
export async function createAccount(db: Database, account: NewAccount): Promise<Account> {
  const { name, timeZone = 'UTC', currency = 'USD', publicId = shortId() } = account;
  checkAccount({ name, timeZone, currency, publicId });
  try {
    return await db.transaction(async (tx) => {
      const { rows } = await tx.query<Account>(
        `insert into account (public_id, name, time_zone, currency) values ($1, $2, $3, $4) returning ${columns}`,
        [publicId, name.trim(), timeZone, currency],
      );
      const [created] = rows as [Account];
      await tx.query('insert into change_counter (account_id) values ($1)', [created.id]);
      return created;
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'account_public_id_key')) throw error;
    throw new AppError('CONFLICT', { summary: `Another account has the id ${publicId}.`, cause: error });
  }
}

export async function getAccount(sql: Sql, accountId: number): Promise<Account | null> {
  const { rows } = await sql.query<Account>(`select ${columns} from account where id = $1`, [accountId]);
  return rows[0] ?? null;
}

export async function findAccount(sql: Sql, publicId: string): Promise<Account | null> {
  const { rows } = await sql.query<Account>(`select ${columns} from account where public_id = $1`, [publicId]);
  return rows[0] ?? null;
}

/** Oldest first. */
export async function listAccounts(sql: Sql): Promise<Account[]> {
  const { rows } = await sql.query<Account>(`select ${columns} from account order by id`);
  return rows;
}

/** @throws AppError NOT_FOUND */
export async function setAccountPlan(sql: Sql, accountId: number, plan: Account['plan']): Promise<Account> {
  const { rows } = await sql.query<Account>(`update account set plan = $2 where id = $1 returning ${columns}`, [
    accountId,
    plan,
  ]);
  if (!rows[0]) throw new AppError('NOT_FOUND', { summary: 'There is no such account.' });
  return rows[0];
}

/** @throws AppError INVALID_INPUT naming the field; NOT_FOUND */
export async function editAccount(
  sql: Sql,
  accountId: number,
  { name, timeZone }: { readonly name: string; readonly timeZone: string },
): Promise<Account> {
  checkAccount({ name, timeZone });
  const { rows } = await sql.query<Account>(
    `update account set name = $2, time_zone = $3 where id = $1 returning ${columns}`,
    [accountId, name.trim(), timeZone],
  );
  if (!rows[0]) throw new AppError('NOT_FOUND', { summary: 'There is no such account.' });
  return rows[0];
}

function checkAccount(account: { name: string; timeZone?: string; currency?: string; publicId?: string }): void {
  const { name, timeZone, currency, publicId } = account;
  const problems: string[] = [];
  if (name.trim() === '' || name.length > 200 || name.includes('\0'))
    problems.push('name must have 1 to 200 characters');
  if (timeZone !== undefined && !isTimeZone(timeZone)) problems.push('timeZone must be a zone such as Europe/Warsaw');
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) problems.push('currency must be a code such as EUR');
  if (publicId !== undefined && !/^[A-Za-z0-9]{6}$/.test(publicId)) {
    problems.push('publicId must have six letters or digits');
  }
  if (problems.length > 0)
    throw new AppError('INVALID_INPUT', { summary: `The account is not valid: ${problems.join('; ')}.` });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Credentials that end: when, what a person is told about it, and the warnings that come by themselves. */
import type { Database } from '../db/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { addEntry } from './timeline.ts';
import type { ConnectionWarning } from './types.ts';

const dayMs = 86_400_000;

/** Days before the end at which a warning is due; 0 is the end itself. */
const warnDaysBefore = [14, 3, 1, 0] as const;

/** What is shown with the connection, from the first of those days on. */
export function credentialWarnings(expireAt: Date | null, now: Date): readonly ConnectionWarning[] {
  if (expireAt === null || msLeft(expireAt, now) > warnDaysBefore[0] * dayMs) return [];
  const advice = 'Create new credentials in the warehouse and enter them in the connection; nothing is sent anew.';
  const at = `${expireAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (msLeft(expireAt, now) <= 0) {
    return [{ code: 'CREDENTIALS_EXPIRED', message: `The credentials expired on ${at}.`, advice }];
  }
  return [{ code: 'CREDENTIALS_EXPIRE_SOON', message: `The credentials expire on ${at}.`, advice }];
}

interface Ending {
  readonly accountId: number;
  readonly id: string;
  readonly expireAt: Date;
}

/**
 * Warns of each connection that is on and whose credentials have come to a day of `warnDaysBefore` since the last warning:
 * one entry in its timeline, from which every kind of alert follows, and one line in the log. Any process may do this at
 * any time; each warning comes once. Returns how many there were.
 */
export async function warnOfCredentials(db: Database, log: Logger, now: Date): Promise<number> {
  const endings = await db.transaction(async (tx) => {
    const { rows } = await tx.query<Ending>(
      `update destination d set credentials_warned_at = $1
       where d.removed_at is null and d.enabled and exists (
         select 1 from unnest($2::integer[]) as days(before)
         cross join lateral (select d.credentials_expire_at - make_interval(days => days.before) as due) as warning
         where due <= $1 and due > coalesce(d.credentials_warned_at, '-infinity'))
       returning d.account_id as "accountId", d.id, d.credentials_expire_at as "expireAt"`,
      [now, warnDaysBefore],
    );
    for (const { accountId, id, expireAt } of rows) {
      const kind = msLeft(expireAt, now) > 0 ? 'credentials-expire-soon' : 'credentials-expired';
      const details = { expireAt: expireAt.toISOString() };
      await addEntry(tx, { accountId, destinationId: id, kind, at: now, actor: 'system', details });
    }
    return rows;
  });
  for (const { accountId, id, expireAt } of endings) {
    log.warn({ account: accountId, destination: id, expireAt }, 'export.credentials.ending');
  }
  return endings.length;
}

function msLeft(expireAt: Date, now: Date): number {
  return expireAt.getTime() - now.getTime();
}

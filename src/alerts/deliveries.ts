/** What was sent, and the test that people send. */
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import { noSuchAddress } from './addresses.ts';
import type { AlertParts } from './parts.ts';
import type { Alerts, Delivery } from './types.ts';
import { jobLostMs } from './watch.ts';

const testEveryMs = 5_000;

export async function sendTest({ db, queue, clock }: AlertParts, accountId: number, addressId: string): Promise<void> {
  const now = clock.now();
  const alertId = ulid(now.getTime());
  await db.transaction(async (tx) => {
    const { count } = await tx.query('select from alert_address where account_id = $1 and id = $2 for no key update', [
      accountId,
      addressId,
    ]);
    if (count === 0) noSuchAddress();
    const { count: recent } = await tx.query(
      `select from alert_delivery v join alert a on a.account_id = v.account_id and a.id = v.alert_id
       where v.account_id = $1 and v.address_id = $2 and a.type = 'test' and a.at > $3 limit 1`,
      [accountId, addressId, new Date(now.getTime() - testEveryMs)],
    );
    if (recent > 0) throw tooSoon();
    await tx.query(
      `insert into alert (account_id, id, type, dedupe_key, at, facts) values ($1, $2, 'test', 'test:' || $2, $3, '{}')`,
      [accountId, alertId, now],
    );
    await tx.query(
      `insert into alert_delivery (account_id, alert_id, address_id, status, next_at) values ($1, $2, $3, 'pending', $4)`,
      [accountId, alertId, addressId, new Date(now.getTime() + jobLostMs)],
    );
    await queue.add(tx, 'alerts.deliver', { accountId, alertId, addressId });
  });
}

/** A page ends between alerts' ids and addresses, so its cursor names both. */
export async function listDeliveries(
  sql: Sql,
  accountId: number,
  { cursor, size }: Parameters<Alerts['listDeliveries']>[1],
): ReturnType<Alerts['listDeliveries']> {
  const [alertId = null, addressId = null] = cursor?.split('.') ?? [];
  const { rows } = await sql.query<Delivery>(
    `select v.alert_id as "alertId", v.address_id as "addressId", x.name as "addressName", x.channel, a.type, a.facts, a.at,
            v.status, v.attempts, v.last_attempt_at as "lastAttemptAt",
            case when v.status = 'pending' and v.attempts > 0 then v.next_at end as "nextAttemptAt", v.answer
     from alert_delivery v
     join alert a on a.account_id = v.account_id and a.id = v.alert_id
     join alert_address x on x.account_id = v.account_id and x.id = v.address_id
     where v.account_id = $1 and ($2::text is null or (v.alert_id, v.address_id) < ($2, $3::text))
     order by v.alert_id desc, v.address_id desc limit $4`,
    [accountId, alertId, addressId ?? '', size + 1],
  );
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > size && last ? `${last.alertId}.${last.addressId}` : null };
}

function tooSoon(): AppError {
  return new AppError('THROTTLED', {
    summary: 'A test was sent to this address a moment ago.',
    advice: `Wait ${testEveryMs / 1000} seconds, then send another.`,
  });
}

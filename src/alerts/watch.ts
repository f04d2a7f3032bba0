/** What happens by itself: occurrences become alerts, due deliveries become jobs, old alerts are forgotten. */
import type { Tx } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';
import type { Occurrence } from './occurrences.ts';
import { untoldOccurrences } from './occurrences.ts';
import type { AlertParts } from './parts.ts';
import { topicOf } from './types.ts';

/** After this long a job that was given to the queue counts as lost, and another takes its place. */
export const jobLostMs = 15 * 60_000;
const keepMs = 90 * 86_400_000;
const dueAtOnce = 500;

/** One look. Any number of processes may look at once. Returns how many alerts it made. */
export async function look(parts: AlertParts): Promise<number> {
  const { db, clock, log } = parts;
  const now = clock.now();
  let made = 0;
  for (const occurrence of await untoldOccurrences(db, now)) {
    const isNew = await db.transaction((tx) => record(tx, parts, occurrence, now));
    if (!isNew) continue;
    made += 1;
    log.info({ account: occurrence.accountId, type: occurrence.type }, 'alerts.made');
  }
  await giveDueToQueue(parts, now);
  return made;
}

/** False when another process was faster. The alert, its deliveries and their jobs exist together or not at all. */
async function record(tx: Tx, parts: AlertParts, occurrence: Occurrence, now: Date): Promise<boolean> {
  const { accountId, type, at } = occurrence;
  const id = ulid(now.getTime());
  const { count } = await tx.query(
    `insert into alert (account_id, id, type, dedupe_key, at, facts) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, dedupe_key) do nothing`,
    [accountId, id, type, occurrence.key, at, JSON.stringify(occurrence.facts)],
  );
  if (count === 0) return false;
  const { rows } = await tx.query<{ address_id: string }>(
    `insert into alert_delivery (account_id, alert_id, address_id, status, next_at)
     select account_id, $2, id, 'pending', $5 from alert_address
     where account_id = $1 and $3 = any(topics) and created_at <= $4
     returning address_id`,
    [accountId, id, topicOf[type], at, new Date(now.getTime() + jobLostMs)],
  );
  for (const { address_id: addressId } of rows) {
    await parts.queue.add(tx, 'alerts.deliver', { accountId, alertId: id, addressId });
  }
  return true;
}

async function giveDueToQueue({ db, queue }: AlertParts, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ account_id: number; alert_id: string; address_id: string }>(
      `update alert_delivery set next_at = $2
       where (account_id, alert_id, address_id) in (
         select account_id, alert_id, address_id from alert_delivery
         where status = 'pending' and next_at <= $1 order by next_at limit ${dueAtOnce} for update skip locked)
       returning account_id, alert_id, address_id`,
      [now, new Date(now.getTime() + jobLostMs)],
    );
    for (const { account_id: accountId, alert_id: alertId, address_id: addressId } of rows) {
      await queue.add(tx, 'alerts.deliver', { accountId, alertId, addressId });
    }
  });
}

export async function forgetOldAlerts({ db, clock }: AlertParts): Promise<void> {
  await db.query('delete from alert where at < $1', [new Date(clock.now().getTime() - keepMs)]);
}

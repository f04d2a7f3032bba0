/** One attempt to bring one alert to one address, at least once: a repeat after a crash carries the same id. */
import type { JobHandler, Jobs } from '../queue/queue.ts';
import { sayIn } from '../sentences/say.ts';
import { openWebhook } from './addresses.ts';
import { letterOf } from './letter.ts';
import { linkOf, payloadOf, type Subject } from './message.ts';
import type { AlertParts } from './parts.ts';
import type { Alert, AlertAddress } from './types.ts';
import { post, type Outcome } from './webhook.ts';

/** Waits after the first failed attempt, the second, ...: 18 hours in all. */
const waitsMs = [5_000, 60_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000] as const;

interface Due {
  readonly alert: Alert;
  readonly address: Pick<AlertAddress, 'id' | 'channel' | 'name' | 'language'> & { readonly sealed: string | null };
  readonly subject: Subject;
  readonly attempts: number;
}

export function deliveryHandler(parts: AlertParts): JobHandler<'alerts.deliver'> {
  return async (job) => {
    const due = await findDue(parts, job);
    if (!due) return;
    const outcome = await attempt(parts, due);
    await keepOutcome(parts, due, outcome);
    const { accountId, id, type } = due.alert;
    parts.log.info({ account: accountId, alert: id, type, delivered: outcome.delivered }, 'alerts.attempted');
  };
}

/** Null when there is nothing to do any more. */
async function findDue(
  { db }: AlertParts,
  { accountId, alertId, addressId }: Jobs['alerts.deliver'],
): Promise<Due | null> {
  const { rows } = await db.query<Due>(
    `select v.attempts,
            json_build_object('id', x.id, 'channel', x.channel, 'name', x.name, 'language', x.language, 'sealed', x.sealed)
              as address,
            json_build_object('id', c.public_id, 'name', c.name, 'timeZone', c.time_zone) as subject,
            json_build_object('accountId', a.account_id, 'id', a.id, 'type', a.type, 'facts', a.facts) as alert,
            a.at
     from alert_delivery v
     join alert a on a.account_id = v.account_id and a.id = v.alert_id
     join alert_address x on x.account_id = v.account_id and x.id = v.address_id
     join account c on c.id = v.account_id
     where v.account_id = $1 and v.alert_id = $2 and v.address_id = $3 and v.status = 'pending'`,
    [accountId, alertId, addressId],
  );
  const row = rows[0] as (Due & { readonly at: Date }) | undefined;
  return row ? { ...row, alert: { ...row.alert, at: row.at } } : null;
}

async function attempt(parts: AlertParts, { alert, address, subject }: Due): Promise<Outcome> {
  const { sealingKeys, options, clock, mailer } = parts;
  const link = linkOf(alert, subject, options.publicUrl);
  if (address.sealed !== null) {
    const webhook = openWebhook(sealingKeys, alert.accountId, address.id, address.sealed);
    return post(webhook, { id: alert.id, now: clock.now(), body: payloadOf(alert, subject, link) }, options);
  }
  if (!mailer) return { delivered: false, final: false, answer: 'This installation has no mail server set.' };
  const letter = letterOf(alert, subject, link, address.language, await sayIn(address.language));
  return mailer.send({ ...letter, to: address.name, id: `${alert.id}.${address.id}` });
}

async function keepOutcome(
  { db, clock }: AlertParts,
  { alert, address, attempts }: Due,
  outcome: Outcome,
): Promise<void> {
  const now = clock.now();
  // whoever sends a test looks at the answer, and sends another
  const waitMs = alert.type === 'test' ? undefined : waitsMs[attempts];
  const isOver = outcome.delivered || outcome.final || waitMs === undefined;
  const status = outcome.delivered ? 'delivered' : isOver ? 'refused' : 'pending';
  await db.query(
    `update alert_delivery set status = $4, attempts = attempts + 1, last_attempt_at = $5, next_at = $6, answer = $7
     where account_id = $1 and alert_id = $2 and address_id = $3 and status = 'pending'`,
    [
      alert.accountId,
      alert.id,
      address.id,
      status,
      now,
      new Date(now.getTime() + (isOver ? 0 : waitMs)),
      outcome.answer,
    ],
  );
}

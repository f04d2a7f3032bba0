/** The places alerts go to. */
import { z } from 'zod';
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';
import type { AlertParts } from './parts.ts';
import { reachable, Unreachable } from './reachable.ts';
import type { AlertAddress, NewAddress } from './types.ts';
import { newSecret, type Webhook } from './webhook.ts';

const mostAddresses = 50;

const columns = 'id, channel, name, topics, language, created_at as "createdAt"';

export async function listAddresses(sql: Sql, accountId: number): Promise<AlertAddress[]> {
  const { rows } = await sql.query<AlertAddress>(
    `select ${columns} from alert_address where account_id = $1 order by id`,
    [accountId],
  );
  return rows;
}

export async function addAddress(
  parts: AlertParts,
  accountId: number,
  { channel, address, topics, language }: NewAddress,
): Promise<{ address: AlertAddress; secret: string | null }> {
  const { db, clock, sealingKeys } = parts;
  const now = clock.now();
  const id = ulid(now.getTime());
  const webhook = channel === 'webhook' ? { url: (await checkedUrl(parts, address)).href, secret: newSecret() } : null;
  const name = webhook ? urlHint(new URL(webhook.url)) : checkedEmail(address);
  const { rows } = await db.query<AlertAddress>(
    `insert into alert_address (account_id, id, channel, name, sealed, topics, language, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8
     where (select count(*) from alert_address where account_id = $1) < $9
     returning ${columns}`,
    [
      accountId,
      id,
      channel,
      name,
      webhook && seal(sealingKeys, JSON.stringify(webhook), sealContext(accountId, id)),
      topics,
      language,
      now,
      mostAddresses,
    ],
  );
  if (!rows[0]) throw tooMany();
  return { address: rows[0], secret: webhook?.secret ?? null };
}

export async function editAddress(
  sql: Sql,
  accountId: number,
  id: string,
  { topics, language }: Pick<NewAddress, 'topics' | 'language'>,
): Promise<AlertAddress> {
  const { rows } = await sql.query<AlertAddress>(
    `update alert_address set topics = $3, language = $4 where account_id = $1 and id = $2 returning ${columns}`,
    [accountId, id, topics, language],
  );
  return rows[0] ?? noSuchAddress();
}

export async function removeAddress(sql: Sql, accountId: number, id: string): Promise<void> {
  const { count } = await sql.query('delete from alert_address where account_id = $1 and id = $2', [accountId, id]);
  if (count === 0) noSuchAddress();
}

/** @throws AppError SETTINGS_INVALID when the key it was sealed with is gone */
export function openWebhook(keys: SealingKeys, accountId: number, id: string, sealed: string): Webhook {
  return JSON.parse(unseal(keys, sealed, sealContext(accountId, id))) as Webhook;
}

function sealContext(accountId: number, id: string): string {
  return `account ${accountId} alert address ${id}`;
}

function checkedEmail(text: string): string {
  if (z.email().max(200).safeParse(text).success) return text;
  throw wrong('This is not an e-mail address.');
}

/** Refused as early as can be known; each delivery looks again, since names can lead elsewhere by then. */
async function checkedUrl({ options }: AlertParts, text: string): Promise<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong('A webhook has a URL that begins with https:// or http://.');
  if (url.username !== '' || url.password !== '') {
    throw wrong('The URL must not hold a user name or password. Receivers know Wharf by the signature.');
  }
  await reachable(url, options).catch((error: unknown) => {
    throw error instanceof Unreachable ? wrong(error.message) : error;
  });
  url.hash = '';
  return url;
}

/** Enough to recognise it. The rest may be a secret: some services put one into the path. */
function urlHint({ origin, pathname, search }: URL): string {
  const rest = pathname + search;
  return rest.length <= 5 ? origin + (rest === '/' ? '' : rest) : `${origin}/…${rest.slice(-4)}`;
}

function wrong(message: string): AppError {
  return new AppError('INVALID_INPUT', {
    summary: message,
    advice: 'Correct the address.',
    details: { problems: [{ field: 'address', message }] },
  });
}

function tooMany(): AppError {
  return new AppError('CONFLICT', {
    summary: `An account has at most ${mostAddresses} addresses for alerts.`,
    advice: 'Remove one that is not needed any more.',
  });
}

export function noSuchAddress(): never {
  throw new AppError('NOT_FOUND', { summary: 'There is no such alert address here.' });
}

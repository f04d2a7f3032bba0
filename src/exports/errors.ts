import type { Database, Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import { storableText } from '../kernel/redact.ts';
import { pageOf, pageSize } from './page.ts';
import type { SyncError, SyncErrors } from './types.ts';

const columns = `e.id, e.sync_id as "syncId", e.run_id as "runId", e.code, e.remedy, e.summary, e.advice,
  e.external_message as "externalMessage", e.details, e.first_at as "firstAt", e.last_at as "lastAt", e.occurrences,
  e.resolved_at as "resolvedAt"`;

export interface ErrorPlace {
  readonly accountId: number;
  readonly syncId: string;
  readonly runId: string;
}

/** An error that is active already is counted again and takes the newest words. */
export async function addError(tx: Tx, place: ErrorPlace, error: AppError, now: Date): Promise<void> {
  await tx.query(
    `insert into sync_error (account_id, id, sync_id, run_id, code, remedy, summary, advice, external_message, details,
                             first_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
     on conflict (account_id, sync_id, code) where resolved_at is null do update
     set occurrences = sync_error.occurrences + 1, last_at = excluded.last_at, run_id = excluded.run_id,
         summary = excluded.summary, advice = excluded.advice, external_message = excluded.external_message,
         details = excluded.details`,
    [
      place.accountId,
      ulid(now.getTime()),
      place.syncId,
      place.runId,
      error.code,
      error.remedy,
      storableText(error.summary),
      storableText(error.advice),
      error.externalMessage === null ? null : storableText(error.externalMessage),
      detailsText(error.details),
      now,
    ],
  );
}

function detailsText(details: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(details).toWellFormed();
  return text.length <= 16_000 ? text : '{}';
}

/** Returns how many were active. */
export async function resolveErrors(tx: Tx, accountId: number, syncId: string, now: Date): Promise<number> {
  const { count } = await tx.query(
    'update sync_error set resolved_at = $3 where account_id = $1 and sync_id = $2 and resolved_at is null',
    [accountId, syncId, now],
  );
  return count;
}

export function createErrors(db: Database): SyncErrors {
  return {
    async list(accountId, { syncId, activeOnly, cursor, size }) {
      const { rows } = await db.query<SyncError>(
        `select ${columns} from sync_error e
         where e.account_id = $1 and ($2::text is null or e.id < $2) and ($3::text is null or e.sync_id = $3)
           and (not $4 or e.resolved_at is null)
         order by e.id desc limit $5`,
        [accountId, cursor ?? null, syncId ?? null, activeOnly ?? false, pageSize(size) + 1],
      );
      return pageOf(rows, size);
    },
    async get(accountId, errorId) {
      const { rows } = await db.query<SyncError>(
        `select ${columns} from sync_error e where e.account_id = $1 and e.id = $2`,
        [accountId, errorId],
      );
      if (rows[0]) return rows[0];
      throw new AppError('NOT_FOUND', { summary: 'There is no such error.', details: { errorId } });
    },
  };
}

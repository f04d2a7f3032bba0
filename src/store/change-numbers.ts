import type { BoundStatement, Database, Sql, Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';

/** The change numbers of one write transaction. */
export interface ChangeNumbers {
  /** The first of `count` consecutive numbers, never given before. */
  take(count: number): number;
  /** The newest number given, in this transaction or before it. */
  readonly last: number;
  /** The transaction's events are not in their people's `last_event_date` yet: `enterEventDates` will see to it. */
  leaveUndated(): void;
  /** When the account's lock was granted, by the database's clock; never before an earlier write's moment. */
  readonly now: Date;
}

export interface WriteOptions {
  readonly awaitDisk?: boolean | undefined;
  /** The transaction begins once this has resolved, and not when it rejects. What needs no lock is done meanwhile. */
  readonly after?: Promise<unknown> | undefined;
}

/**
 * Runs `work` in a transaction that holds the account's counter row from its first statement to its commit. So writers of
 * one account run one after another, each statement of `work` sees all that committed before, and numbers become visible
 * in order and without gaps: whoever reads `last_number` n may rely on every change up to n being there.
 * Do what needs no lock (parsing, hashing) before calling.
 *
 * The commit does not wait for the disk while the lock is held; the call does, after it, together with the account's other
 * writers. What resolves is durable, unless `awaitDisk` is false: then the next commit that waits makes it so. What others
 * saw before it was durable cannot outlive it either: whatever they commit follows it in the same log.
 * @throws AppError NOT_FOUND when there is no such account
 */
export async function withAccountWrite<T>(
  db: Database,
  accountId: number,
  work: (tx: Tx, numbers: ChangeNumbers) => Promise<T>,
  { awaitDisk = true, after }: WriteOptions = {},
): Promise<T> {
  await after;
  let counter: BoundStatement | null = null;
  const write = async (tx: Tx): Promise<T> => {
    const { last, now } = await lock(tx, accountId);
    let given = last;
    let isUndated = false;
    const numbers: ChangeNumbers = {
      now,
      take(count) {
        const first = given + 1;
        given += count;
        return first;
      },
      leaveUndated() {
        isUndated = true;
      },
      get last() {
        return given;
      },
    };
    const result = await work(tx, numbers);
    if (given > last) counter = storeLast(accountId, { last: given, now, undatedFrom: isUndated ? last + 1 : null });
    return result;
  };
  const result = await db.transaction(write, { last: () => counter });
  if (awaitDisk) await db.flush();
  return result;
}

/** The newest change number whose change, like all before it, is visible to every later statement. */
export async function currentNumber(sql: Sql, accountId: number): Promise<number> {
  const { rows } = await sql.query<{ last_number: number }>(
    'select last_number from change_counter where account_id = $1',
    [accountId],
  );
  if (!rows[0]) throw noAccount(accountId);
  return rows[0].last_number;
}

// The clock is read outside the locked row's own projection, which PostgreSQL computes before it waits for the lock.
// A write looks up what it knows the keys of. A plan made while the tables were small, and kept, must not scan them once
// they have grown.
const lockStatement = {
  name: 'lock-account',
  text: `with counter as materialized (
           select last_number, last_time, set_config('synchronous_commit', 'off', true),
             set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
             set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true),
             set_config('enable_sort', 'off', true)
           from change_counter where account_id = $1 for update
         )
         select last_number, date_trunc('milliseconds', greatest(clock_timestamp(), last_time)) as now from counter`,
};

async function lock(tx: Tx, accountId: number): Promise<{ last: number; now: Date }> {
  const { rows } = await tx.query<{ last_number: number; now: Date }>(lockStatement, [accountId]);
  if (!rows[0]) throw noAccount(accountId);
  return { last: rows[0].last_number, now: rows[0].now };
}

interface LastNumber {
  readonly last: number;
  readonly now: Date;
  /** The first number of a transaction that leaves dates for later; null for others. */
  readonly undatedFrom: number | null;
}

const storeStatement = {
  name: 'store-last-number',
  text: `update change_counter
         set last_number = $2, last_time = $3, undated_from = coalesce(undated_from, $4::bigint),
             undated_to = case when $4::bigint is null then undated_to else $2 end
         where account_id = $1`,
};

function storeLast(accountId: number, { last, now, undatedFrom }: LastNumber): BoundStatement {
  return { statement: storeStatement, values: [accountId, last, now, undatedFrom] };
}

function noAccount(accountId: number): AppError {
  return new AppError('NOT_FOUND', { summary: 'There is no such account.', details: { accountId } });
}

/** Bulk profile imports: the request as it came, how far it is, and what became of each profile. */
import type { Sql, Tx } from '../db/database.ts';
import type { DoorNote } from '../kernel/json-text-scanner.ts';
import { stringifyJson, type JsonText } from '../kernel/json-text.ts';
import { ulid } from '../kernel/ids.ts';
import { column, conditionsSql, type Condition } from './conditions.ts';
import { isAscending, toPage, type ListPage, type PageRequest } from './list-page.ts';
import { instantText } from './profile-reads.ts';

export type ImportJobStatus = 'queued' | 'processing' | 'complete' | 'cancelled';

export interface ImportJob {
  readonly id: string;
  readonly status: ImportJobStatus;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  /** From then on the job and its results may be forgotten; the profiles stay. */
  readonly expires_at: Date;
  readonly total_count: number;
  readonly completed_count: number;
  readonly failed_count: number;
}

/** A job's work: the profiles as one JSON array, and the place of the first that is not done. */
export interface ImportWork {
  readonly payload: string;
  readonly notes: string | null;
  readonly position: number;
}

export interface ImportError {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** JSON pointer into the request. */
  readonly pointer: string;
}

/** What became of the profile at `position` of the request. */
export type ImportResult = { readonly position: number } & (
  | { readonly profileId: string }
  | { readonly error: ImportError; readonly original: string }
);

const columns =
  'id, status, created_at, started_at, completed_at, expires_at, total_count, completed_count, failed_count';

const daysKept = 7;

/** Adds a queued job. */
export async function createImportJob(
  tx: Tx,
  accountId: number,
  job: { readonly payload: JsonText; readonly notes: readonly DoorNote[]; readonly total: number; readonly now: Date },
): Promise<ImportJob> {
  const { rows } = await tx.query<ImportJob>(
    `insert into profile_import_job (account_id, id, status, created_at, expires_at, total_count, payload, door_notes)
     values ($1, $2, 'queued', $3, $3::timestamptz + make_interval(days => $4), $5, $6, $7) returning ${columns}`,
    [
      accountId,
      ulid(job.now.getTime()),
      job.now,
      daysKept,
      job.total,
      job.payload.text,
      job.notes.length > 0 ? stringifyJson(job.notes) : null,
    ],
  );
  const [created] = rows as [ImportJob];
  return created;
}

const daysUntilLost = 30;

/** Forgets every account's expired jobs, and those that never came to an end; returns how many. */
export async function forgetImportJobs(sql: Sql, now: Date): Promise<number> {
  const { count } = await sql.query(
    `delete from profile_import_job
     where (status = 'complete' and expires_at < $1) or created_at < $1 - make_interval(days => $2)`,
    [now, daysUntilLost],
  );
  return count;
}

export async function getImportJob(sql: Sql, accountId: number, id: string): Promise<ImportJob | null> {
  const { rows } = await sql.query<ImportJob>(
    `select ${columns} from profile_import_job where account_id = $1 and id = $2`,
    [accountId, id],
  );
  return rows[0] ?? null;
}

/** One page of the account's jobs by time of making. `page.from.key` must be a time. */
export async function listImportJobs(
  sql: Sql,
  accountId: number,
  request: { readonly conditions: readonly Condition[]; readonly page: PageRequest },
): Promise<ListPage<ImportJob>> {
  const { page } = request;
  const values: unknown[] = [accountId];
  const where = conditionsSql(request.conditions, { status: column('status') }, values);
  const ascending = isAscending(page);
  let start = '';
  if (page.from) {
    values.push(page.from.key, page.from.id);
    const place = `($${values.length - 1}::timestamptz, $${values.length})`;
    start = ` and (created_at, id) ${ascending ? '>' : '<'} ${place}`;
  }
  values.push(page.size + 1);
  const direction = ascending ? 'asc' : 'desc';
  const { rows } = await sql.query<ImportJob & { sort_key: string }>(
    `select ${columns}, ${instantText('created_at')} as sort_key
       from profile_import_job
      where account_id = $1${where}${start}
      order by created_at ${direction}, id ${direction}
      limit $${values.length}`,
    values,
  );
  return toPage(rows, page);
}

interface ResultRow {
  /** The place in the request. */
  readonly id: string;
  readonly sort_key: string;
}

export interface ImportErrorRow extends ResultRow {
  readonly error: string;
  readonly original: string;
}

/** One page of a job's refused profiles, in the order of the request. `page.from.key` must be digits. */
export function listImportErrors(
  sql: Sql,
  accountId: number,
  jobId: string,
  page: PageRequest,
): Promise<ListPage<ImportErrorRow>> {
  return listResults<ImportErrorRow>(sql, accountId, jobId, page, {
    columns: 'error::text, original::text',
    where: 'error is not null',
  });
}

export interface ImportProfileRow extends ResultRow {
  readonly profile_id: string;
}

/** One page of the ids of a job's profiles, in the order of the request. `page.from.key` must be digits. */
export function listImportProfiles(
  sql: Sql,
  accountId: number,
  jobId: string,
  page: PageRequest,
): Promise<ListPage<ImportProfileRow>> {
  return listResults<ImportProfileRow>(sql, accountId, jobId, page, {
    columns: 'profile_id',
    where: 'profile_id is not null',
  });
}

async function listResults<Row extends ResultRow>(
  sql: Sql,
  accountId: number,
  jobId: string,
  page: PageRequest,
  want: { readonly columns: string; readonly where: string },
): Promise<ListPage<Row>> {
  const ascending = isAscending(page);
  const { rows } = await sql.query<Row>(
    `select position::text as id, position::text as sort_key, ${want.columns}
       from profile_import_result
      where account_id = $1 and job_id = $2 and ${want.where}
        and ($3::integer is null or position ${ascending ? '>' : '<'} $3::integer)
      order by position ${ascending ? 'asc' : 'desc'}
      limit $4`,
    [accountId, jobId, page.from?.key ?? null, page.size + 1],
  );
  return toPage(rows, page);
}

/** Marks a job as processing and hands out what is left of it; null when there is nothing to do. */
export async function startImportJob(sql: Sql, accountId: number, id: string, now: Date): Promise<ImportWork | null> {
  const { rows } = await sql.query<ImportWork>(
    `update profile_import_job
        set status = 'processing', started_at = coalesce(started_at, $3)
      where account_id = $1 and id = $2 and status in ('queued', 'processing')
      returning payload::text, door_notes::text as notes, completed_count + failed_count as position`,
    [accountId, id, now],
  );
  return rows[0] ?? null;
}

/**
 * Keeps the results of the next profiles, which begin at `position`; the last ones complete the job.
 * False when somebody else has already kept results there: the caller's are dropped.
 */
export async function keepImportResults(
  tx: Tx,
  accountId: number,
  id: string,
  position: number,
  results: readonly ImportResult[],
  now: Date,
): Promise<boolean> {
  const failed = results.filter((result) => 'error' in result).length;
  const { count } = await tx.query(
    `update profile_import_job
        set completed_count = completed_count + $4,
            failed_count = failed_count + $5,
            status = case when completed_count + failed_count + $4 + $5 < total_count then status else 'complete' end,
            completed_at = case when completed_count + failed_count + $4 + $5 < total_count then null else $6::timestamptz end,
            payload = case when completed_count + failed_count + $4 + $5 < total_count then payload end
      where account_id = $1 and id = $2 and status = 'processing' and completed_count + failed_count = $3`,
    [accountId, id, position, results.length - failed, failed, now],
  );
  if (count === 0) return false;
  await tx.query(
    `insert into profile_import_result (account_id, job_id, position, profile_id, error, original)
     select $1, $2, r.position, r.profile_id, r.error::json, r.original::json
       from unnest($3::integer[], $4::text[], $5::text[], $6::text[]) as r(position, profile_id, error, original)`,
    [
      accountId,
      id,
      results.map((result) => result.position),
      results.map((result) => ('profileId' in result ? result.profileId : null)),
      results.map((result) => ('error' in result ? stringifyJson(result.error) : null)),
      results.map((result) => ('original' in result ? result.original : null)),
    ],
  );
  return true;
}

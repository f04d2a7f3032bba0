import { parseJson, stringifyJson, JsonText } from '../../kernel/json-text.ts';
import {
  createImportJob,
  getImportJob,
  listImportErrors,
  listImportJobs,
  listImportProfiles,
  type ImportError,
  type ImportErrorRow,
  type ImportJob,
} from '../../store/profile-import-jobs.ts';
import type { PageRequest } from '../../store/list-page.ts';
import { getProfiles } from '../../store/profile-reads.ts';
import { notFound } from './api-error.ts';
import { BodyCheck, type Members } from './body.ts';
import { bodyOf, idOf, type Call, type Handlers } from './call.ts';
import { decodeCursor } from './cursor.ts';
import { address, collection, relationship, single, sparse, type Resource } from './document.ts';
import { writeInstant } from './instant.ts';
import { profileResource } from './profile-resource.ts';

const maxProfiles = 10_000;

/** Bulk imports of profiles: taken in at once, worked through in the background (`import-worker.ts`). */
export const importJobHandlers: Handlers<
  | 'bulk_import_profiles'
  | 'get_bulk_import_profiles_jobs'
  | 'get_bulk_import_profiles_job'
  | 'get_errors_for_bulk_import_profiles_job'
  | 'get_profiles_for_bulk_import_profiles_job'
> = {
  async bulk_import_profiles(call) {
    const body = bodyOf(call);
    const profiles = readProfiles(new BodyCheck(), body.value);
    const job = await call.db.transaction(async (tx) => {
      const created = await createImportJob(tx, call.account.id, {
        payload: new JsonText(stringifyJson(profiles)),
        notes: body.notes,
        total: profiles.length,
        now: call.clock.now(),
      });
      await call.queue.add(tx, 'profiles.import', { accountId: call.account.id, jobId: created.id });
      return created;
    });
    return { status: 202, document: single(call.url, jobResource(call, job)) };
  },

  async get_bulk_import_profiles_jobs(call) {
    const { query } = call;
    const page = await listImportJobs(call.db, call.account.id, {
      conditions: query.conditions,
      page: {
        size: query.pageSize,
        descending: query.sort.descending,
        from: query.cursor === null ? null : decodeCursor(query.cursor, query.scope, 'instant'),
      },
    });
    const data = page.rows.map((job) => jobResource(call, job));
    return { status: 200, document: collection(call.url, query, page, data) };
  },

  async get_bulk_import_profiles_job(call) {
    const job = await existingJob(call, idOf(call, 'job_id'));
    const included = call.query.include.size > 0 ? [] : undefined;
    return { status: 200, document: single(call.url, jobResource(call, job), included) };
  },

  async get_errors_for_bulk_import_profiles_job(call) {
    const job = await existingJob(call, idOf(call));
    const page = await listImportErrors(call.db, call.account.id, job.id, resultPage(call));
    const data = page.rows.map((row) => errorResource(call, job.id, row));
    return { status: 200, document: collection(call.url, call.query, page, data) };
  },

  async get_profiles_for_bulk_import_profiles_job(call) {
    const job = await existingJob(call, idOf(call));
    const page = await listImportProfiles(call.db, call.account.id, job.id, resultPage(call));
    const ids = page.rows.map((row) => row.profile_id);
    const profiles = new Map((await getProfiles(call.db, call.account.id, ids)).map((row) => [row.id, row]));
    // a profile may have been deleted or merged since
    const data = ids.flatMap((id) => profiles.get(id) ?? []).map((row) => profileResource(call, row));
    return { status: 200, document: collection(call.url, call.query, page, data) };
  },
};

/** The request's profiles; each one is looked at when its turn comes. @throws ApiError 400 */
function readProfiles(check: BodyCheck, value: unknown): readonly unknown[] {
  const data = check.data({ value, notes: [] });
  const attributes = check.attributes(data, 'profile-bulk-import-job', '/data');
  const relationships = (data as Members | undefined)?.['relationships'];
  if (relationships !== undefined) refuseLists(check, relationships, '/data/relationships');
  const at = '/data/attributes/profiles';
  const list = attributes && check.object(attributes['profiles'], at);
  const profiles = (list && check.array(list['data'], `${at}/data`)) ?? [];
  if (profiles.length > maxProfiles) {
    check.add(`${at}/data`, `A request may hold ${maxProfiles} profiles; this one holds ${profiles.length}.`);
  } else {
    profiles.forEach((profile, index) => check.attributes(profile, 'profile', `${at}/data/${index}`));
  }
  if (profiles.length === 0 && check.problems.length === 0)
    check.add(`${at}/data`, 'At least one profile is required.');
  check.throwIfAny();
  return profiles;
}

/** Wharf keeps no lists: to take profiles in and forget the list would be worse than to say so. */
function refuseLists(check: BodyCheck, value: unknown, pointer: string): void {
  const lists = check.object(value, pointer)?.['lists'];
  if (lists === undefined) return;
  const ids = check.array(check.object(lists, `${pointer}/lists`)?.['data'] ?? [], `${pointer}/lists/data`);
  if (ids && ids.length > 0) check.add(`${pointer}/lists/data`, 'There are no lists here to add profiles to.');
}

async function existingJob(call: Call, id: string): Promise<ImportJob> {
  const job = await getImportJob(call.db, call.account.id, id);
  if (!job) throw notFound('profile bulk import job', id);
  return job;
}

function resultPage(call: Call): PageRequest {
  const { cursor, scope, pageSize } = call.query;
  return {
    size: pageSize,
    descending: false,
    from: cursor === null ? null : decodeCursor(cursor, scope, 'count'),
  };
}

function jobResource(call: Call, job: ImportJob): Resource {
  const owner = ['profile-bulk-import-jobs', job.id] as const;
  const attributes = {
    status: job.status,
    created_at: writeInstant(job.created_at),
    total_count: job.total_count,
    completed_count: job.completed_count,
    failed_count: job.failed_count,
    completed_at: job.completed_at && writeInstant(job.completed_at),
    expires_at: writeInstant(job.expires_at),
    started_at: job.started_at && writeInstant(job.started_at),
  };
  return {
    type: 'profile-bulk-import-job',
    id: job.id,
    attributes: sparse(attributes, call.query.fields.get('profile-bulk-import-job')),
    relationships: {
      lists: relationship(call.url, owner, 'lists', []),
      profiles: relationship(call.url, owner, 'profiles', undefined),
      'import-errors': { links: { related: address(call.url, ...owner, 'import-errors') } },
    },
    links: { self: address(call.url, ...owner) },
  };
}

function errorResource(call: Call, jobId: string, row: ImportErrorRow): Resource {
  const error = parseJson(row.error).value as ImportError;
  const attributes = {
    code: error.code,
    title: error.title,
    detail: error.detail,
    source: { pointer: error.pointer },
    original_payload: new JsonText(row.original),
  };
  return {
    type: 'import-error',
    id: `${jobId}-${row.id}`,
    attributes: sparse(attributes, call.query.fields.get('import-error')),
    relationships: {},
    links: { self: address(call.url, 'profile-bulk-import-jobs', jobId, 'import-errors') },
  };
}

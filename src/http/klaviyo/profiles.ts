import { admitProfile } from '../../store/door.ts';
import type { ProfileProblem } from '../../store/profile-book.ts';
import { getProfile, listProfiles, type ProfileRow, type ProfileSort } from '../../store/profile-reads.ts';
import { updateProfile, upsertProfiles } from '../../store/profile-writes.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import { ApiError, notFound, type Problem } from './api-error.ts';
import { BodyCheck, pointerTo } from './body.ts';
import { bodyOf, idOf, type Answer, type Call, type Handlers } from './call.ts';
import { decodeCursor } from './cursor.ts';
import { collection, single } from './document.ts';
import { isIdentified, readProfile } from './profile-body.ts';
import { profileResource } from './profile-resource.ts';

export const profileHandlers: Handlers<
  'get_profiles' | 'get_profile' | 'create_profile' | 'update_profile' | 'create_or_update_profile'
> = {
  async get_profiles(call) {
    const { query } = call;
    const kind = query.sort.key === 'id' || query.sort.key === 'email' ? 'text' : 'instant';
    const page = await listProfiles(call.db, call.account.id, {
      conditions: query.conditions,
      sort: query.sort.key as ProfileSort,
      page: {
        size: query.pageSize,
        descending: query.sort.descending,
        from: query.cursor === null ? null : decodeCursor(query.cursor, query.scope, kind),
      },
    });
    const data = page.rows.map((row) => profileResource(call, row));
    // what may be included here (conversations, push tokens) is nothing Wharf keeps
    const included = query.include.size > 0 ? [] : undefined;
    return { status: 200, document: collection(call.url, query, page, data, included) };
  },

  async get_profile(call) {
    const id = idOf(call);
    const row = await existingProfile(call, id);
    const included = call.query.include.size > 0 ? [] : undefined;
    return { status: 200, document: single(call.url, profileResource(call, row), included) };
  },

  async create_profile(call) {
    const write = readOneProfile(call);
    const [outcome] = await upsertProfiles(call.db, call.account.id, [write], { onExisting: 'fail' });
    return answerWith(call, outcome, 201);
  },

  async update_profile(call) {
    const id = idOf(call);
    const write = readOneProfile(call, id);
    return answerWith(call, await updateProfile(call.db, call.account.id, id, write), 200);
  },

  async create_or_update_profile(call) {
    const write = readOneProfile(call);
    const [outcome] = await upsertProfiles(call.db, call.account.id, [write], { onExisting: 'update' });
    return answerWith(call, outcome, outcome && 'created' in outcome && outcome.created ? 201 : 200);
  },
};

/** The body's profile, complete and sensible. @param id of the profile in the address, which the body must repeat */
export function readOneProfile(call: Call, id?: string): ProfileWrite {
  const body = bodyOf(call);
  const check = new BodyCheck();
  const write = readProfile(check, check.data(body), '/data', body.notes);
  check.throwIfAny();
  if (id !== undefined && write.id !== id) {
    check.add('/data/id', 'This must be the id in the address.');
  } else if (id === undefined && !isIdentified(write)) {
    check.add('/data/attributes', 'One of id, email, phone_number or external_id is required.');
  }
  const admitted = admitProfile(write);
  if ('problems' in admitted) {
    for (const { path, message } of admitted.problems) check.add(pointerTo('/data/attributes', path), message);
  }
  check.throwIfAny();
  return write;
}

export async function existingProfile(call: Call, id: string): Promise<ProfileRow> {
  const row = await getProfile(call.db, call.account.id, id);
  if (!row) throw notFound('profile', id);
  return row;
}

async function answerWith(
  call: Call,
  outcome: { readonly id: string } | { readonly problem: ProfileProblem } | undefined,
  status: 200 | 201,
): Promise<Answer> {
  if (!outcome) throw new TypeError('the store gave no outcome for a write');
  if ('problem' in outcome) throw refusedWrite(outcome.problem);
  const row = await existingProfile(call, outcome.id);
  return { status, document: single(profileUrl(call, row.id), profileResource(call, row)) };
}

function profileUrl(call: Call, id: string): URL {
  return new URL(`/api/profiles/${encodeURIComponent(id)}/`, call.url);
}

function refusedWrite(problem: ProfileProblem): ApiError {
  if (problem.code === 'not-found')
    return new ApiError(404, { detail: problem.message, source: { pointer: '/data/id' } });
  const told = describeProblem(problem, '/data/attributes');
  return new ApiError(problem.code === 'conflict' ? 409 : 400, told);
}

/** A store's refusal in the words of the API. */
export function describeProblem(problem: ProfileProblem, pointer: string): Problem {
  const source = { pointer: pointerTo(pointer, problem.path) };
  if (problem.code !== 'conflict') return { detail: problem.message, source };
  return {
    code: 'duplicate_profile',
    title: 'Conflict.',
    detail: 'A profile already exists with one of these identifiers.',
    source,
    ...(problem.duplicateId === undefined ? {} : { meta: { duplicate_profile_id: problem.duplicateId } }),
  };
}

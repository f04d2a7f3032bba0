import type { Database } from '../../db/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { DoorNote } from '../../kernel/json-text-scanner.ts';
import { parseJson, stringifyJson } from '../../kernel/json-text.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { JobHandler } from '../../queue/queue.ts';
import { keepImportResults, startImportJob, type ImportResult } from '../../store/profile-import-jobs.ts';
import { upsertProfiles } from '../../store/profile-writes.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import type { Problem } from './api-error.ts';
import { BodyCheck, rawKeys } from './body.ts';
import { isIdentified, readProfile } from './profile-body.ts';
import { describeProblem } from './profiles.ts';

/** Few enough that an account's other writers wait for fractions of a second only. */
const batchSize = 500;

const payloadPointer = '/data/attributes/profiles/data';

/**
 * Works through bulk profile imports in batches. A batch's results are kept after its profiles: a crash in between
 * applies that batch again, which changes nothing except for `patch_properties.append`.
 */
export function profileImportHandler(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
}): JobHandler<'profiles.import'> {
  return async ({ accountId, jobId }, signal) => {
    const work = await startImportJob(deps.db, accountId, jobId, deps.clock.now());
    if (!work) return;
    const profiles = parseJson(work.payload, { rawKeys }).value as unknown[];
    const notes = work.notes === null ? [] : (parseJson(work.notes).value as DoorNote[]);
    for (let position = work.position; position < profiles.length; position += batchSize) {
      signal.throwIfAborted();
      const batch = profiles.slice(position, position + batchSize);
      const results = await importBatch(deps.db, accountId, batch, position, notes);
      const kept = await keepImportResults(deps.db, accountId, jobId, position, results, deps.clock.now());
      // another worker took the job over and is ahead
      if (!kept) return;
    }
    deps.log.info({ accountId, jobId, profiles: profiles.length }, 'profiles.import.complete');
  };
}

async function importBatch(
  db: Database,
  accountId: number,
  batch: readonly unknown[],
  start: number,
  notes: readonly DoorNote[],
): Promise<ImportResult[]> {
  const read = batch.map((profile, index) => readOne(profile, `${payloadPointer}/${start + index}`, notes));
  const writes = read.flatMap((one) => ('write' in one ? one.write : []));
  const outcomes = (await upsertProfiles(db, accountId, writes, { onExisting: 'update' })).values();
  return read.map((one, index): ImportResult => {
    const position = start + index;
    const pointer = `${payloadPointer}/${position}/attributes`;
    const outcome = 'write' in one ? outcomes.next().value : { problem: one.problem };
    if (outcome && 'id' in outcome) return { position, profileId: outcome.id };
    if (!outcome) throw new TypeError('the store gave no outcome for a write');
    const { problem } = outcome;
    const told = 'path' in problem ? describeProblem(problem, pointer) : problem;
    return { position, error: asImportError(told, pointer), original: stringifyJson(batch[index]) };
  });
}

function readOne(
  profile: unknown,
  pointer: string,
  notes: readonly DoorNote[],
): { readonly write: ProfileWrite } | { readonly problem: Problem } {
  const check = new BodyCheck();
  const write = readProfile(check, profile, pointer, notes);
  if (check.problems.length === 0 && !isIdentified(write)) {
    check.add(`${pointer}/attributes`, 'One of id, email, phone_number or external_id is required.');
  }
  const [problem] = check.problems;
  return problem ? { problem } : { write };
}

function asImportError(problem: Problem, pointer: string) {
  return {
    code: problem.code ?? 'invalid',
    title: problem.title ?? 'Invalid input.',
    detail: problem.detail,
    pointer: problem.source && 'pointer' in problem.source ? problem.source.pointer : pointer,
  };
}

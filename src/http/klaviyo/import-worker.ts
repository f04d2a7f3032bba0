import type { Database, Tx } from '../../db/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { DoorNote } from '../../kernel/json-text-scanner.ts';
import { parseJson, stringifyJson } from '../../kernel/json-text.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { JobHandler } from '../../queue/queue.ts';
import { keepImportResults, startImportJob, type ImportResult } from '../../store/profile-import-jobs.ts';
import { upsertProfiles, type ProfileOutcome } from '../../store/profile-writes.ts';
import type { ProfileWrite } from '../../store/profile.ts';
import type { Problem } from './api-error.ts';
import { BodyCheck, rawKeys } from './body.ts';
import { isIdentified, readProfile } from './profile-body.ts';
import { describeProblem } from './profiles.ts';

/** Few enough that an account's other writers wait for fractions of a second only. */
const batchSize = 500;

const payloadPointer = '/data/attributes/profiles/data';

/** Works through bulk profile imports in batches; a batch's results are kept with its profiles, or neither is. */
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
      const batch = readBatch(profiles.slice(position, position + batchSize), position, notes);
      const kept = await importBatch(deps, accountId, jobId, batch);
      if (!kept) return;
    }
    deps.log.info({ accountId, jobId, profiles: profiles.length }, 'profiles.import.complete');
  };
}

interface Batch {
  /** Of its first profile in the request. */
  readonly start: number;
  readonly profiles: readonly unknown[];
  readonly read: readonly Read[];
}

type Read = { readonly write: ProfileWrite } | { readonly problem: Problem };

function readBatch(profiles: readonly unknown[], start: number, notes: readonly DoorNote[]): Batch {
  const read = profiles.map((profile, index) => readOne(profile, `${payloadPointer}/${start + index}`, notes));
  return { start, profiles, read };
}

/** False when another worker took the job over and is ahead: nothing of the batch is applied then. */
async function importBatch(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  accountId: number,
  jobId: string,
  batch: Batch,
): Promise<boolean> {
  const overtaken = new Error('another worker has done these profiles');
  const writes = batch.read.flatMap((one) => ('write' in one ? one.write : []));
  const keep = async (tx: Tx, outcomes: readonly ProfileOutcome[]): Promise<void> => {
    const results = resultsOf(batch, outcomes);
    if (!(await keepImportResults(tx, accountId, jobId, batch.start, results, clock.now()))) throw overtaken;
  };
  try {
    await upsertProfiles(db, accountId, writes, { onExisting: 'update', alongside: keep });
    return true;
  } catch (error) {
    if (error === overtaken) return false;
    throw error;
  }
}

function resultsOf({ start, profiles, read }: Batch, given: readonly ProfileOutcome[]): ImportResult[] {
  const outcomes = given.values();
  return read.map((one, index): ImportResult => {
    const position = start + index;
    const pointer = `${payloadPointer}/${position}/attributes`;
    const outcome = 'write' in one ? outcomes.next().value : { problem: one.problem };
    if (outcome && 'id' in outcome) return { position, profileId: outcome.id };
    if (!outcome) throw new TypeError('the store gave no outcome for a write');
    const { problem } = outcome;
    const told = 'path' in problem ? describeProblem(problem, pointer) : problem;
    return { position, error: asImportError(told, pointer), original: stringifyJson(profiles[index]) };
  });
}

function readOne(profile: unknown, pointer: string, notes: readonly DoorNote[]): Read {
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

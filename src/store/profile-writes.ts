import type { Database, Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { mapInTurns } from '../kernel/turns.ts';
import { withAccountWrite, type ChangeNumbers, type WriteOptions } from './change-numbers.ts';
import { admitProfile } from './door.ts';
import { duplicate, ProfileBook, type ProfileProblem } from './profile-book.ts';
import { lastEventMs, moveEvents, releaseKeys, removeEvents, removeProfiles } from './profile-removal.ts';
import { identifierKinds, type Profile, type ProfileWrite } from './profile.ts';

export type ProfileOutcome =
  | { readonly id: string; readonly created: boolean; /** Something was new in the write. */ readonly changed: boolean }
  | { readonly problem: ProfileProblem };

/**
 * Creates or updates each write's profile, as if one after another, in one transaction; outcomes are in the writes' order.
 * A write with a problem changes nothing, the others are applied. A write that changes nothing takes no change number
 * and leaves `updated` alone. With `fail` a write whose person exists is a `conflict` that names the profile.
 * `alongside` is done in the same transaction, with the outcomes; when it throws, nothing is kept.
 */
export async function upsertProfiles(
  db: Database,
  accountId: number,
  writes: readonly ProfileWrite[],
  options: WriteOptions & {
    readonly onExisting: 'update' | 'fail';
    readonly alongside?: (tx: Tx, outcomes: readonly ProfileOutcome[]) => Promise<void>;
  },
): Promise<ProfileOutcome[]> {
  const admitted = await mapInTurns(writes, admit);
  const good = admitted.flatMap((one) => ('write' in one ? one.write : []));
  if (good.length === 0 && !options.alongside) return admitted.flatMap((one) => ('problem' in one ? one : []));
  const write = async (tx: Tx, numbers: ChangeNumbers): Promise<ProfileOutcome[]> => {
    const applied: ProfileOutcome[] = [];
    let outcomes: ProfileOutcome[] = [];
    await ProfileBook.through(tx, numbers, accountId, good, {
      about: (write) => write,
      each: (book, write) => applied.push(applyOne(book, write, options.onExisting === 'fail')),
      afterPart: (book) => book.save(),
      async atEnd() {
        const inOrder = applied.values();
        outcomes = admitted.map((one) => ('problem' in one ? one : (inOrder.next().value as ProfileOutcome)));
        await options.alongside?.(tx, outcomes);
      },
    });
    return outcomes;
  };
  return withAccountWrite(db, accountId, write, options);
}

/** Changes the profile with this id, or the one it was merged into. */
export async function updateProfile(
  db: Database,
  accountId: number,
  id: string,
  write: Omit<ProfileWrite, 'id'>,
): Promise<{ readonly id: string } | { readonly problem: ProfileProblem }> {
  const [outcome] = await upsertProfiles(db, accountId, [{ ...write, id }], { onExisting: 'update' });
  return outcome as ProfileOutcome;
}

/**
 * Merges the sources into the target and returns the survivor's id. The target's values win, what it lacks comes from
 * the sources in their order; their events become the target's; their ids lead to the target from now on.
 * A source that already lives on in the target is passed over, so a repeated merge changes nothing.
 * @throws AppError NOT_FOUND naming the id; INVALID_INPUT when a profile is to be merged into itself
 */
export async function mergeProfiles(
  db: Database,
  accountId: number,
  targetId: string,
  sourceIds: readonly string[],
): Promise<{ readonly id: string }> {
  if (sourceIds.includes(targetId)) {
    throw new AppError('INVALID_INPUT', { summary: 'A profile cannot be merged into itself.' });
  }
  return withAccountWrite(db, accountId, async (tx, numbers) => {
    const writes = [targetId, ...sourceIds].map((id) => ({ id }));
    const book = await ProfileBook.open(tx, numbers, accountId, writes);
    const [target, ...found] = writes.map((write) => book.find(write) ?? noProfile(write.id)) as [
      Profile,
      ...Profile[],
    ];
    const sources = [...new Set(found)].filter((source) => source !== target);
    if (sources.length === 0) return { id: target.id };
    const ids = sources.map((source) => source.id);
    await releaseKeys(tx, accountId, ids);
    await moveEvents(tx, numbers, accountId, target.id, ids);
    await removeEvents(tx, numbers, accountId, ids, 'duplicate');
    await removeProfiles(tx, numbers, accountId, ids, target.id);
    for (const source of sources) book.absorb(target, source);
    // what is stored of the sources may not count events that came in bulk
    book.sawEvent(target, await lastEventMs(tx, accountId, target.id));
    await book.save();
    return { id: target.id };
  });
}

/** How a person to delete is named: by exactly one of these. */
export type ProfileSelector = { readonly id: string } | { readonly email: string } | { readonly phoneNumber: string };

/** Deletes the person and all their events, for good; returns how many profiles went: 1, or 0 when there is none. */
export async function deleteProfiles(db: Database, accountId: number, selector: ProfileSelector): Promise<number> {
  const admitted = admit(selector);
  if ('problem' in admitted) throw new AppError('INVALID_INPUT', { summary: admitted.problem.message });
  return withAccountWrite(db, accountId, async (tx, numbers) => {
    const book = await ProfileBook.open(tx, numbers, accountId, [admitted.write]);
    const profile = book.find(admitted.write);
    if (!profile) return 0;
    await releaseKeys(tx, accountId, [profile.id]);
    await removeEvents(tx, numbers, accountId, [profile.id], 'deleted');
    await removeProfiles(tx, numbers, accountId, [profile.id], null);
    return 1;
  });
}

function noProfile(id: string): never {
  throw new AppError('NOT_FOUND', { summary: `There is no profile with the id ${id}.`, details: { id } });
}

function admit(write: ProfileWrite): { write: ProfileWrite } | { problem: ProfileProblem } {
  const admitted = admitProfile(write);
  if ('write' in admitted) return admitted;
  const [{ path, message }] = admitted.problems;
  return { problem: { code: 'invalid', path, message } };
}

function applyOne(book: ProfileBook, write: ProfileWrite, mustBeNew: boolean): ProfileOutcome {
  const existing = mustBeNew ? book.find(write) : null;
  if (existing) {
    const kind = identifierKinds.find((one) => existing[one] !== null && write[one] === existing[one]);
    return { problem: duplicate(kind ?? 'email', existing.id) };
  }
  const applied = book.apply(write, 'strict');
  return 'problem' in applied
    ? applied
    : { id: applied.profile.id, created: applied.created, changed: applied.changed };
}

import type { Database } from '../db/database.ts';
import { withAccountWrite } from './change-numbers.ts';
import { admitProfile } from './door.ts';
import { duplicate, ProfileBook, type ProfileProblem } from './profile-book.ts';
import { identifierKinds, type ProfileWrite } from './profile.ts';

export type ProfileOutcome = { readonly id: string; readonly created: boolean } | { readonly problem: ProfileProblem };

/**
 * Creates or updates each write's profile, as if one after another, in one transaction; outcomes are in the writes' order.
 * A write with a problem changes nothing, the others are applied. A write that changes nothing takes no change number
 * and leaves `updated` alone. With `fail` a write whose person exists is a `conflict` that names the profile.
 */
export async function upsertProfiles(
  db: Database,
  accountId: number,
  writes: readonly ProfileWrite[],
  options: { readonly onExisting: 'update' | 'fail' },
): Promise<ProfileOutcome[]> {
  const admitted = writes.map((write) => admit(write));
  const good = admitted.flatMap((one) => ('write' in one ? one.write : []));
  if (good.length === 0) return admitted.flatMap((one) => ('problem' in one ? one : []));
  return withAccountWrite(db, accountId, async (tx, numbers) => {
    const book = await ProfileBook.open(tx, numbers, accountId, good);
    const outcomes = admitted.map((one) =>
      'problem' in one ? one : applyOne(book, one.write, options.onExisting === 'fail'),
    );
    await book.save(tx, numbers);
    return outcomes;
  });
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
  return 'problem' in applied ? applied : { id: applied.profile.id, created: applied.created };
}

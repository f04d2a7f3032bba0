import type { Tx } from '../db/database.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import {
  applyAttributes,
  fillAttributes,
  identifierKinds,
  latest,
  newProfile,
  type IdentifierKind,
  type Profile,
  type ProfileWrite,
} from './profile.ts';
import { findProfiles, findSurvivors } from './profile-find.ts';
import { ascendingIds } from './profile-ids.ts';
import { ProfileIndex } from './profile-index.ts';
import { clearIdentifiers, insertProfiles, touchProfiles, updateProfiles } from './profile-rows.ts';

/** Why a write was not applied; nothing of it was. */
export interface ProfileProblem {
  readonly code: 'not-found' | 'no-identifier' | 'conflict' | 'invalid';
  /** The field of the write, `properties/a` for one inside. */
  readonly path: string;
  readonly message: string;
  /** With `conflict`: the profile that has the identifier. */
  readonly duplicateId?: string;
}

export type Applied =
  | { readonly profile: Profile; readonly created: boolean; /** By this write. */ readonly changed: boolean }
  | { readonly problem: ProfileProblem };

const writesAtOnce = 1000;

/**
 * The profiles a batch of writes is about, read once, changed in memory, written back. Each write sees what those
 * before it did, as if they had been applied one after another. Use under the account's lock.
 *
 * Who a write is about: the profile with its id, else the first found by external id, e-mail, phone number, anonymous id,
 * in this order, that has no other value for a stronger identifier of the write (an e-mail that belongs to someone with
 * another external id does not make the two one person). When there is none, a new profile.
 * An identifier that belongs to someone else stays with them: `strict` refuses the write, `lenient` leaves the
 * identifier out. An anonymous id is shared by people often enough to be left out in both.
 */
export class ProfileBook {
  readonly #tx: Tx;
  readonly #numbers: ChangeNumbers;
  readonly #accountId: number;
  readonly #index: ProfileIndex;
  readonly #newId: () => string;
  /** What `save` has to look at. */
  readonly #written = new Set<Profile>();
  /** Identifiers that were let go since the last `save`, and by whom. */
  readonly #released = new Map<string, Profile>();
  /** Those of them that went to another profile. */
  readonly #moved: { kind: IdentifierKind; value: string }[] = [];

  private constructor(tx: Tx, numbers: ChangeNumbers, accountId: number, index: ProfileIndex) {
    this.#index = index;
    this.#tx = tx;
    this.#numbers = numbers;
    this.#accountId = accountId;
    this.#newId = ascendingIds(numbers.now.getTime());
  }

  static async open(
    tx: Tx,
    numbers: ChangeNumbers,
    accountId: number,
    writes: readonly ProfileWrite[],
  ): Promise<ProfileBook> {
    const book = new ProfileBook(tx, numbers, accountId, new ProfileIndex());
    await book.#read(writes);
    return book;
  }

  /**
   * Calls `each` with one write after another, in parts: PostgreSQL looks up the next people, and does what `afterPart`
   * sends, while JavaScript works on those between.
   */
  static async through<Write>(
    tx: Tx,
    numbers: ChangeNumbers,
    accountId: number,
    writes: readonly Write[],
    work: {
      readonly about: (write: Write) => ProfileWrite;
      readonly each: (book: ProfileBook, write: Write) => void;
      readonly afterPart?: (book: ProfileBook) => Promise<void>;
      /** After the last part; what it sends goes out behind all the others, before these are answered. */
      readonly atEnd?: (book: ProfileBook) => Promise<void>;
      /** Profiles as they are stored now: those are not looked up. */
      readonly known?: ProfileIndex | undefined;
    },
  ): Promise<ProfileBook> {
    const book = new ProfileBook(tx, numbers, accountId, work.known ?? new ProfileIndex());
    const steps: Promise<void>[] = [];
    const begin = (step: Promise<void>): Promise<void> => {
      step.catch(() => undefined);
      steps.push(step);
      return step;
    };
    const part = (start: number): readonly Write[] => writes.slice(start, start + writesAtOnce);
    const read = (start: number): Promise<void> => begin(book.#read(part(start).map(work.about)));
    const go = async (): Promise<void> => {
      let reading = read(0);
      for (let start = 0; start < writes.length; start += writesAtOnce) {
        await reading;
        reading = read(start + writesAtOnce);
        for (const write of part(start)) work.each(book, write);
        if (work.afterPart) void begin(work.afterPart(book));
      }
      if (work.atEnd) void begin(work.atEnd(book));
    };
    const gone = go();
    await gone.catch(() => undefined);
    // one that fails fails all that follow it; the first says why
    for (const end of await Promise.allSettled([...steps, gone])) if (end.status === 'rejected') throw end.reason;
    return book;
  }

  /** Enters the profiles the writes are about. Those the book has already stay as they are in it. */
  async #read(writes: readonly ProfileWrite[]): Promise<void> {
    const unknown = writes.filter((write) => !this.#index.knows(write));
    const ids = unknown.flatMap(({ id }) => id ?? []);
    if (ids.length > 0) this.#index.enterSurvivors(await findSurvivors(this.#tx, this.#accountId, ids));
    const keys =
      ids.length === 0
        ? unknown
        : unknown.map(({ id, ...names }) => ({ ...names, id: id && this.#index.presentId(id) }));
    for (const profile of await findProfiles(this.#tx, this.#accountId, keys)) this.#index.enterStored(profile);
  }

  /** The profile a write is about, or null when there is none. */
  find(write: ProfileWrite): Profile | null {
    return this.#find(write, this.#owners(write));
  }

  apply(write: ProfileWrite, conflicts: 'strict' | 'lenient'): Applied {
    const owners = this.#owners(write);
    const found = this.#find(write, owners);
    if (!found && write.id !== undefined) return problem('not-found', 'id', 'There is no profile with this id.');
    if (!found && !identifierKinds.some((kind) => isGiven(write[kind]))) {
      return problem('no-identifier', '', 'A profile needs an id, external_id, email, phone_number or anonymous_id.');
    }
    const conflict = conflicts === 'strict' ? conflictOf(owners, found) : null;
    if (conflict) return { problem: conflict };
    const profile = found ?? newProfile(this.#newId());
    const before = profile.changed;
    profile.changed = !found;
    let rank = 0;
    for (const kind of identifierKinds) {
      const owner = owners[rank++];
      if (!owner || owner === profile) this.#claim(profile, kind, write[kind]);
    }
    applyAttributes(profile, write, this.#numbers.now);
    const { changed } = profile;
    profile.changed ||= before;
    if (changed) this.#written.add(profile);
    if (!found) this.#index.enterNew(profile);
    return { profile, created: !found, changed };
  }

  sawEvent(profile: Profile, datetimeMs: number | null): void {
    profile.lastEventMs = latest(profile.lastEventMs, datetimeMs);
    this.#written.add(profile);
  }

  /** Gives the survivor of a merge what it lacks of a source whose row is gone. */
  absorb(survivor: Profile, source: Profile): void {
    for (const kind of identifierKinds) survivor[kind] ??= source[kind];
    fillAttributes(survivor, source);
    survivor.changed = true;
    this.#written.add(survivor);
    this.#index.remove(source);
    this.#written.delete(source);
  }

  /** Writes what changed; each changed profile takes one change number. All is sent before the call returns. */
  async save(): Promise<void> {
    const fresh: Profile[] = [];
    const changed: Profile[] = [];
    const touched: Profile[] = [];
    for (const profile of this.#written) {
      if (!profile.stored) fresh.push(profile);
      else if (profile.changed) changed.push(profile);
      else if (profile.lastEventMs !== profile.storedEventMs) touched.push(profile);
    }
    // one statement cannot hand a unique value from row to row, so it is let go first
    const writes = [
      ...(this.#moved.length > 0 ? [clearIdentifiers(this.#tx, this.#accountId, this.#moved)] : []),
      ...(changed.length > 0 ? [updateProfiles(this.#tx, this.#numbers, this.#accountId, changed)] : []),
      ...(fresh.length > 0 ? [insertProfiles(this.#tx, this.#numbers, this.#accountId, fresh)] : []),
      ...(touched.length > 0 ? [touchProfiles(this.#tx, this.#numbers, this.#accountId, touched)] : []),
    ];
    for (const profile of [...fresh, ...changed, ...touched]) {
      profile.stored = true;
      profile.place = null;
      profile.changed = false;
      profile.storedEventMs = profile.lastEventMs;
    }
    this.#written.clear();
    this.#released.clear();
    this.#moved.length = 0;
    await Promise.all(writes);
  }

  /** Who has the write's identifiers, in the order of their kinds. */
  #owners(write: ProfileWrite): Owners {
    const owners: (Profile | undefined)[] = [];
    for (const kind of identifierKinds) {
      const value = write[kind];
      owners.push(isGiven(value) ? this.#index.ownerOf(kind, value) : undefined);
    }
    return owners;
  }

  #find(write: ProfileWrite, owners: Owners): Profile | null {
    if (write.id !== undefined) return this.#index.withId(write.id) ?? null;
    return owners.find((owner, rank) => owner && !contradicts(owner, write, rank)) ?? null;
  }

  /** The value must be free, or the profile's own. */
  #claim(profile: Profile, kind: IdentifierKind, value: string | null | undefined): void {
    const before = profile[kind];
    if (value === undefined || value === before) return;
    if (before !== null) {
      this.#index.release(kind, before);
      const name = `${kind}:${before}`;
      if (!this.#released.has(name)) this.#released.set(name, profile);
    }
    profile[kind] = value;
    profile.changed = true;
    if (value === null) return;
    this.#index.claim(kind, value, profile);
    const releaser = this.#released.size > 0 ? this.#released.get(`${kind}:${value}`) : undefined;
    if (!releaser) return;
    this.#moved.push({ kind, value });
    // its row moves when the value is let go
    releaser.place = null;
  }
}

type Owners = readonly (Profile | undefined)[];

/** Whether the profile has another value for a stronger identifier of the write than the one it was found by. */
function contradicts(profile: Profile, write: ProfileWrite, rank: number): boolean {
  return identifierKinds.some((kind, index) => index < rank && isGiven(write[kind]) && profile[kind] !== null);
}

/** The first identifier that belongs to another profile than `self`. */
function conflictOf(owners: Owners, self: Profile | null): ProfileProblem | null {
  let rank = 0;
  for (const kind of identifierKinds) {
    const owner = owners[rank++];
    if (owner && owner !== self && kind !== 'anonymousId') return duplicate(kind, owner.id);
  }
  return null;
}

const columnNames: Record<IdentifierKind, string> = {
  externalId: 'external_id',
  email: 'email',
  phoneNumber: 'phone_number',
  anonymousId: 'anonymous_id',
};

export function duplicate(kind: IdentifierKind, duplicateId: string): ProfileProblem {
  const path = columnNames[kind];
  return { code: 'conflict', path, message: `Another profile has this ${path}.`, duplicateId };
}

function isGiven(value: string | null | undefined): value is string {
  return typeof value === 'string';
}

function problem(code: ProfileProblem['code'], path: string, message: string): { problem: ProfileProblem } {
  return { problem: { code, path, message } };
}

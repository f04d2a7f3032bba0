import type { Tx } from '../db/database.ts';
import { ulid } from '../kernel/ids.ts';
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
import { clearIdentifiers, findProfiles, findSurvivors, saveProfiles, touchProfiles } from './profile-rows.ts';

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

/**
 * The profiles a batch of writes is about, read once, changed in memory, written once. Each write sees what those
 * before it did, as if they had been applied one after another. Use under the account's lock.
 *
 * Who a write is about: the profile with its id, else the first found by external id, e-mail, phone number, anonymous id,
 * in this order, that has no other value for a stronger identifier of the write (an e-mail that belongs to someone with
 * another external id does not make the two one person). When there is none, a new profile.
 * An identifier that belongs to someone else stays with them: `strict` refuses the write, `lenient` leaves the
 * identifier out. An anonymous id is shared by people often enough to be left out in both.
 */
export class ProfileBook {
  readonly #accountId: number;
  readonly #now: Date;
  readonly #byId = new Map<string, Profile>();
  readonly #byIdentifier = new Map(identifierKinds.map((kind) => [kind, new Map<string, Profile>()]));
  readonly #survivors: ReadonlyMap<string, string>;
  /** Identifiers that went from one stored profile to another. */
  readonly #moved: { kind: IdentifierKind; value: string }[] = [];
  readonly #released = new Set<string>();

  private constructor(
    accountId: number,
    now: Date,
    profiles: readonly Profile[],
    survivors: ReadonlyMap<string, string>,
  ) {
    this.#accountId = accountId;
    this.#now = now;
    this.#survivors = survivors;
    for (const profile of profiles) this.#enter(profile);
  }

  static async open(
    tx: Tx,
    numbers: ChangeNumbers,
    accountId: number,
    writes: readonly ProfileWrite[],
  ): Promise<ProfileBook> {
    const ids = writes.flatMap(({ id }) => id ?? []);
    const survivors = ids.length > 0 ? await findSurvivors(tx, accountId, ids) : new Map<string, string>();
    const profiles = await findProfiles(tx, accountId, {
      id: [...ids, ...survivors.values()],
      externalId: writes.flatMap(({ externalId }) => externalId ?? []),
      email: writes.flatMap(({ email }) => email ?? []),
      phoneNumber: writes.flatMap(({ phoneNumber }) => phoneNumber ?? []),
      anonymousId: writes.flatMap(({ anonymousId }) => anonymousId ?? []),
    });
    return new ProfileBook(accountId, numbers.now, profiles, survivors);
  }

  /** The profile a write is about, or null when there is none. */
  find(write: ProfileWrite): Profile | null {
    if (write.id !== undefined) return this.#byId.get(this.#survivors.get(write.id) ?? write.id) ?? null;
    for (const [rank, kind] of identifierKinds.entries()) {
      const found = this.#owner(kind, write[kind]);
      if (found && !this.#contradicts(found, write, rank)) return found;
    }
    return null;
  }

  apply(write: ProfileWrite, conflicts: 'strict' | 'lenient'): Applied {
    const found = this.find(write);
    if (!found && write.id !== undefined) return problem('not-found', 'id', 'There is no profile with this id.');
    if (!found && !identifierKinds.some((kind) => isGiven(write[kind]))) {
      return problem('no-identifier', '', 'A profile needs an id, external_id, email, phone_number or anonymous_id.');
    }
    if (conflicts === 'strict') {
      const conflict = this.conflict(write, found);
      if (conflict) return { problem: conflict };
    }
    const profile = found ?? newProfile(ulid(this.#now.getTime()));
    const before = profile.changed;
    profile.changed = !found;
    for (const kind of identifierKinds) this.#claim(profile, kind, write[kind]);
    applyAttributes(profile, write, this.#now);
    const { changed } = profile;
    profile.changed ||= before;
    if (!found) this.#enter(profile);
    return { profile, created: !found, changed };
  }

  /** The first identifier of the write that belongs to another profile than `self`. */
  conflict(write: ProfileWrite, self: Profile | null): ProfileProblem | null {
    for (const kind of identifierKinds) {
      const owner = this.#owner(kind, write[kind]);
      if (!owner || owner === self || kind === 'anonymousId') continue;
      return duplicate(kind, owner.id);
    }
    return null;
  }

  sawEvent(profile: Profile, datetimeMs: number): void {
    profile.lastEventMs = latest(profile.lastEventMs, datetimeMs);
  }

  /** Gives the survivor of a merge what it lacks of a source whose row is gone. */
  absorb(survivor: Profile, source: Profile): void {
    for (const kind of identifierKinds) survivor[kind] ??= source[kind];
    fillAttributes(survivor, source);
    survivor.changed = true;
    this.#byId.delete(source.id);
  }

  /** Writes what changed; each changed profile takes one change number. */
  async save(tx: Tx, numbers: ChangeNumbers): Promise<void> {
    const changed: Profile[] = [];
    const touched: Profile[] = [];
    for (const profile of this.#byId.values()) {
      if (profile.changed) changed.push(profile);
      else if (profile.lastEventMs !== profile.storedEventMs) touched.push(profile);
    }
    // one statement cannot hand a unique value from row to row, so it is let go first
    if (this.#moved.length > 0) await clearIdentifiers(tx, this.#accountId, this.#moved);
    if (changed.length > 0) await saveProfiles(tx, numbers, this.#accountId, changed);
    if (touched.length > 0) await touchProfiles(tx, numbers, this.#accountId, touched);
  }

  #enter(profile: Profile): void {
    this.#byId.set(profile.id, profile);
    for (const [kind, owners] of this.#byIdentifier) {
      const value = profile[kind];
      if (value !== null) owners.set(value, profile);
    }
  }

  #owner(kind: IdentifierKind, value: string | null | undefined): Profile | undefined {
    return isGiven(value) ? this.#byIdentifier.get(kind)?.get(value) : undefined;
  }

  #contradicts(profile: Profile, write: ProfileWrite, rank: number): boolean {
    return identifierKinds.slice(0, rank).some((kind) => isGiven(write[kind]) && profile[kind] !== null);
  }

  #claim(profile: Profile, kind: IdentifierKind, value: string | null | undefined): void {
    if (value === undefined || value === profile[kind]) return;
    const owner = this.#owner(kind, value);
    if (owner && owner !== profile) return;
    const owners = this.#byIdentifier.get(kind);
    const before = profile[kind];
    if (before !== null) {
      owners?.delete(before);
      this.#released.add(`${kind}:${before}`);
    }
    profile[kind] = value;
    profile.changed = true;
    if (value === null) return;
    owners?.set(value, profile);
    if (this.#released.has(`${kind}:${value}`)) this.#moved.push({ kind, value });
  }
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

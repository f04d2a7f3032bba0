import { identifierKinds, type IdentifierKind, type Profile, type ProfileWrite } from './profile.ts';

/** Profiles in memory, by all the names they go by. */
export class ProfileIndex {
  readonly #byId = new Map<string, Profile>();
  readonly #byIdentifier: Record<IdentifierKind, Map<string, Profile>> = {
    externalId: new Map(),
    email: new Map(),
    phoneNumber: new Map(),
    anonymousId: new Map(),
  };
  /** From ids that were merged away to those of the profiles that live on. */
  readonly #survivors = new Map<string, string>();

  get size(): number {
    return this.#byId.size;
  }

  /** The profile with the id, or the one it was merged into. */
  withId(id: string): Profile | undefined {
    return this.#byId.get(this.presentId(id));
  }

  /** The id a profile has now that may have been merged. */
  presentId(id: string): string {
    return this.#survivors.get(id) ?? id;
  }

  ownerOf(kind: IdentifierKind, value: string): Profile | undefined {
    return this.#byIdentifier[kind].get(value);
  }

  /** Whether each name of the write leads to a profile that is here: then a look-up would find nothing new. */
  knows(write: ProfileWrite): boolean {
    if (write.id !== undefined && !this.withId(write.id)) return false;
    for (const kind of identifierKinds) {
      const value = write[kind];
      if (typeof value === 'string' && !this.#byIdentifier[kind].has(value)) return false;
    }
    return true;
  }

  enterSurvivors(survivors: ReadonlyMap<string, string>): void {
    for (const [id, survivor] of survivors) this.#survivors.set(id, survivor);
  }

  /** A profile as it is stored; one that is here already stays as it is here. */
  enterStored(profile: Profile): void {
    if (this.#byId.has(profile.id)) return;
    this.#byId.set(profile.id, profile);
    for (const kind of identifierKinds) {
      const value = profile[kind];
      if (value !== null) this.#byIdentifier[kind].set(value, profile);
    }
  }

  /** A profile that has no identifiers yet: `claim` enters those. */
  enterNew(profile: Profile): void {
    this.#byId.set(profile.id, profile);
  }

  remove(profile: Profile): void {
    this.#byId.delete(profile.id);
  }

  claim(kind: IdentifierKind, value: string, profile: Profile): void {
    this.#byIdentifier[kind].set(value, profile);
  }

  release(kind: IdentifierKind, value: string): void {
    this.#byIdentifier[kind].delete(value);
  }
}

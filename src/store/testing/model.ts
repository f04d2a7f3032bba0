/** What the store promises, said the simple way: people in a list, writes one after another. For the model-based test. */
import { identifierKinds, type IdentifierKind, type ProfileWrite } from '../profile.ts';

export interface Person {
  readonly ids: Record<IdentifierKind, string | null>;
  firstName: string | null;
  readonly properties: Map<string, number>;
  /** `metric/unique id`, in the order recorded. */
  readonly events: string[];
  lastEvent: number | null;
}

export interface ModelWrite extends Pick<ProfileWrite, IdentifierKind | 'firstName'> {
  /** `null` clears. */
  readonly values: Readonly<Record<string, number | null>>;
}

export type Applied = { readonly person: Person; readonly created: boolean } | 'conflict' | 'no-identifier';

export class Model {
  people: Person[] = [];
  readonly tombstones: string[] = [];

  find(write: ModelWrite): Person | null {
    for (const [rank, kind] of identifierKinds.entries()) {
      const owner = this.#owner(kind, write[kind]);
      const stronger = identifierKinds.slice(0, rank);
      if (owner && !stronger.some((one) => write[one] && owner.ids[one])) return owner;
    }
    return null;
  }

  apply(write: ModelWrite, conflicts: 'strict' | 'lenient'): Applied {
    const found = this.find(write);
    if (!found && !identifierKinds.some((kind) => write[kind])) return 'no-identifier';
    const taken = identifierKinds.filter((kind) => (this.#owner(kind, write[kind]) ?? found) !== found);
    if (conflicts === 'strict' && taken.some((kind) => kind !== 'anonymousId')) return 'conflict';
    const person = found ?? this.#addPerson();
    for (const kind of identifierKinds) {
      const value = write[kind];
      if (value !== undefined && !taken.includes(kind)) person.ids[kind] = value;
    }
    if (write.firstName !== undefined) person.firstName = write.firstName;
    for (const [key, value] of Object.entries(write.values)) {
      if (value === null) person.properties.delete(key);
      else person.properties.set(key, value);
    }
    return { person, created: !found };
  }

  /** Whether the event is new. */
  record(write: ModelWrite, event: string, second: number): boolean {
    const applied = this.apply(write, 'lenient');
    if (typeof applied === 'string' || applied.person.events.includes(event)) return false;
    applied.person.events.push(event);
    applied.person.lastEvent = Math.max(applied.person.lastEvent ?? 0, second);
    return true;
  }

  merge(target: Person, source: Person): void {
    this.#remove(source, 'merged');
    for (const kind of identifierKinds) target.ids[kind] ??= source.ids[kind];
    target.firstName ??= source.firstName;
    for (const [key, value] of source.properties) {
      if (!target.properties.has(key)) target.properties.set(key, value);
    }
    for (const event of source.events) {
      if (target.events.includes(event)) this.tombstones.push('event duplicate');
      else target.events.push(event);
    }
    if (source.lastEvent !== null) target.lastEvent = Math.max(target.lastEvent ?? 0, source.lastEvent);
  }

  delete(person: Person): void {
    this.#remove(person, 'deleted');
    for (const _ of person.events) this.tombstones.push('event deleted');
  }

  #owner(kind: IdentifierKind, value: string | null | undefined): Person | undefined {
    return value ? this.people.find((person) => person.ids[kind] === value) : undefined;
  }

  #addPerson(): Person {
    const person: Person = {
      ids: { externalId: null, email: null, phoneNumber: null, anonymousId: null },
      firstName: null,
      properties: new Map(),
      events: [],
      lastEvent: null,
    };
    this.people.push(person);
    return person;
  }

  #remove(person: Person, reason: string): void {
    this.people = this.people.filter((one) => one !== person);
    this.tombstones.push(`profile ${reason}`);
  }
}

import { arrayItems, arrayText, JsonText, objectMembers, ObjectText } from '../kernel/json-text.ts';

export interface PropertyPatch {
  /** Object: each value (or each item of it, when a list) is added to the end of the list of that key. */
  readonly append?: JsonText | undefined;
  /** Object: each value (or each item of it, when a list) is taken out of the list of that key, wherever it is. */
  readonly unappend?: JsonText | undefined;
  /** Keys that go. */
  readonly unset?: readonly string[] | undefined;
}

/**
 * A JSON object of a profile while it is written. It works on texts, so values that are not touched keep every digit
 * and their place. It is taken apart once, at its first change: a batch may hold thousands of writes for one person.
 */
export class ObjectDraft {
  #text: string | null;
  /** A list that was appended to stays taken apart, or a batch of appends would cost the square of its length. */
  #members: Map<string, JsonText | JsonText[]> | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    if (this.#text === null) {
      this.#text = textOf(this.#open());
      // thousands of drafts wait for the end of a batch
      this.#members = null;
    }
    return this.#text;
  }

  /** A value replaces, `null` takes the key away, other keys stay. Answers whether anything is different now. */
  merge(changes: JsonText): boolean {
    if (changes.text === '{}' || changes.text === this.#text) return false;
    if (this.#text === '{}' && changes instanceof ObjectText && !changes.text.includes('null')) {
      return this.#takeOver(changes);
    }
    const given = objectMembers(changes) ?? [];
    if (this.#text === '{}' && isPlain(given)) return this.#takeOver(changes);
    let changed = false;
    for (const [key, value] of given) {
      changed = (value.text === 'null' ? this.#remove(key) : this.#set(key, value)) || changed;
    }
    return changed;
  }

  #takeOver({ text }: JsonText): true {
    this.#text = text;
    this.#members = null;
    return true;
  }

  /**
   * In the order unset, unappend, append. A value that is not a list counts as a list of one; a list that becomes
   * empty stays an empty list. Answers whether anything is different now.
   */
  patch(patch: PropertyPatch): boolean {
    let changed = false;
    for (const key of patch.unset ?? []) changed = this.#remove(key) || changed;
    for (const [key, value] of memberList(patch.unappend)) {
      const present = this.#open().get(key);
      if (!present) continue;
      const items = listOf(present);
      const gone = new Set(listOf(value).map((item) => item.text));
      const kept = items.filter((item) => !gone.has(item.text));
      if (kept.length < items.length) changed = this.#replace(key, kept);
    }
    for (const [key, value] of memberList(patch.append)) {
      const present = this.#open().get(key);
      const added = listOf(value);
      if (present && added.length === 0) continue;
      const items = present ? listOf(present) : [];
      for (const item of added) items.push(item);
      changed = this.#replace(key, items);
    }
    return changed;
  }

  /** Takes over members of another object whose keys are missing here. */
  fillFrom(other: ObjectDraft): void {
    for (const [key, value] of other.#open()) if (!this.#open().has(key)) this.#replace(key, value);
  }

  /** Answers whether there was anything. */
  clear(): boolean {
    const changed = this.text !== '{}';
    this.#text = '{}';
    this.#members = null;
    return changed;
  }

  #open(): Map<string, JsonText | JsonText[]> {
    this.#members ??= new Map<string, JsonText | JsonText[]>(objectMembers(new JsonText(this.#text ?? '{}')));
    return this.#members;
  }

  #set(key: string, value: JsonText): boolean {
    const present = this.#open().get(key);
    if (present && toText(present).text === value.text) return false;
    return this.#replace(key, value);
  }

  #replace(key: string, value: JsonText | JsonText[]): true {
    this.#open().set(key, value);
    this.#text = null;
    return true;
  }

  #remove(key: string): boolean {
    const changed = this.#open().delete(key);
    if (changed) this.#text = null;
    return changed;
  }
}

/** Nothing to take away and no key twice: the text may be kept as it is. */
function isPlain(members: readonly (readonly [string, JsonText])[]): boolean {
  if (members.some(([, value]) => value.text === 'null')) return false;
  return members.length === 1 || new Set(members.map(([key]) => key)).size === members.length;
}

function textOf(members: ReadonlyMap<string, JsonText | JsonText[]>): string {
  let text = '';
  for (const [key, value] of members) text += `${text === '' ? '{' : ','}${keyText(key)}${toText(value).text}`;
  return text === '' ? '{}' : `${text}}`;
}

/** The same few keys come with each of many rows. */
const keyTexts = new Map<string, string>();
const maxKeyTexts = 1000;

function keyText(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(key)}:`;
  if (keyTexts.size < maxKeyTexts) keyTexts.set(key, text);
  return text;
}

function memberList(object: JsonText | undefined): [string, JsonText][] {
  return object ? (objectMembers(object) ?? []) : [];
}

function listOf(value: JsonText | JsonText[]): JsonText[] {
  return Array.isArray(value) ? value : (arrayItems(value) ?? [value]);
}

function toText(value: JsonText | JsonText[]): JsonText {
  return Array.isArray(value) ? arrayText(value) : value;
}

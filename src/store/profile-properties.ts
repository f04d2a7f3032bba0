/** Changes to a JSON object of a profile, made on its text so that untouched values keep every digit. */
import { arrayItems, arrayText, nullText, objectMembers, objectText, type JsonText } from '../kernel/json-text.ts';

export interface PropertyPatch {
  /** Object: each value (or each item of it, when a list) is added to the end of the list of that key. */
  readonly append?: JsonText | undefined;
  /** Object: each value (or each item of it, when a list) is taken out of the list of that key, wherever it is. */
  readonly unappend?: JsonText | undefined;
  /** Keys that go. */
  readonly unset?: readonly string[] | undefined;
}

/** Members of `changes` over those of `base`: a value replaces, `null` takes the key away, the rest and the order stay. */
export function mergeObjects(base: JsonText, changes: JsonText): JsonText {
  const members = new Map(objectMembers(base));
  for (const [key, value] of objectMembers(changes) ?? []) setMember(members, key, value);
  return objectText(members);
}

/** Members of `other` are added to `base` where it has no such key. */
export function fillObject(base: JsonText, other: JsonText): JsonText {
  const members = new Map(objectMembers(base));
  for (const [key, value] of objectMembers(other) ?? []) if (!members.has(key)) members.set(key, value);
  return objectText(members);
}

/**
 * In the order unset, unappend, append. A value that is not a list counts as a list of one; a list that becomes
 * empty stays an empty list.
 */
export function patchObject(base: JsonText, patch: PropertyPatch): JsonText {
  const members = new Map(objectMembers(base));
  for (const key of patch.unset ?? []) members.delete(key);
  for (const [key, value] of memberList(patch.unappend)) {
    const present = members.get(key);
    if (!present) continue;
    const gone = new Set(listOf(value).map((item) => item.text));
    members.set(key, arrayText(listOf(present).filter((item) => !gone.has(item.text))));
  }
  for (const [key, value] of memberList(patch.append)) {
    const present = members.get(key);
    members.set(key, arrayText([...(present ? listOf(present) : []), ...listOf(value)]));
  }
  return objectText(members);
}

function setMember(members: Map<string, JsonText>, key: string, value: JsonText): void {
  if (value.text === nullText.text) members.delete(key);
  else members.set(key, value);
}

function memberList(object: JsonText | undefined): [string, JsonText][] {
  return object ? (objectMembers(object) ?? []) : [];
}

function listOf(value: JsonText): JsonText[] {
  return arrayItems(value) ?? [value];
}

/**
 * JSON shown as it was sent: parsing it would round long numbers and move keys that look like indexes.
 * The texts come from the server, which has checked them.
 */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

const opens = (part: string): boolean => part === '{' || part === '[';
const closes = (part: string): boolean => part === '}' || part === ']';

/** Indented by two spaces; an empty container stays on its line. */
export function indentedJson(text: string): string {
  let out = '';
  let depth = 0;
  let before = '';
  for (const [part] of text.matchAll(token)) {
    if (closes(part)) depth -= 1;
    if (before === ',' || opens(before) !== closes(part)) out += `\n${'  '.repeat(depth)}`;
    out += part === ':' ? ': ' : part;
    if (opens(part)) depth += 1;
    before = part;
  }
  return out;
}

/** Members of an object's text, in order; the values as text. */
export function jsonMembers(text: string): [key: string, value: string][] {
  const members: [string, string][] = [];
  let depth = 0;
  let member: string[] = [];
  for (const [part] of text.matchAll(token)) {
    if (closes(part)) depth -= 1;
    if (depth === 0 || (depth === 1 && part === ',')) {
      const [key, , ...value] = member;
      if (key !== undefined) members.push([JSON.parse(key) as string, value.join('')]);
      member = [];
    } else member.push(part);
    if (opens(part)) depth += 1;
  }
  return members;
}

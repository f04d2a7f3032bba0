/** Names of Snowflake's objects as people type them, and as SQL needs them. */

const plain = /^[A-Za-z_][\w$]*$/;

/**
 * A name in one form: without quotes it is upper case, as Snowflake makes it; in double quotes it is taken as it stands, and keeps
 * its quotes only where it needs them. Null when it is neither.
 */
export function identifierText(typed: string): string | null {
  const text = typed.trim();
  if (plain.test(text)) return text.toUpperCase();
  const [, inside] = /^"((?:[^"\0]|"")+)"$/.exec(text) ?? [];
  if (inside === undefined) return null;
  return plain.test(inside) && inside === inside.toUpperCase() ? inside : text;
}

/** The bare name of a form that `identifierText` gave; other text is taken as the name itself. */
export function bareName(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** For SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant; Snowflake reads backslashes in it. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

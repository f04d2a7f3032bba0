/** Refuses what Redshift would refuse or cut, while DuckDB reads the staged rows: there the row can still be named. */
import type { ColumnSpec } from '../destination.ts';
import { quoted } from '../staged-reader.ts';
import { longestText, textBytes } from './sql.ts';

/** A string or a key as it stands in JSON. */
const jsonString = String.raw`'"(?:[^"\\]|\\.)*"'`;

/**
 * The text of a column, as a DuckDB expression that fails with `tooLargePattern` when Redshift has no room for it.
 * JSON is proved to be JSON on the way.
 */
export function checkedText({ name, type }: ColumnSpec, documentBytes: number): string {
  const column = quoted(name);
  if (type === 'timestamp') return `${column}::VARCHAR`;
  if (type === 'text') return `CASE ${refuse(name, `strlen(${column})`, textBytes(name))} ELSE ${column} END`;
  if (type === 'integer') return column;
  return `CASE ${refuse(name, `strlen(${column})`, documentBytes)}
    ${refuse(name, longestString(column), longestText)} ELSE ${column}::JSON::VARCHAR END`;
}

function refuse(name: string, bytes: string, limit: number): string {
  const words = `'value too large: column=${name} bytes=' || ${bytes} || ' limit=${limit} row=' || coalesce(id, '')`;
  return `WHEN ${bytes} > ${limit} THEN error(${words})`;
}

/** Bytes of the longest string or key in a document; looked for only in those that are longer altogether. */
function longestString(column: string): string {
  const long = `list_filter(regexp_extract_all(${column}, ${jsonString}), lambda s: strlen(s) > ${longestText})`;
  const longest = `list_max(list_transform(${long}, lambda s: strlen(s::JSON ->> '$')))`;
  return `(CASE WHEN strlen(${column}) > ${longestText} THEN ${longest} END)`;
}

/** What `checkedText` says, with its parts. */
export const tooLargePattern = /value too large: column=(\w+) bytes=(\d+) limit=(\d+) row=(.*)/;

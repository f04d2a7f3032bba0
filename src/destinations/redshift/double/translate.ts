/** Redshift's SQL as PostgreSQL takes it. Text in quotes and comments is left as it is. */
import { tables } from '../../tables.ts';
import { redshiftParameters } from './catalog.ts';

const hidden = /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g;
const name = String.raw`(?:\w+|\uE000\d+\uE000)`;

const rewrites: readonly (readonly [RegExp, string])[] = [
  // where rows lie and how they are packed
  [/\bDISTSTYLE\s+(?:ALL|EVEN|KEY|AUTO)\b/gi, ''],
  [/\bDISTKEY\b\s*(?:\([^)]*\))?/gi, ''],
  [/\b(?:(?:COMPOUND|INTERLEAVED)\s+)?SORTKEY\b\s*(?:AUTO\b|\([^)]*\))?/gi, ''],
  [/\bENCODE\s+\w+/gi, ''],
  [/\bBACKUP\s+(?:YES|NO)\b/gi, ''],
  // types
  [/\bVARBYTE\b\s*(?:\(\s*\d+\s*\))?/gi, 'bytea'],
  [/\b(?:VARCHAR|CHARACTER\s+VARYING)\s*\(\s*MAX\s*\)/gi, 'VARCHAR(65535)'],
  // PostgreSQL has a JSON_SERIALIZE of its own, with another grammar
  [/\bJSON_SERIALIZE\s*\(/gi, 'redshift.json_serialize('],
  [/\bSYSDATE\b/gi, `(clock_timestamp() AT TIME ZONE 'UTC')`],
  // the functions above must stay in sight
  [/\bSET\s+search_path\s*(?:\bTO\b|=)\s*[^;]+/gi, '$&, redshift'],
  [new RegExp(String.raw`\b(SET|SHOW|RESET)\s+(${redshiftParameters.join('|')})\b`, 'gi'), '$1 redshift.$2'],
];

/** A way into a document, `event_properties.items[0]."$value"`; a cast after it reads the value, not its JSON. */
const documents = Object.values(tables).flatMap(({ columns }) => columns.filter(({ type }) => type === 'json'));
const navigation = new RegExp(
  String.raw`\b((?:\w+\.)?(?:${documents.map((column) => column.name).join('|')}))((?:\.${name}|\[\d+\])+)(\s*::)?`,
  'gi',
);

const definesColumns = /\b(?:CREATE\s+(?:TEMP(?:ORARY)?\s+|LOCAL\s+)*TABLE|ADD\s+COLUMN)\b/i;
const sizedText = new RegExp(
  String.raw`(?<!\bTYPE\s)(${name})\s+(?:VARCHAR|CHARACTER\s+VARYING)\s*\(\s*(\d+)\s*\)`,
  'gi',
);

export function translate(sql: string): string {
  // rows to insert: only literals, and much of them
  if (/^\s*INSERT\s+INTO\s+[\w".]+\s+VALUES\b/i.test(sql)) return sql;
  const kept: string[] = [];
  let masked = sql.replaceAll(hidden, (text) => `\uE000${kept.push(text) - 1}\uE000`);
  for (const [pattern, replacement] of rewrites) masked = masked.replaceAll(pattern, replacement);
  if (definesColumns.test(masked)) {
    // a VARCHAR of Redshift counts bytes
    masked = masked.replaceAll(sizedText, '$1 VARCHAR($2) CHECK (octet_length($1) <= $2)');
  }
  const unmask = (text: string): string =>
    text.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? '');
  masked = masked.replaceAll(navigation, (_, column: string, path: string, cast: string | undefined) => {
    const steps = path.match(/\uE000\d+\uE000|\w+/g) ?? [];
    const names = steps.map((step) => stepName(unmask(step), step));
    return `(${column} #>${cast ? '>' : ''} ARRAY[${names.join(', ')}])${cast ?? ''}`;
  });
  return unmask(masked);
}

/** Without quotes a name is in lower case. */
function stepName(text: string, step: string): string {
  const bare = text === step ? text.toLowerCase() : text.slice(1, -1).replaceAll('""', '"');
  return `E'${bare.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export interface CopyStatement {
  /** As written, quotes included. */
  readonly table: string;
  readonly columns: string;
  readonly bucket: string;
  readonly key: string;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
  readonly iamRole: string | null;
}

/** A COPY of Parquet files by a manifest, which is the one the stand-in knows; null for any other statement. */
export function parseCopy(sql: string): CopyStatement | null {
  const found = /^\s*COPY\s+([\w".]+)\s*(\([^)]*\))?\s*FROM\s+'s3:\/\/([^/']+)\/([^']+)'([\s\S]*)$/i.exec(sql);
  if (!found) return null;
  const [, table = '', columns = '', bucket = '', key = '', options = ''] = found;
  if (!/\bFORMAT\s+(?:AS\s+)?PARQUET\b/i.test(options) || !/\bMANIFEST\b/i.test(options)) return null;
  const option = (pattern: RegExp): string | null => pattern.exec(options)?.[1] ?? null;
  return {
    table,
    columns,
    bucket,
    key,
    accessKeyId: option(/ACCESS_KEY_ID\s+(?:AS\s+)?'([^']*)'/i) ?? option(/aws_access_key_id=([^;']*)/i),
    secretAccessKey: option(/SECRET_ACCESS_KEY\s+(?:AS\s+)?'([^']*)'/i) ?? option(/aws_secret_access_key=([^;']*)/i),
    iamRole: option(/IAM_ROLE\s+(?:AS\s+)?'([^']*)'/i) ?? option(/aws_iam_role=([^;']*)/i),
  };
}

/** For the log of calls: without keys and passwords, and without rows. */
export function label(sql: string): string {
  return sql
    .slice(0, 2000)
    .replaceAll(/((?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|PASSWORD)\s+(?:AS\s+)?)'[^']*'/gi, `$1'***'`)
    .replaceAll(/(CREDENTIALS\s+(?:AS\s+)?)'[^']*'/gi, `$1'***'`)
    .replace(/(\bINSERT\s+INTO\s+\S+\s+VALUES)[\s\S]*/i, '$1 ...')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

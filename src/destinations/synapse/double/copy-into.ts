/** COPY INTO of gzip CSV: fetches the files with the signature that the statement carries, as the pool would. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { qualified, type ObjectName } from './catalogue.ts';
import { SqlError } from './sql-error.ts';
import { closing, isSign, listOf, type SqlToken } from './tokens-of-sql.ts';
import { quotedName, quotedText } from './translate.ts';

export interface CopySource {
  /** Base URL of the only store that is spoken to. */
  readonly store: string;
  /** For what is fetched. */
  readonly folder: string;
}

interface Copy {
  readonly target: ObjectName;
  readonly columns: readonly string[];
  readonly files: readonly string[];
  /** Options by name in upper case. */
  readonly options: ReadonlyMap<string, string>;
}

export function readCopy(tokens: readonly SqlToken[]): Copy {
  const [, , schema, , name] = tokens;
  const open = tokens.findIndex((token) => isSign(token, '('));
  const from = tokens.findIndex(({ word }) => word === 'FROM');
  const columns = open < from ? listOf(tokens.slice(open + 1, closing(tokens, open))) : [];
  const start = tokens.findIndex(({ word }) => word === 'WITH');
  const end = closing(tokens, start + 1);
  const files = tokens.slice(from + 1, start).filter(({ kind }) => kind === 'text');
  return {
    target: { schema: schema?.value ?? '', name: name?.value ?? '' },
    columns: columns.map(([column]) => column?.value ?? ''),
    files: files.map(({ value }) => value),
    options: optionsOf(tokens.slice(start + 2, end)),
  };
}

function optionsOf(tokens: readonly SqlToken[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, , value, ...rest] of listOf(tokens)) {
    if (isSign(value, '(')) {
      for (const [inner, found] of optionsOf(rest.slice(0, -1))) options.set(inner, found);
    } else {
      options.set(name?.word ?? '', value?.value ?? '');
    }
  }
  return options;
}

/** Resolves to the rows that landed. @throws SqlError */
export async function copyInto(
  connection: DuckDBConnection,
  copy: Copy,
  source: CopySource,
  signal: AbortSignal,
): Promise<number> {
  const { options, files } = copy;
  const format = [options.get('FILE_TYPE'), options.get('COMPRESSION'), options.get('ROWTERMINATOR')].join(' ');
  if (format.toUpperCase() !== 'CSV GZIP 0X0A') {
    throw new SqlError(103_010, `The stand-in reads gzip CSV with line feeds only, not ${format}.`);
  }
  const folder = await mkdtemp(join(source.folder, 'copy-'));
  try {
    const paths: string[] = [];
    for (const [i, url] of files.entries()) {
      paths.push(join(folder, `${i}.csv.gz`));
      await fetchFile(url, options.get('SECRET') ?? '', source.store, paths[i] ?? '', signal);
    }
    const { rowsChanged } = await connection.run(insertFiles(copy, paths));
    return rowsChanged;
  } catch (error) {
    throw rowError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** COPY INTO lists before it reads, so that a signature needs both rights. */
async function fetchFile(url: string, secret: string, store: string, path: string, signal: AbortSignal): Promise<void> {
  if (!url.startsWith(`${store}/`)) throw unreadable('The remote name could not be resolved.');
  const sas = secret.replace(/^\?/, '');
  const [container = '', ...blob] = url.slice(store.length + 1).split('/');
  const list = `${store}/${container}?restype=container&comp=list&prefix=${encodeURIComponent(blob.join('/'))}&${sas}`;
  const listed = await fetch(list, { signal });
  const found = await listed.text();
  if (!listed.ok) throw unreadable(`The remote server returned an error: (${listed.status}) ${listed.statusText}.`);
  if (!found.includes('<Blob>')) throw unreadable('The remote server returned an error: (404) Not Found.');
  const reply = await fetch(`${url}?${sas}`, { signal });
  if (!reply.ok || !reply.body)
    throw unreadable(`The remote server returned an error: (${reply.status}) ${reply.statusText}.`);
  await pipeline(Readable.fromWeb(reply.body), createWriteStream(path), { signal });
}

function unreadable(reason: string): SqlError {
  return new SqlError(105_215, `105215;Not able to validate external location because ${reason}`);
}

/** A field between quotes that is empty counts as NULL here: the stricter of what the documentation leaves open. */
function insertFiles({ target, columns, options }: Copy, paths: readonly string[]): string {
  const fields = columns.map((name) => `${quotedText(name)}: 'VARCHAR'`).join(', ');
  const quote = quotedText(options.get('FIELDQUOTE') ?? '"');
  const names = columns.map(quotedName).join(', ');
  return `INSERT INTO ${qualified(target)} (${names}) SELECT ${names}
FROM read_csv([${paths.map(quotedText).join(', ')}], columns = {${fields}}, auto_detect = false, header = false,
  delim = ${quotedText(options.get('FIELDTERMINATOR') ?? ',')}, quote = ${quote}, escape = ${quote}, nullstr = '',
  allow_quoted_nulls = true, new_line = '\\n', compression = 'gzip', strict_mode = true,
  max_line_size = 33554432, buffer_size = 37748736)`;
}

function rowError(thrown: unknown): unknown {
  const message = thrown instanceof Error ? thrown.message : '';
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (!line && !message.startsWith('Conversion Error')) return thrown;
  const where = line ? `row ${line}` : 'a row';
  return new SqlError(13_812, `Bulk load data conversion error (type mismatch or invalid character) for ${where}.`);
}

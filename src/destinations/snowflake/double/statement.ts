/** A statement and its answer. */
import type { DuckDBValue } from '@duckdb/node-api';
import { doesNotExist } from './errors.ts';
import type { Rowset } from './rowset.ts';
import type { Token } from './tokens.ts';

/** The answer to a statement: rows, or what a driver needs to upload files. */
export type Answer = Rowset | { readonly upload: Readonly<Record<string, unknown>> };

export interface Statement {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly binds: readonly DuckDBValue[];
}

/** Below the user's own stage; other stages are not there. */
export function stagePath(tokens: readonly Token[]): string {
  const stage = tokens.find(({ kind, value }) => kind === 'stage' || (kind === 'string' && value.startsWith('@')));
  const [, path] = /^@~\/?(.*)$/.exec(stage?.value ?? '') ?? [];
  if (path === undefined) throw doesNotExist('Stage', stage?.value ?? '');
  return path;
}

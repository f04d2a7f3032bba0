/** Runs GoogleSQL, one statement or many, as one caller and on one connection. */
import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultPlan } from '../../stand-in/faults.ts';
import type { Cloud } from './cloud.ts';
import type { Engine } from './engine.ts';
import { statementsOf, tokensOf, type Token } from './lexer.ts';
import { plannedError } from './route.ts';
import { schemaTable, translate, word, type Scope, type TableRef, type Translation } from './translate.ts';
import { invalidQuery, VendorError } from './vendor-error.ts';

export interface Statement {
  readonly type: string;
  readonly dmlStats: Readonly<Record<string, string>> | null;
}

export interface ScriptResult {
  /** Of the last query; null when there was none. */
  readonly reader: DuckDBResultReader | null;
  readonly statements: readonly Statement[];
}

export interface ScriptContext {
  readonly engine: Engine;
  readonly cloud: Cloud;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
  readonly caller: string;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

const dml = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export async function runScript(text: string, context: ScriptContext): Promise<ScriptResult> {
  const connection = await context.engine.connect();
  const interrupt = (): void => connection.interrupt();
  context.signal.addEventListener('abort', interrupt);
  const statements: Statement[] = [];
  let reader: DuckDBResultReader | null = null;
  try {
    for (const tokens of statementsOf(tokensOf(text))) {
      await meetFault(tokens, context);
      context.signal.throwIfAborted();
      const done = await runStatement(connection, tokens, context);
      statements.push(done.statement);
      reader = done.reader ?? reader;
    }
    return { reader, statements };
  } catch (error) {
    throw context.signal.aborted ? stopped() : asVendorError(error);
  } finally {
    context.signal.removeEventListener('abort', interrupt);
    // what was not committed is rolled back
    await connection.run('ROLLBACK').catch(() => undefined);
    connection.closeSync();
  }
}

export function stopped(): VendorError {
  return new VendorError(400, 'stopped', 'Job execution was cancelled: User requested cancellation');
}

async function meetFault(tokens: readonly Token[], { faults, signal }: ScriptContext): Promise<void> {
  const fault = faults.take(`statement ${tokens.map(({ text }) => text).join(' ')}`);
  if (fault?.kind === 'error') throw plannedError(fault);
  if (fault?.kind === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
}

interface Done {
  readonly statement: Statement;
  readonly reader?: DuckDBResultReader;
}

async function runStatement(
  connection: DuckDBConnection,
  tokens: readonly Token[],
  context: ScriptContext,
): Promise<Done> {
  const first = word(tokens[0]);
  switch (first) {
    case 'BEGIN':
    case 'COMMIT':
    case 'ROLLBACK':
      await connection.run(first);
      return { statement: { type: `${first}_TRANSACTION`, dmlStats: null } };
    case 'GRANT':
      grant(tokens, context);
      return { statement: { type: 'GRANT', dmlStats: null } };
    case 'ASSERT':
      await assert(connection, tokens, context);
      return { statement: { type: 'ASSERT', dmlStats: null } };
    default: {
      const translation = translate(tokens, context.scope);
      await checkTables(first, translation.tables, context);
      if (dml.has(first)) return change(connection, first, tokens, translation, context);
      const reader = await connection.runAndReadAll(translation.sql);
      if (first !== 'SELECT' && first !== 'WITH') return { statement: { type: first, dmlStats: null } };
      return { statement: { type: 'SELECT', dmlStats: null }, reader };
    }
  }
}

async function change(
  connection: DuckDBConnection,
  type: string,
  tokens: readonly Token[],
  { sql, tables }: Translation,
  context: ScriptContext,
): Promise<Done> {
  const [target] = tables;
  if (!target) throw invalidQuery('Syntax error: a table is missing');
  context.cloud.mayChangeRows(context.scope.projectId);
  if ((type === 'UPDATE' || type === 'DELETE') && !tokens.some((token) => word(token) === 'WHERE')) {
    throw invalidQuery(`${type} must have a WHERE clause at [1:1]`);
  }
  const count = async (): Promise<number> =>
    Number((await connection.runAndReadAll(`SELECT count(*) FROM ${schemaTable(target)}`)).getRows()[0]?.[0]);
  const before = await count();
  if (type === 'MERGE' && before > 0) await refuseDoubleMatch(connection, tokens, context.scope);
  const { rowsChanged } = await connection.run(sql);
  const grown = (await count()) - before;
  return { statement: { type, dmlStats: statsOf(type, tokens, rowsChanged, grown) } };
}

function statsOf(
  type: string,
  tokens: readonly Token[],
  changed: number,
  grown: number,
): Readonly<Record<string, string>> {
  const deletes = type === 'DELETE' || (type === 'MERGE' && tokens.some((token) => word(token) === 'DELETE'));
  const deleted = deletes ? changed : 0;
  const inserted = deletes ? 0 : grown;
  return {
    insertedRowCount: String(inserted),
    updatedRowCount: String(changed - deleted - inserted),
    deletedRowCount: String(deleted),
  };
}

/** DuckDB would apply one match after the other. */
async function refuseDoubleMatch(connection: DuckDBConnection, tokens: readonly Token[], scope: Scope): Promise<void> {
  const at = (name: string): number => topLevel(tokens, name);
  const target = translate(tokens.slice(word(tokens[1]) === 'INTO' ? 1 : 0, at('USING')), scope).sql.replace(
    /^(MERGE )?INTO /,
    '',
  );
  const source = translate(tokens.slice(at('USING'), at('ON')), scope).sql.replace(/^USING /, '');
  const condition = translate(tokens.slice(at('ON') + 1, at('WHEN')), scope).sql;
  const alias = / AS (\w+)$/.exec(target)?.[1] ?? target;
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM ${target} JOIN ${source} ON ${condition} GROUP BY ${alias}.rowid HAVING count(*) > 1 LIMIT 1`,
  );
  if (found.currentRowCount > 0) {
    throw invalidQuery('UPDATE/MERGE must match at most one source row for each target row');
  }
}

function topLevel(tokens: readonly Token[], name: string): number {
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.kind === 'sign' && token.text === '(') depth += 1;
    if (token.kind === 'sign' && token.text === ')') depth -= 1;
    if (depth === 0 && word(token) === name) return i;
  }
  throw invalidQuery(`Syntax error: Expected keyword ${name}`);
}

async function assert(connection: DuckDBConnection, tokens: readonly Token[], context: ScriptContext): Promise<void> {
  const described = word(tokens.at(-2)) === 'AS' && tokens.at(-1)?.kind === 'string';
  const condition = translate(described ? tokens.slice(1, -2) : tokens.slice(1), context.scope);
  await checkTables('ASSERT', condition.tables, context);
  const holds = (await connection.runAndReadAll(`SELECT ${condition.sql}`)).getRows()[0]?.[0];
  if (holds !== true)
    throw invalidQuery(`Query error: ${described ? tokens.at(-1)?.text : 'Assertion failed'} at [1:1]`);
}

/** `GRANT role ON SCHEMA project.dataset TO "serviceAccount:e-mail"`. */
function grant(tokens: readonly Token[], { cloud, scope }: ScriptContext): void {
  const path = tokens.slice(topLevel(tokens, 'SCHEMA') + 1, topLevel(tokens, 'TO'));
  const parts = path.flatMap(({ kind, text }) => (kind === 'sign' ? [] : text.split('.')));
  const [dataset = '', projectId = scope.projectId] = parts.toReversed();
  const [, email] = /^serviceAccount:(.+)$/.exec(tokens.at(-1)?.text ?? '') ?? [];
  if (tokens[1]?.text !== 'roles/bigquery.dataEditor' || !email)
    throw invalidQuery('Only dataEditor of service accounts is known here');
  cloud.dataset(projectId, dataset).editors.add(email);
}

async function checkTables(type: string, tables: readonly TableRef[], context: ScriptContext): Promise<void> {
  for (const [i, ref] of tables.entries()) {
    const { location } = context.cloud.mayEdit(context.caller, ref.projectId, ref.dataset, 'bigquery.tables.getData');
    const made = (type === 'CREATE' || type === 'DROP') && i === 0;
    if (!made && !(await context.engine.fields(ref))) {
      throw new VendorError(
        404,
        'notFound',
        `Not found: Table ${ref.projectId}:${ref.dataset}.${ref.table} was not found in location ${location}`,
      );
    }
  }
}

const rewordings: readonly (readonly [RegExp, (found: RegExpExecArray) => VendorError])[] = [
  [
    /Conflict on (?:update|tuple)|write-write conflict/i,
    () => invalidQuery('Transaction is aborted due to concurrent update against table. Transaction ID: 0'),
  ],
  [
    /Referenced (?:table|column) "?(\w+)"? not found/,
    ([, name]) => invalidQuery(`Unrecognized name: ${name} at [1:1]`),
  ],
  [
    /Table "[^"]*" does not have a column (?:with name|named) "?(\w+)/,
    ([, name]) => invalidQuery(`Name ${name} not found inside table`),
  ],
  [/^Invalid Input Error: (.*)/s, ([, words]) => invalidQuery(words ?? '')],
  [/^Parser Error: (.*)/s, ([, words]) => invalidQuery(`Syntax error: ${words?.split('\n')[0]} at [1:1]`)],
];

function asVendorError(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reword] of rewordings) {
    const found = pattern.exec(message);
    if (found) return reword(found);
  }
  return invalidQuery(message);
}

/** Runs one statement of a session. */
import type { DuckDBValue } from '@duckdb/node-api';
import * as errors from './errors.ts';
import { copyInto } from './copy.ts';
import { rowsetFrom, rowsetOf, type Rowset } from './rowset.ts';
import type { Run, Session } from './session.ts';
import { describeTable, show } from './show.ts';
import { stagePath, type Answer, type Statement } from './statement.ts';
import { Cursor, tokenize, type Token } from './tokens.ts';
import { tableRefs, toEngine, type TableRef } from './translate.ts';

const done = (): Rowset => rowsetFrom(['status'], [['Statement executed successfully.']]);

type Handler = (session: Session, statement: Statement, run: Run) => Promise<Answer>;

const handlers: Readonly<Record<string, Handler>> = {
  USE: async (session, { tokens }) => use(session, new Cursor(tokens, 1)),
  SHOW: async (session, { tokens }) => show(session, new Cursor(tokens, 1)),
  DESCRIBE: async (session, { tokens }) => describeTable(session, new Cursor(tokens, 1)),
  DESC: async (session, { tokens }) => describeTable(session, new Cursor(tokens, 1)),
  PUT: async (session, statement) => put(session, statement),
  LIST: async (session, { tokens }) => list(session, tokens),
  LS: async (session, { tokens }) => list(session, tokens),
  REMOVE: async (session, { tokens }) => remove(session, tokens),
  RM: async (session, { tokens }) => remove(session, tokens),
  COPY: copyInto,
  BEGIN: async (session, { tokens }) => begin(session, tokens),
  START: async (session, { tokens }) => begin(session, tokens),
  COMMIT: async (session) => {
    await session.end('COMMIT');
    return done();
  },
  ROLLBACK: async (session) => {
    await session.end('ROLLBACK');
    return done();
  },
  SELECT: query,
  WITH: query,
  MERGE: change,
  INSERT: change,
  UPDATE: change,
  DELETE: change,
  TRUNCATE: change,
  CREATE: define,
  ALTER: define,
  DROP: define,
  GRANT: define,
  REVOKE: define,
};

/** @throws VendorError */
export async function execute(session: Session, sql: string, binds: readonly DuckDBValue[], run: Run): Promise<Answer> {
  const tokens = tokenize(sql.replace(/;\s*$/, ''));
  const verb = tokens[0]?.value ?? '';
  const handler = handlers[verb];
  try {
    if (!handler) throw errors.notSupported(verb);
    return await handler(session, { sql: sql.replace(/;\s*$/, ''), tokens, binds }, run);
  } catch (error) {
    throw errors.fromEngine(run.signal.aborted ? errors.canceled() : error);
  }
}

function use(session: Session, cursor: Cursor): Rowset {
  const { account } = session.world;
  if (cursor.take('ROLE')) {
    const role = cursor.name()?.join('.') ?? '';
    const granted = session.user.roles.has(role) && account.roleExists(role);
    if (!granted && !account.isAdministrator(session.role)) throw errors.cannotUse();
    session.role = role;
  } else if (cursor.take('WAREHOUSE')) {
    const name = cursor.name()?.join('.') ?? '';
    account.useWarehouse(session.role, name);
    session.warehouse = name;
  } else if (!cursor.take('SECONDARY')) {
    const isSchema = cursor.take('SCHEMA');
    cursor.take('DATABASE');
    const [first = '', second] = cursor.name() ?? [];
    const [database, schema] = isSchema && second === undefined ? [session.database, first] : [first, second ?? null];
    try {
      session.allowPlace(database ?? '', schema);
    } catch {
      throw errors.cannotUse();
    }
    session.database = database;
    session.schema = schema ?? 'PUBLIC';
  }
  return done();
}

function put(session: Session, { sql, tokens }: Statement): Answer {
  const [, bare] = /^\s*PUT\s+(file:\S+)/i.exec(sql) ?? [];
  const source = (bare ?? tokens[1]?.value ?? '').replace(/^file:\/\//, '');
  const path = stagePath(tokens);
  const { token, masterKey } = session.world.stages.ticket(session.user.name, path);
  return {
    upload: {
      command: 'UPLOAD',
      operation: 'Node',
      src_locations: [source],
      parallel: 4,
      threshold: 209_715_200,
      autoCompress: false,
      overwrite: true,
      sourceCompression: 'gzip',
      clientShowEncryptionParameter: false,
      encryptionMaterial: { queryStageMasterKey: masterKey.toString('base64'), queryId: session.id, smkId: 1 },
      stageInfo: {
        locationType: 'GCS',
        location: `stage/${path}`,
        path,
        region: 'LOCAL',
        storageAccount: null,
        isClientSideEncrypted: true,
        endPoint: session.world.storeUrl,
        creds: { GCS_ACCESS_TOKEN: token },
      },
    },
  };
}

async function list(session: Session, tokens: readonly Token[]): Promise<Answer> {
  const files = await session.world.stages.list(session.user.name, stagePath(tokens));
  return rowsetFrom(
    ['name', 'size', 'md5', 'last_modified'],
    files.map(({ name, size, modified }) => [name, size, null, modified.toUTCString()]),
  );
}

async function remove(session: Session, tokens: readonly Token[]): Promise<Answer> {
  const removed = await session.world.stages.remove(session.user.name, stagePath(tokens));
  return rowsetFrom(
    ['name', 'result'],
    removed.map((name) => [name, 'removed']),
  );
}

function begin(session: Session, tokens: readonly Token[]): Rowset {
  const cursor = new Cursor(tokens);
  session.begin(cursor.seek('NAME') ? (cursor.name()?.join('.') ?? null) : null);
  return done();
}

async function query(session: Session, statement: Statement, run: Run): Promise<Answer> {
  const { tokens } = statement;
  if (tokens[1]?.value === 'SYSTEM$ABORT_TRANSACTION') return abortTransaction(session, tokens[3]?.value ?? '');
  const refs = await allowed(session, statement);
  return session.transacted([], false, run, async () =>
    rowsetOf(await session.connection.runAndReadAll(translated(session, statement, refs), [...statement.binds])),
  );
}

/** One's own only, unless one is an administrator. */
async function abortTransaction(session: Session, id: string): Promise<Rowset> {
  const owner = [...session.world.sessions.values()].find(({ transaction }) => transaction?.id === id);
  const mayAbort = owner && (owner.user === session.user || session.world.account.isAdministrator(session.role));
  if (mayAbort) await owner.abort();
  return rowsetFrom(
    [`SYSTEM$ABORT_TRANSACTION(${id})`],
    [[mayAbort ? `Aborted transaction id: ${id}` : 'Transaction not found']],
  );
}

async function change(session: Session, statement: Statement, run: Run): Promise<Answer> {
  const refs = await allowed(session, statement);
  const target = refs[0];
  const verb = statement.tokens[0]?.value ?? '';
  // rows that are only added lock nothing
  const locked = target && verb !== 'INSERT' ? [session.fullName(target.parts).join('.')] : [];
  const sql = translated(session, statement, refs);
  return session.transacted(locked, true, run, async () => {
    if (verb === 'MERGE') return mergeCounts(session, sql, statement);
    const changed = (await session.connection.run(sql, [...statement.binds])).rowsChanged;
    const what = { INSERT: 'inserted', UPDATE: 'updated' }[verb] ?? 'deleted';
    return rowsetFrom([`number of rows ${what}`], [[changed]]);
  });
}

async function mergeCounts(session: Session, sql: string, { tokens, binds }: Statement): Promise<Rowset> {
  const result = await session.connection.stream(`${sql} RETURNING merge_action`, [...binds]);
  const counts = new Map<DuckDBValue, number>();
  for await (const rows of result.yieldRows())
    for (const [action = null] of rows) counts.set(action, (counts.get(action) ?? 0) + 1);
  const present = ['INSERT', 'UPDATE', 'DELETE'].filter((what) =>
    tokens.some(({ value }, i) => value === what && tokens[i - 1]?.value === 'THEN'),
  );
  return rowsetFrom(
    present.map((what) => `number of rows ${what.toLowerCase()}${what === 'INSERT' ? 'ed' : 'd'}`),
    [present.map((what) => counts.get(what) ?? 0)],
  );
}

/** Statements that define things; they commit what is open. */
async function define(session: Session, statement: Statement, run: Run): Promise<Answer> {
  const { tokens, sql } = statement;
  const cursor = new Cursor(tokens);
  if (cursor.take('ALTER', 'SESSION')) return alterSession(session, cursor);
  if (session.transaction) await session.end('COMMIT');
  if (await session.world.account.run(tokens, session.role)) return done();
  const refs = await allowed(session, statement);
  const [ref] = refs;
  if (!ref) throw errors.notSupported(`${tokens[0]?.value}_${tokens[1]?.value}`);
  const full = session.fullName(ref.parts).join('.');
  const temporary = tokens.some(({ value }) => value === 'TEMPORARY' || value === 'TEMP');
  if (temporary && tokens[0]?.value === 'CREATE') session.temporary.add(full);
  const isPermanentCreate = ref.privileges.includes('CREATE') && !session.temporary.has(full);
  if (isPermanentCreate && !session.world.account.isAdministrator(session.role)) {
    throw errors.insufficientPrivileges('schema', session.fullName(ref.parts)[1]);
  }
  await session.transacted([], false, run, () =>
    session.connection.run(translated(session, { ...statement, sql }, refs)),
  );
  if (tokens[0]?.value === 'DROP') session.temporary.delete(full);
  return done();
}

function alterSession(session: Session, cursor: Cursor): Rowset {
  cursor.take('SET');
  while (cursor.token) {
    const name = cursor.next();
    if (cursor.take('=')) session.parameters.set(name, cursor.next());
  }
  return done();
}

/** The tables of a statement, once the role may do with them what it does. */
async function allowed(session: Session, { tokens }: Statement): Promise<readonly TableRef[]> {
  const refs = tableRefs(tokens);
  for (const ref of refs) if (!isGentleDrop(tokens)) await session.allow(ref);
  const computes = refs.length > 0 && !['CREATE', 'ALTER', 'DROP'].includes(tokens[0]?.value ?? '');
  if (computes) session.wakeWarehouse();
  return refs;
}

function isGentleDrop(tokens: readonly Token[]): boolean {
  return new Cursor(tokens).take('DROP', 'TABLE', 'IF', 'EXISTS');
}

function translated(session: Session, { sql, tokens }: Statement, refs: readonly TableRef[]): string {
  return toEngine(sql, tokens, refs, (ref) => session.inEngine(ref.parts), session.context());
}

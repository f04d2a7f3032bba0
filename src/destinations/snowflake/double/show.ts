/** SHOW and DESCRIBE. */
import * as errors from './errors.ts';
import { rowsetFrom, type Rowset } from './rowset.ts';
import type { Session } from './session.ts';
import type { Cursor } from './tokens.ts';

type Cell = string | number | null;

export function show(session: Session, cursor: Cursor): Rowset {
  const what = cursor.next();
  const like = cursor.take('LIKE') ? cursor.next() : '%';
  const matches = (name: string): boolean => likePattern(like).test(name);
  if (what === 'TRANSACTIONS') return transactions(session, cursor.seek('ACCOUNT'));
  if (what === 'WAREHOUSES') return warehouses(session, matches);
  if (what === 'DATABASES') {
    const { account } = session.world;
    const names = [...account.databases.keys()].filter(
      (name) => matches(name) && account.sees(session.role, 'DATABASE', name),
    );
    return rowsetFrom(['name', 'kind'], rows(names.map((name) => [name, 'STANDARD'])));
  }
  if (what === 'SCHEMAS') return schemas(session, cursor, matches);
  throw errors.notSupported(`SHOW_${what}`);
}

const rows = (all: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] => all;

/** As in LIKE, whatever the case. */
function likePattern(like: string): RegExp {
  const source = like
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'is');
}

function transactions(session: Session, everybody: boolean): Rowset {
  const open = [...session.world.sessions.values()].filter(
    ({ transaction, user }) => transaction && (everybody || user === session.user),
  );
  return rowsetFrom(
    ['id', 'user', 'session', 'name', 'started_on', 'state', 'scope'],
    open.map(({ transaction, user, id }) => [
      transaction?.id ?? '',
      user.name,
      id,
      transaction?.name ?? '',
      transaction?.startedAt.toISOString() ?? '',
      'running',
      '0',
    ]),
  );
}

function warehouses(session: Session, matches: (name: string) => boolean): Rowset {
  const { account } = session.world;
  const seen = [...account.warehouses].filter(
    ([name]) => matches(name) && account.sees(session.role, 'WAREHOUSE', name),
  );
  return rowsetFrom(
    ['name', 'state', 'type', 'size', 'auto_resume'],
    seen.map(([name, { suspended, autoResume }]) => [
      name,
      suspended ? 'SUSPENDED' : 'STARTED',
      'STANDARD',
      'X-Small',
      String(autoResume),
    ]),
  );
}

function schemas(session: Session, cursor: Cursor, matches: (name: string) => boolean): Rowset {
  const database =
    cursor.seek('IN') && (cursor.take('DATABASE') || true)
      ? (cursor.name()?.join('.') ?? '')
      : (session.database ?? '');
  session.allowPlace(database, null);
  const { account } = session.world;
  const names = [...(account.databases.get(database) ?? [])].filter(
    (name) => matches(name) && account.sees(session.role, 'SCHEMA', `${database}.${name}`),
  );
  return rowsetFrom(['name', 'database_name'], rows(names.map((name) => [name, database])));
}

export async function describeTable(session: Session, cursor: Cursor): Promise<Rowset> {
  if (!cursor.take('TABLE')) throw errors.notSupported('DESCRIBE');
  const parts = session.fullName(cursor.name() ?? []);
  await session.allow({ parts, start: 0, end: 0, privileges: [] });
  const columns = await session.world.engine.columns(parts);
  return rowsetFrom(
    ['name', 'type', 'kind', 'null?', 'default', 'primary key', 'unique key'],
    columns.map(({ name, type, nullable }) => [
      name,
      snowflakeType(type),
      'COLUMN',
      nullable ? 'Y' : 'N',
      null,
      'N',
      'N',
    ]),
  );
}

function snowflakeType(type: string): string {
  if (type === 'VARCHAR') return 'VARCHAR(16777216)';
  if (type === 'JSON') return 'VARIANT';
  if (type === 'TIMESTAMP') return 'TIMESTAMP_NTZ(6)';
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'TIMESTAMP_TZ(6)';
  if (type === 'DOUBLE') return 'FLOAT';
  if (type.startsWith('DECIMAL')) return type.replace('DECIMAL', 'NUMBER').replace(' ', '');
  return type.endsWith('INT') || type.endsWith('INTEGER') ? 'NUMBER(38,0)' : type;
}

/** The role that sees one account at a time. Row-level security binds it, and it may do only what requests need. */
import { AppError } from '../kernel/app-error.ts';
import type { Sql, Tx } from './database.ts';

/**
 * Roles belong to the whole cluster, so its name is that of the tables' owner with `_account`: the role of another owner, whose
 * database may lie beside ours, does not get in.
 */
const roleName = `(left(session_user::text, 55) || '_account')`;

/** For a connection of the owner: from here on, it sees one account. */
export const becomeAccountRole = `select set_config('role', ${roleName}, false)`;

/** For one transaction: out of the role and back again. */
export const leaveAccountRole = 'set local role none';
export const backToAccountRole = `select set_config('role', ${roleName}, true)`;

/** What belongs to no account and requests read all the same. */
const shared = [
  'person (id, name, email)',
  // looked up by a trigger when a secret is sealed; ids only
  'retired_key',
  'sftp_server',
  // the private half is sealed
  'ssh_host_key',
];

/**
 * Makes the role when it is missing and gives it its rights. Tables without row-level security stay closed to it.
 * The caller sees to it that this runs once at a time in this database; others of the cluster may do it at the same moment.
 * @throws AppError SETTINGS_INVALID when the owner may not make roles
 */
export async function prepareAccountRole(tx: Tx): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(`select ${roleName} as name`);
  const name = rows[0]?.name ?? '';
  try {
    await tx.query(makeRole);
  } catch (error) {
    throw cannotMake(name, error);
  }
  await checkRole(tx, name);
  await tx.query(grantTables);
  for (const table of shared) {
    const [, what, columns = ''] = /^(\w+)(.*)$/.exec(table) ?? [];
    await tx.query(`do $$ begin execute format('grant select ${columns} on ${what} to %I', ${roleName}); end $$`);
  }
}

const makeRole = `do $$
begin
  if to_regrole(quote_ident(${roleName})) is null then
    begin
      execute format('create role %I nologin', ${roleName});
    exception when duplicate_object or unique_violation then
      null; -- another database of this cluster was quicker
    end;
  end if;
  begin
    perform set_config('role', ${roleName}, true);
  exception when insufficient_privilege then
    execute format('grant %I to %I', ${roleName}, session_user);
    perform set_config('role', ${roleName}, true);
  end;
  set local role none;
end $$`;

const grantTables = `do $$
declare target regclass;
begin
  execute format('grant usage on schema %I to %I', current_schema(), ${roleName});
  for target in
    select c.oid from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relrowsecurity and c.relname not in ('account', 'person')
      and not has_table_privilege(${roleName}, c.oid, 'delete')
  loop
    execute format('grant select, insert, update, delete on %s to %I', target, ${roleName});
  end loop;
  execute format('grant select, update on account to %I', ${roleName});
end $$`;

/** A role of that name that somebody else made for something else must not get in here. */
async function checkRole(sql: Sql, name: string): Promise<void> {
  const { count } = await sql.query(
    'select 1 from pg_roles where rolname = $1 and not (rolsuper or rolbypassrls or rolcanlogin)',
    [name],
  );
  if (count === 1) return;
  throw new AppError('SETTINGS_INVALID', {
    summary: `The role ${name} of the database may log in or pass over row-level security, so it cannot keep accounts apart.`,
    advice: `As an administrator of PostgreSQL, run: alter role "${name}" nologin nosuperuser nobypassrls`,
  });
}

function cannotMake(name: string, cause: unknown): AppError {
  const owner = name.replace(/_account$/, '');
  return new AppError('SETTINGS_INVALID', {
    summary: `The database user may not make the role ${name}, which keeps accounts apart.`,
    advice:
      `As an administrator of PostgreSQL, run: create role "${name}" nologin; grant "${name}" to "${owner}". ` +
      'Where that is impossible, start Wharf with WHARF_ROW_LEVEL_SECURITY=off.',
    externalMessage: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

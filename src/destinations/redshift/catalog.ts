/** Questions to Redshift's catalogue and system views. Pure. */
import { literal, qualified, type WarehouseTable } from './sql.ts';

/** Name, column and type of each; from the catalogue, which shows also what one may not read. */
export function columnsOf(schema: string, names: readonly string[]): string {
  return `SELECT c.relname, a.attname, FORMAT_TYPE(a.atttypid, a.atttypmod)
FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE n.nspname = ${literal(schema)} AND c.relname IN (${names.map(literal).join(', ')})
  AND a.attnum > 0 AND NOT a.attisdropped`;
}

export function schemaExists(schema: string): string {
  return `SELECT COUNT(*) FROM pg_namespace WHERE nspname = ${literal(schema)}`;
}

export function mayUseSchema(schema: string): string {
  return `SELECT HAS_SCHEMA_PRIVILEGE(${literal(schema)}, 'usage')`;
}

export const mayMakeTemporaryTables = `SELECT HAS_DATABASE_PRIVILEGE(CURRENT_DATABASE(), 'temp')`;

export const neededPrivileges = ['select', 'insert', 'update', 'delete'] as const;

/** One column for each table and privilege, in this order. */
export function privileges(schema: string, tables: readonly WarehouseTable[]): string {
  const asked = tables.flatMap(({ name }) =>
    neededPrivileges.map((privilege) => {
      // the function reads the name as SQL does, quotes included
      return `HAS_TABLE_PRIVILEGE(${literal(qualified(schema, name))}, '${privilege}')`;
    }),
  );
  return `SELECT ${asked.join(', ')}`;
}

export const isolationLevel = `SELECT database_isolation_level FROM svv_redshift_databases
WHERE database_name = CURRENT_DATABASE()`;

/** UTC, whole seconds; the session's zone is UTC. */
export const serverTime = `SELECT TO_CHAR(GETDATE(), 'YYYY-MM-DD HH24:MI:SS')`;

/** Why the last COPY of this session failed. */
export function loadError(sessionId: number): string {
  return `SELECT TRIM(file_name), line_number, TRIM(column_name), error_code, TRIM(error_message)
FROM sys_load_error_detail WHERE session_id = ${sessionId} ORDER BY start_time DESC LIMIT 1`;
}

export function endSession(sessionId: number): string {
  return `SELECT PG_TERMINATE_BACKEND(${sessionId})`;
}

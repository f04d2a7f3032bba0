/** The views of the pool's catalogue, kept in DuckDB so that any query over them works. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { SqlError } from './sql-error.ts';
import { duckdbType, quotedName, quotedText } from './translate.ts';
import { closing, isSign, listOf, type SqlToken } from './tokens-of-sql.ts';

export interface ObjectName {
  readonly schema: string;
  readonly name: string;
}

/** A column as it was declared. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly duckdb: string;
  readonly length: number | null;
  readonly precision: number | null;
  readonly collation: string | null;
  readonly nullable: boolean;
}

export const prepareCatalogue: readonly string[] = [
  'CREATE SCHEMA catalogue',
  'CREATE SCHEMA dbo',
  `CREATE TABLE catalogue.information_schema_columns (
    table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR, ordinal_position INTEGER,
    is_nullable VARCHAR, data_type VARCHAR, character_maximum_length INTEGER, datetime_precision SMALLINT,
    collation_name VARCHAR)`,
  `CREATE TABLE catalogue.sys_schemas (name VARCHAR, schema_id INTEGER)`,
  `INSERT INTO catalogue.sys_schemas VALUES ('dbo', 1)`,
  `CREATE TABLE catalogue.sys_database_principals (name VARCHAR, principal_id INTEGER, type VARCHAR)`,
  `CREATE VIEW catalogue.information_schema_tables AS
    SELECT DISTINCT table_catalog, table_schema, table_name, 'BASE TABLE' AS table_type
    FROM catalogue.information_schema_columns`,
  `CREATE VIEW catalogue.sys_tables AS
    SELECT table_name AS name, hash(table_schema || '.' || table_name)::VARCHAR AS object_id, table_schema AS schema_name
    FROM catalogue.information_schema_tables`,
  `CREATE VIEW catalogue.sys_columns AS
    SELECT column_name AS name, hash(table_schema || '.' || table_name)::VARCHAR AS object_id, ordinal_position AS column_id
    FROM catalogue.information_schema_columns`,
  `CREATE MACRO object_id(named) AS (
    SELECT max(object_id) FROM catalogue.sys_tables
    WHERE lower(schema_name || '.' || name) = lower(replace(replace(named, '[', ''), ']', '')))`,
];

export const qualified = ({ schema, name }: ObjectName): string => `${quotedName(schema)}.${quotedName(name)}`;

/** `CREATE TABLE name (columns) WITH (options)`, from behind the name. */
export async function createTable(
  connection: DuckDBConnection,
  object: ObjectName,
  rest: readonly SqlToken[],
): Promise<void> {
  const end = closing(rest, 0);
  const columns = listOf(rest.slice(1, end)).map((column) => columnOf(column));
  checkOptions(rest.slice(end + 1), columns);
  const lines = columns.map(({ name, duckdb, nullable, length }) => {
    const fits = length !== null && length > 0 ? ` CHECK (length(${quotedName(name)}) <= ${length})` : '';
    return `${quotedName(name)} ${duckdb}${nullable ? '' : ' NOT NULL'}${fits}`;
  });
  await connection.run(`CREATE TABLE ${qualified(object)} (${lines.join(', ')})`);
  for (const [i, column] of columns.entries()) await noteColumn(connection, object, column, i + 1);
}

/** The documented rules about distribution and index. */
function checkOptions(tokens: readonly SqlToken[], columns: readonly Column[]): void {
  const text = tokens
    .map(({ value }) => value)
    .join(' ')
    .toUpperCase();
  const hash = /HASH \( (\S+) \)/.exec(text)?.[1];
  if (hash !== undefined && !columns.some(({ name }) => name.toUpperCase() === hash)) {
    throw new SqlError(104_306, `Column '${hash}' specified as the distribution column does not exist.`);
  }
  const rowstore = /\bHEAP\b|\bCLUSTERED INDEX\b/.test(text);
  const large = columns.find(({ length }) => length === -1);
  if (large && !rowstore) {
    const reason = 'has a data type that cannot participate in a columnstore index.';
    throw new SqlError(35_343, `The statement failed. Column '${large.name}' ${reason}`);
  }
}

export async function dropTable(connection: DuckDBConnection, object: ObjectName): Promise<void> {
  await connection.run(`DROP TABLE ${qualified(object)}`);
  await connection.run(`DELETE FROM catalogue.information_schema_columns WHERE ${isObject(object)}`);
}

/** `ALTER TABLE name ADD column`, `ALTER COLUMN column`, `DROP COLUMN column`, from behind the name. */
export async function alterTable(
  connection: DuckDBConnection,
  object: ObjectName,
  rest: readonly SqlToken[],
): Promise<void> {
  const [verb] = rest;
  const added = verb?.word === 'ADD';
  const column = columnOf(rest.slice(added ? 1 : 2), verb?.word === 'DROP');
  const name = quotedName(column.name);
  if (added) {
    await connection.run(`ALTER TABLE ${qualified(object)} ADD COLUMN ${name} ${column.duckdb}`);
  } else {
    const change = verb?.word === 'DROP' ? `DROP COLUMN ${name}` : `ALTER COLUMN ${name} TYPE ${column.duckdb}`;
    await connection.run(`ALTER TABLE ${qualified(object)} ${change}`);
    await connection.run(
      `DELETE FROM catalogue.information_schema_columns WHERE ${isObject(object)} AND column_name = ${quotedText(column.name)}`,
    );
  }
  if (verb?.word !== 'DROP') await noteColumn(connection, object, column, 1000);
}

function columnOf(tokens: readonly SqlToken[], nameOnly = false): Column {
  const [name, type, open, size] = tokens;
  if (!name) throw new SqlError(103_010, 'Parse error: a column is missing.');
  const declared = (type?.value ?? '').toLowerCase();
  const sized = isSign(open, '(') ? (size?.word === 'MAX' ? -1 : Number(size?.value)) : null;
  const at = tokens.findIndex(({ word }) => word === 'COLLATE');
  return {
    name: name.value,
    type: declared,
    duckdb: nameOnly || !type ? '' : duckdbType([type]),
    length: declared.endsWith('char') ? (sized ?? 1) : null,
    precision: declared === 'datetime2' ? (sized ?? 7) : null,
    collation: at === -1 ? null : (tokens[at + 1]?.value ?? null),
    nullable: !tokens.some(({ word }, i) => word === 'NOT' && tokens[i + 1]?.word === 'NULL'),
  };
}

async function noteColumn(
  connection: DuckDBConnection,
  { schema, name }: ObjectName,
  column: Column,
  position: number,
): Promise<void> {
  await connection.run(
    `INSERT INTO catalogue.information_schema_columns VALUES (current_database(), $schema, $table, $column, $position, $nullable, $type, $length, $precision, $collation)`,
    {
      schema,
      table: name,
      column: column.name,
      position,
      nullable: column.nullable ? 'YES' : 'NO',
      type: column.type,
      length: column.length,
      precision: column.precision,
      collation: column.collation,
    },
  );
}

function isObject({ schema, name }: ObjectName): string {
  return `table_schema = ${quotedText(schema)} AND table_name = ${quotedText(name)}`;
}

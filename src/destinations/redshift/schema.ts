import { AppError } from '../../kernel/app-error.ts';
import { quoted } from '../staged-reader.ts';
import { columnsOf } from './catalog.ts';
import type { Connection } from './connection.ts';
import { qualified, type WarehouseColumn, type WarehouseTable } from './sql.ts';

/**
 * Whether the tables are there with columns that can hold what will land in them. Wharf's user may not alter tables:
 * the error says what their owner runs. Columns of the customer are left alone.
 * @throws AppError NOT_FOUND_TABLE, SCHEMA_MISMATCH
 */
export async function checkTables(
  connection: Connection,
  schema: string,
  tables: readonly WarehouseTable[],
): Promise<void> {
  const found = await readColumns(connection, schema, tables);
  const missing = tables.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new AppError('NOT_FOUND_TABLE', {
      summary: `In schema ${schema} there is no table ${missing.join(', ')}.`,
      details: { schema, tables: missing },
    });
  }
  const problems = tables.flatMap((table) => problemsOf(schema, table, found.get(table.name) ?? new Map()));
  if (problems.length === 0) return;
  throw new AppError('SCHEMA_MISMATCH', {
    summary: problems.map(({ what }) => what).join('; '),
    advice: `Run as the owner of the tables: ${problems.map(({ repair }) => repair).join(' ')}`,
    details: { schema, columns: problems.map(({ column }) => column) },
  });
}

/** Types of columns, as Redshift writes them, by table and column. */
async function readColumns(
  connection: Connection,
  schema: string,
  tables: readonly WarehouseTable[],
): Promise<Map<string, Map<string, string>>> {
  const names = tables.map(({ name }) => name);
  const found = new Map<string, Map<string, string>>();
  for (const [table, column, type] of (await connection.run(columnsOf(schema, names))).rows) {
    const columns = found.get(String(table)) ?? new Map<string, string>();
    found.set(String(table), columns.set(String(column), String(type)));
  }
  return found;
}

interface Problem {
  readonly column: string;
  readonly what: string;
  readonly repair: string;
}

function problemsOf(schema: string, table: WarehouseTable, found: ReadonlyMap<string, string>): Problem[] {
  return table.columns.flatMap((column) => {
    const type = found.get(column.name);
    const place = `${table.name}.${column.name}`;
    if (type === undefined) {
      return [{ column: place, what: `${place} is missing`, repair: addColumn(schema, table, column) }];
    }
    if (fits(type, column.type)) return [];
    return [
      { column: place, what: `${place} is ${type}, not ${column.type}`, repair: retype(schema, table, column, type) },
    ];
  });
}

const spellings: Readonly<Record<string, string>> = { TIMESTAMP: 'timestamp without time zone' };

/** A longer VARCHAR than needed is fine. */
function fits(found: string, wanted: string): boolean {
  const wantedBytes = varcharBytes(wanted);
  if (wantedBytes !== null) return (varcharBytes(found) ?? 0) >= wantedBytes;
  return found === (spellings[wanted] ?? wanted.toLowerCase());
}

function varcharBytes(type: string): number | null {
  const bytes = /^(?:varchar|character varying)\((\d+)\)$/i.exec(type)?.[1];
  return bytes === undefined ? null : Number(bytes);
}

function addColumn(schema: string, table: WarehouseTable, { name, type }: WarehouseColumn): string {
  return `ALTER TABLE ${qualified(schema, table.name)} ADD COLUMN ${quoted(name)} ${type};`;
}

/** Redshift changes nothing but the length of a VARCHAR in place; any other column is set aside and made anew. */
function retype(schema: string, table: WarehouseTable, column: WarehouseColumn, found: string): string {
  const target = qualified(schema, table.name);
  if (varcharBytes(found) !== null && varcharBytes(column.type) !== null) {
    return `ALTER TABLE ${target} ALTER COLUMN ${quoted(column.name)} TYPE ${column.type};`;
  }
  const aside = quoted(`${column.name}_old`);
  return `ALTER TABLE ${target} RENAME COLUMN ${quoted(column.name)} TO ${aside}; ${addColumn(schema, table, column)}`;
}

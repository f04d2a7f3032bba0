/** DuckDB under the stand-in: a schema a dataset, named `project.dataset`. */
import { open } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { literal, quoted } from '../../staged-reader.ts';
import { schemaTable, type TableRef } from './translate.ts';
import { VendorError } from './vendor-error.ts';

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
}

interface TableFacts {
  readonly made: number;
  /** Milliseconds since 1970; null for never. */
  readonly expires: number | null;
}

const macros = [
  `bq_now() AS now() AT TIME ZONE 'UTC'`,
  `bq_timestamp(x) AS CAST(x AS TIMESTAMP)`,
  `bq_timestamp_trunc(x, part) AS date_trunc(lower(part), x)`,
  `bq_date(x) AS CAST(x AS DATE)`,
  `bq_unix_seconds(x) AS epoch_us(x) // 1000000`,
  // a number beyond doubles: the first pattern is quick, and almost never holds
  `bq_overflows(x) AS regexp_matches(x, '[0-9][eE]\\+?[0-9]{3}|[0-9]{300}') AND len(list_filter(
     regexp_extract_all(regexp_replace(x, '"(?:[^"\\\\]|\\\\.)*"', '""', 'g'), '-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'),
     lambda n: NOT coalesce(isfinite(TRY_CAST(n AS DOUBLE)), false))) > 0`,
  `bq_safe_parse_json(x) AS CASE WHEN json_valid(x) AND NOT bq_overflows(x) THEN x::JSON END`,
  `bq_parse_json(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(bq_safe_parse_json(x), error('Invalid input to PARSE_JSON')) END`,
  `bq_to_json_string(x) AS CAST(to_json(x) AS VARCHAR)`,
  `bq_json_value(x, path := '$') AS CASE WHEN json_type(x, path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(x, path) END`,
  `bq_json_type(x) AS CASE json_type(x) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array'
     WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END`,
  `bq_string(x) AS json_extract_string(x, '$')`,
  `bq_int64(x) AS CAST(json_extract_string(x, '$') AS BIGINT)`,
  `bq_float64(x) AS CAST(json_extract_string(x, '$') AS DOUBLE)`,
];

const duckTypes: Readonly<Record<string, string>> = {
  INTEGER: 'BIGINT',
  INT64: 'BIGINT',
  FLOAT: 'DOUBLE',
  FLOAT64: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  JSON: 'JSON',
};

const apiTypes: Readonly<Record<string, string>> = {
  BIGINT: 'INTEGER',
  HUGEINT: 'INTEGER',
  INTEGER: 'INTEGER',
  DOUBLE: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  JSON: 'JSON',
};

export function apiType(duckType: string): string {
  return apiTypes[duckType] ?? 'STRING';
}

export class Engine implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #own: DuckDBConnection;
  readonly #facts = new Map<string, TableFacts>();

  private constructor(instance: DuckDBInstance, own: DuckDBConnection) {
    this.#instance = instance;
    this.#own = own;
  }

  static async open(folder: string): Promise<Engine> {
    const instance = await DuckDBInstance.create(`${folder}/bigquery.duckdb`, {
      threads: '2',
      memory_limit: '2GB',
      preserve_insertion_order: 'false',
      temp_directory: `${folder}/spill`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const own = await instance.connect();
    for (const macro of macros) await own.run(`CREATE OR REPLACE MACRO ${macro}`);
    return new Engine(instance, own);
  }

  [Symbol.dispose](): void {
    this.#own.closeSync();
    this.#instance.closeSync();
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return connection;
  }

  async createDataset(projectId: string, dataset: string): Promise<void> {
    await this.#own.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(`${projectId}.${dataset}`)}`);
  }

  async createTable(ref: TableRef, fields: readonly Field[], expires: number | null): Promise<void> {
    const columns = fields.map(
      ({ name, type, mode }) =>
        `${quoted(name)} ${duckTypes[type] ?? 'VARCHAR'}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`,
    );
    await this.#own.run(`CREATE TABLE ${schemaTable(ref)} (${columns.join(', ')})`);
    this.#facts.set(schemaTable(ref), { made: Date.now(), expires });
  }

  async dropTable(ref: TableRef): Promise<void> {
    await this.#own.run(`DROP TABLE IF EXISTS ${schemaTable(ref)}`);
    this.#facts.delete(schemaTable(ref));
  }

  /** Pretends that a table was made at another time. */
  age(ref: TableRef, made: number): void {
    this.#facts.set(schemaTable(ref), { made, expires: null });
  }

  facts(ref: TableRef): TableFacts {
    const known = this.#facts.get(schemaTable(ref)) ?? { made: Date.now(), expires: null };
    this.#facts.set(schemaTable(ref), known);
    return known;
  }

  /** Null when there is no such table, or its time is over. */
  async fields(ref: TableRef): Promise<readonly Field[] | null> {
    const { expires } = this.#facts.get(schemaTable(ref)) ?? { expires: null };
    if (expires !== null && expires < Date.now()) await this.dropTable(ref);
    const found = await this.#own.runAndReadAll(
      `SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE schema_name = $schema AND table_name = $table ORDER BY column_index`,
      { schema: `${ref.projectId}.${ref.dataset}`, table: ref.table },
    );
    if (found.currentRowCount === 0) return null;
    return found.getRows().map(([name, type, nullable]) => ({
      name: String(name),
      type: apiType(String(type)),
      mode: nullable === false ? 'REQUIRED' : 'NULLABLE',
    }));
  }

  async tables(projectId: string, dataset: string): Promise<string[]> {
    const found = await this.#own.runAndReadAll(
      `SELECT table_name FROM duckdb_tables() WHERE schema_name = $schema ORDER BY 1`,
      { schema: `${projectId}.${dataset}` },
    );
    return found.getRows().map(([name]) => String(name));
  }

  async count(ref: TableRef): Promise<bigint> {
    const result = await this.#own.runAndReadAll(`SELECT count(*) FROM ${schemaTable(ref)}`);
    return result.getRows()[0]?.[0] as bigint;
  }

  /** Loads newline-delimited JSON, gzip or not, in place of what the table holds or added to it. Resolves to the rows. */
  async load(
    connection: DuckDBConnection,
    ref: TableRef,
    path: string,
    fields: readonly Field[],
    truncate: boolean,
  ): Promise<number> {
    const columns = fields.map(({ name }) => `${quoted(name)}: 'VARCHAR'`).join(', ');
    const source = `read_json(${literal(path)}, format = 'newline_delimited', compression = '${await compressionOf(path)}', columns = {${columns}}, maximum_object_size = 134217728, ignore_errors = false)`;
    const values = fields.map((field) => loadedValue(field)).join(', ');
    await connection.run('BEGIN');
    try {
      if (truncate) await connection.run(`DELETE FROM ${schemaTable(ref)}`);
      const names = fields.map(({ name }) => quoted(name)).join(', ');
      const { rowsChanged } = await connection.run(
        `INSERT INTO ${schemaTable(ref)} (${names}) SELECT ${values} FROM ${source}`,
      );
      await connection.run('COMMIT');
      return rowsChanged;
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw loadError(error);
    }
  }
}

/** Of a file whose name does not tell. */
async function compressionOf(path: string): Promise<'gzip' | 'uncompressed'> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? 'gzip' : 'uncompressed';
  } finally {
    await file.close();
  }
}

function loadedValue({ name, type, mode }: Field): string {
  const text = quoted(name);
  const failed = `error('JSON parsing error in row starting at position 0: Could not parse ''' || ${text} || ''' as ${type} for field ${name}')`;
  const cast: Readonly<Record<string, string>> = {
    INTEGER: `coalesce(TRY_CAST(CASE WHEN regexp_full_match(${text}, '-?[0-9]+') THEN ${text} END AS BIGINT), ${failed})`,
    TIMESTAMP: `coalesce(TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC', ${failed})`,
    BOOLEAN: `CASE WHEN ${text} IN ('true', 'false') THEN ${text} = 'true' ELSE ${failed} END`,
  };
  const missing = mode === 'REQUIRED' ? `error('JSON parsing error: Missing required field: ${name}.')` : 'NULL';
  return `CASE WHEN ${text} IS NULL THEN ${missing} ELSE ${cast[type] ?? text} END`;
}

/** What DuckDB says about a file as BigQuery says it. */
function loadError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const [, told] = /^Invalid Input Error: (JSON parsing error[^\n]*)/.exec(message) ?? [];
  const [, where] = /Malformed JSON .*, at byte (\d+) in line/.exec(message) ?? [];
  if (!told && !where && !/GZIP|Malformed|Invalid Input|Conversion/i.test(message)) return error;
  const words =
    told ?? `JSON parsing error in row starting at position ${where ?? 0}: Parser terminated before end of string`;
  return new VendorError(400, 'invalid', `Error while reading data, error message: ${words}`);
}

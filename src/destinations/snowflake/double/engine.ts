/** DuckDB underneath: one database file for each of Snowflake's, one connection a session. */
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../identifiers.ts';

/** Functions that Snowflake has and DuckDB calls differently. */
const macros = [
  `convert_timezone(zone, moment) AS timezone(zone, moment)`,
  `strip_null_value(document) AS CASE WHEN document::VARCHAR = 'null' THEN NULL ELSE document END`,
  `parse_json(document) AS document::JSON`,
  `sysdate() AS timezone('UTC', now())`,
  `to_char(moment, format) AS strftime(moment, replace(replace(replace(replace(replace(replace(replace(replace(format,
     '"', ''), 'YYYY', '%Y'), 'MM', '%m'), 'DD', '%d'), 'HH24', '%H'), 'MI', '%M'), 'SS', '%S'), 'FF6', '%f'))`,
];

export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #folder: string;
  readonly #own: DuckDBConnection;
  #files = 0;

  private constructor(instance: DuckDBInstance, folder: string, own: DuckDBConnection) {
    this.#instance = instance;
    this.#folder = folder;
    this.#own = own;
  }

  static async open(folder: string): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '2GB',
      temp_directory: folder,
    });
    return new Engine(instance, folder, await instance.connect());
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    for (const macro of macros) await connection.run(`CREATE OR REPLACE TEMP MACRO ${macro}`);
    return connection;
  }

  /** Makes or drops a database, or a schema in one. */
  async change(verb: 'CREATE' | 'DROP', database: string, schema: string | null): Promise<void> {
    if (schema !== null) {
      await this.#own.run(`${verb} SCHEMA ${quoted(database)}.${quoted(schema)}${verb === 'DROP' ? ' CASCADE' : ''}`);
    } else if (verb === 'CREATE') {
      const file = join(this.#folder, `database-${this.#files++}.duckdb`);
      await this.#own.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${quoted(database)}`);
      await this.#own.run(`CREATE SCHEMA ${quoted(database)}.PUBLIC`);
    } else {
      await this.#own.run(`DETACH ${quoted(database)}`);
    }
  }

  async tableExists(parts: readonly string[]): Promise<boolean> {
    const found = await this.#own.runAndReadAll(
      `SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = ?`,
      [...parts],
    );
    return found.currentRowCount > 0;
  }

  /** Names, types and whether they take NULL, in order. */
  async columns(parts: readonly string[]): Promise<readonly { name: string; type: string; nullable: boolean }[]> {
    const found = await this.#own.runAndReadAll(
      `SELECT column_name, data_type, is_nullable FROM duckdb_columns()
       WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index`,
      [...parts],
    );
    return found.getRows().map(([name, type, nullable]) => ({
      name: String(name),
      type: String(type),
      nullable: nullable === true,
    }));
  }

  close(): void {
    this.#own.closeSync();
    this.#instance.closeSync();
  }
}

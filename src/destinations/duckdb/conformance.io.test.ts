import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { sealDestination } from '../seal.ts';
import { conformance } from '../testing/conformance.ts';
import { readRows } from '../testing/duckdb-rows.ts';
import type { Rig } from '../testing/rig.ts';
import { createDuckdb } from './duckdb.ts';

const duckdb = createDuckdb();

conformance('DuckDB', async (): Promise<Rig> => {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-duckdb-'));
  const path = join(folder, 'warehouse.duckdb');

  /** As another program would see the file between runs. */
  async function inspect<T>(look: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    try {
      return await look(connection);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  const exists = async (): Promise<boolean> => (await readdir(folder)).includes('warehouse.duckdb');

  return {
    kind: 'duckdb',
    destination: sealDestination(duckdb),
    settings: { name: 'Local', path },
    brokenSettings: { name: 'Local', path: join(folder, 'missing folder', 'warehouse.duckdb') },
    secrets: [],
    readBack: async (table) => {
      if (!(await exists())) return [];
      return inspect(async (connection) => {
        const made = await connection.runAndReadAll('SELECT 1 FROM duckdb_tables() WHERE table_name = $name', {
          name: table.name,
        });
        return made.currentRowCount === 0 ? [] : readRows(connection, table, table.name);
      });
    },
    inventory: async () => {
      if (!(await exists())) return [];
      return inspect(async (connection) => {
        const names = ['_wharf_ledger', '_wharf_tombstone', 'klaviyo_event', 'klaviyo_metric', 'klaviyo_profile'];
        const made = await connection.runAndReadAll(`SELECT table_name FROM duckdb_tables() ORDER BY 1`);
        const counts = [];
        for (const name of names.filter((each) => made.getRows().some(([found]) => found === each))) {
          counts.push([name, (await connection.runAndReadAll(`SELECT count(*) FROM ${name}`)).getRowsJson()]);
        }
        return [await readdir(folder), counts];
      });
    },
    isReleased: async () => (await readdir(folder)).join() === 'warehouse.duckdb',
    drift: async (table, column, how) => {
      const change = how === 'drop' ? `DROP COLUMN ${column}` : `ALTER COLUMN ${column} SET DATA TYPE VARCHAR`;
      await inspect((connection) => connection.run(`ALTER TABLE ${table.name} ${change}`));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
});

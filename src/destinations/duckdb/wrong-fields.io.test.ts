import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sealDestination } from '../seal.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import { createDuckdb } from './duckdb.ts';
import { wrongFields, type DuckdbBench } from './wrong-fields.ts';

const holder = `import { DuckDBInstance } from '@duckdb/node-api';
  const instance = await DuckDBInstance.create(process.argv[1]);
  await instance.connect();
  console.log('open');
  process.stdin.resume();`;

async function openBench(): Promise<DuckdbBench> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-duckdb-'));
  const path = join(folder, 'warehouse.duckdb');
  let other: ChildProcess | null = null;
  return {
    destination: sealDestination(createDuckdb({ folder })),
    folder,
    settings: { name: 'Local', path },
    run: async (...statements) => {
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      try {
        for (const statement of statements) await connection.run(statement);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    hold: async () => {
      other = spawn(process.execPath, ['--input-type=module', '-e', holder, path], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      if (other.stdout) await once(other.stdout, 'data');
    },
    make: async (name, content) => {
      const made = join(folder, name);
      await (content === 'folder' ? mkdir(made) : writeFile(made, content));
      return made;
    },
    [Symbol.asyncDispose]: async () => {
      if (other) {
        const gone = once(other, 'exit');
        other.kill('SIGKILL');
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

proveWrongFields('DuckDB', openBench, wrongFields);

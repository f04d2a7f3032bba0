import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyStaged } from './staged-copy.ts';
import { literal } from './staged-reader.ts';
import { profileTable } from './tables.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-copy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Profiles whose properties have these sizes, staged. */
async function stage(name: string, sizes: readonly number[]): Promise<string> {
  const lines = sizes.map((size, i) => {
    const fields = profileTable.columns.map((column) => {
      if (column.name === 'id') return `P${i}`;
      if (column.name === 'properties') return `{"n":"${'x'.repeat(size - 8)}"}`;
      return column.name === '_change_number' ? String(i + 1) : '';
    });
    return `${[...fields, 'false'].join('\t')}\n`;
  });
  const path = join(folder, `${name}.csv.gz`);
  await writeFile(path, gzipSync(lines.join('')));
  return path;
}

function copyTo(path: string) {
  return (source: string): string => `COPY (SELECT id, properties FROM ${source}) TO ${literal(path)} (FORMAT parquet)`;
}

/** Sizes of the properties in a Parquet file, by id. */
async function sizesIn(path: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const query = `SELECT strlen(properties)::INTEGER FROM ${literal(path)} ORDER BY substr(id, 2)::INTEGER`;
  const rows = (await connection.runAndReadAll(query)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows.map(([size]) => size);
}

const long = [900_000, 1_048_400, 1_048_600, 1_500_000, 2_097_000, 2_097_200, 3_000_000, 5_000_000];

const short = Array<number>(3000).fill(500);
const places: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['alone', [], []],
  ['first', [], short],
  ['last', short, []],
  ['between', short, short],
];

describe.each(places)('%s', (place, before, after) => {
  test.each(long)('a row of %i bytes arrives whole', async (size) => {
    const sizes = [...before, size, ...after];
    const to = join(folder, `${place}-${size}.parquet`);
    const options = { rows: sizes.length, spill: folder, signal: new AbortController().signal };
    const path = await stage(`${place}-${size}`, sizes);
    expect(await copyStaged(profileTable, [path], copyTo(to), options)).toBe(sizes.length);
    expect(await sizesIn(to)).toEqual(sizes);
  });
});

test('a copy that fails, and one that is aborted while it waits, let the next one have its turn', async () => {
  const path = await stage('few', [100, 200]);
  const to = join(folder, 'few.parquet');
  const signal = new AbortController().signal;
  const missing = copyStaged(profileTable, [join(folder, 'none.csv.gz')], copyTo(to), { spill: folder, signal });
  const aborted = copyStaged(profileTable, [path], copyTo(to), { spill: folder, signal: AbortSignal.abort() });
  const good = copyStaged(profileTable, [path], copyTo(to), { spill: folder, signal });
  const outcomes = await Promise.allSettled([missing, aborted, good]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await sizesIn(to)).toEqual([100, 200]);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const table = readFileSync(join(root, 'docs/coverage.md'), 'utf8');

/** Cells hold `file`: name, several of them with a break between. */
const named = [...table.matchAll(/`([\w./-]+\.test\.ts)`: (.+?)(?=<br>| \||; and `)/g)].map(
  ([, file = '', name = '']) => [file, name] as const,
);

test('every file named in docs/coverage.md is there, and the test in it', () => {
  const gone = named.filter(([file, name]) => {
    const path = join(root, file);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(name);
  });
  expect(named.length).toBeGreaterThan(50);
  expect(gone).toEqual([]);
});

test('every item of docs/coverage.md names a test', () => {
  const items = table.split('\n').filter((line) => /^\| (?!item|---)/.test(line));
  expect(items.filter((line) => !line.includes('.test.ts`: '))).toEqual([]);
});

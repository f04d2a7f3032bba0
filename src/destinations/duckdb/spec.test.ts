import { expect, test } from 'vitest';
import { setup } from './setup.ts';
import { duckdbSpec } from './spec.ts';

const spec = duckdbSpec(null);

test('the set-up text shows the tables', () => {
  expect(setup({ path: '/var/lib/wharf/warehouse.duckdb' })).toMatchSnapshot();
});

test('a typed path cannot break out of the comment', () => {
  expect(setup({ path: '/a\nDROP TABLE x;' }).text).toContain('-- /a DROP TABLE x;\n');
});

test.each([
  '',
  'warehouse.duckdb',
  '../w.duckdb',
  '/etc/passwd',
  '/data/w.duckdb\0.txt',
  `/${'x'.repeat(1000)}.duckdb`,
])('refuses the path %j', (path) => {
  const issues = spec.settings.safeParse({ name: 'Local', path }).error?.issues ?? [];
  expect(new Set(issues.map((issue) => issue.path.join('.')))).toEqual(new Set(['path']));
});

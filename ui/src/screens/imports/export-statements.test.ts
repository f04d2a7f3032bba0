import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportStatements } from './export-statements.ts';

const guide = await readFile(join(import.meta.dirname, '../../../../docs/imports.md'), 'utf8');

test.each(Object.entries(exportStatements))('the statement for %s is the one of the guide', (warehouse, statement) => {
  const section = guide.split('\n**').find((part) => part.startsWith(`${warehouse}.**`));
  expect(section).toContain(`\n${statement}\n\`\`\``);
});

test('no warehouse of the guide is left out', () => {
  const exporting = guide.slice(guide.indexOf('**Snowflake.**'));
  const named = [...exporting.matchAll(/^\*\*(.+?)\.\*\*/gm)].map((found) => found[1]);
  expect(Object.keys(exportStatements)).toEqual(named);
});

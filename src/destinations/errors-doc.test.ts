import { expect, test } from 'vitest';
import { errorCodes } from '../kernel/app-error.ts';
import { errorsMarkdown } from './errors-doc.ts';

test('the page names every code and keeps its tables whole', () => {
  const page = errorsMarkdown();
  for (const code of Object.keys(errorCodes)) expect(page).toContain(`| \`${code}\` |`);
  const widths = page.split('\n\n').map((block) => {
    const rows = block.split('\n').filter((line) => line.startsWith('|'));
    return new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length)).size;
  });
  expect(Math.max(...widths)).toBe(1);
  expect(page).toContain('text like `Could not set lock on file`');
});

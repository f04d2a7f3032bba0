import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatedDocs } from '../scripts/generated-docs.ts';

test.for(Object.entries(generatedDocs()))(
  'docs/%s is what the code says; else run npm run docs',
  async ([file, text]) => {
    expect(await readFile(new URL(`../docs/${file}`, import.meta.url), 'utf8')).toBe(text);
  },
);

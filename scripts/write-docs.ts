/* `npm run docs`: writes the documents that are made from code. Tests hold each against its source, so none can drift. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';

const docs = join(import.meta.dirname, '..', 'docs');

for (const [file, text] of Object.entries(generatedDocs())) {
  await writeFile(join(docs, file), text);
  console.log(`docs/${file}`);
}

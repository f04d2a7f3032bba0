/* The lock file must name the builds of every platform: with one left out, `npm ci` refuses to start on all of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = await readFile(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Entry>> };

const missing = Object.entries(packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {}).filter(
    (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
  ),
);
for (const name of missing) console.log(`package-lock.json lacks ${name}`);
process.exitCode = missing.length === 0 ? 0 : 1;

// `npm ci` ends with this: the pages are built where what builds them is installed. Plain JavaScript, for Node 20.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(`${root}node_modules/vite`) && existsSync(`${root}ui/vite.config.ts`)) {
  const { build } = await import('vite');
  await build({ root: `${root}ui`, configFile: `${root}ui/vite.config.ts`, logLevel: 'warn' });
} else {
  process.stderr.write('The web app is not built: its tools are not installed.\n');
}

/** How much script a browser fetches before the Syncing page can be used. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, onTestFinished, test, vi } from 'vitest';

const root = join(import.meta.dirname, '../../ui');
const limitBytes = 250_000;
const screens = ['app/shell.tsx', 'screens/syncing/syncing.tsx'];

test('the first load of the Syncing page is small, and holds no charts', async () => {
  const chunks = await builtChunks();
  const first = new Set(firstLoad(chunks));
  const sizes = [...first].map((file) => gzipSync(chunkOf(chunks, file).code).length);
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(limitBytes);
  const modules = [...first].flatMap((file) => chunkOf(chunks, file).moduleIds);
  expect(modules.some((id) => id.endsWith('ui/src/screens/syncing/syncing.tsx'))).toBe(true);
  expect(modules.filter((id) => /node_modules\/(recharts|@mantine\/charts)\//.test(id))).toEqual([]);
}, 120_000);

type Chunks = readonly Rolldown.OutputChunk[];

/** As they are shipped, but kept in memory. */
async function builtChunks(): Promise<Chunks> {
  vi.stubEnv('NODE_ENV', 'production');
  onTestFinished(() => void vi.unstubAllEnvs());
  const built = await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false, emptyOutDir: false },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output.filter((file) => file.type === 'chunk');
}

/** The entry, the two screens, and whatever those import before they run. */
function firstLoad(chunks: Chunks): Set<string> {
  const found = new Set<string>();
  const add = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    chunkOf(chunks, file).imports.forEach(add);
  };
  for (const { fileName, isEntry, facadeModuleId } of chunks) {
    if (isEntry || screens.some((screen) => facadeModuleId?.endsWith(`ui/src/${screen}`))) add(fileName);
  }
  return found;
}

function chunkOf(chunks: Chunks, file: string): Rolldown.OutputChunk {
  const chunk = chunks.find(({ fileName }) => fileName === file);
  if (!chunk) throw new Error(`${file} was not built`);
  return chunk;
}

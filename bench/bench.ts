/* `npm run bench -- <name>`: runs one benchmark and ends with one line of JSON. */
import { cpus } from 'node:os';
import { standInKinds } from '../src/destinations/stand-in/process.ts';
import type { BenchResult } from './rig.ts';

const benches: Record<string, () => Promise<{ run: () => Promise<BenchResult> }>> = {
  stage: () => import('./stage.ts'),
  'export-duckdb': () => import('./export-duckdb.ts'),
  ...Object.fromEntries(['s3', ...standInKinds()].map((kind) => [`export-${kind}`, () => exportTo(kind)])),
  'export-redshift-insert': async () => {
    const { exportToStandIn, withoutBucket } = await import('./export-stand-in.ts');
    return { run: () => exportToStandIn('redshift', 'redshift-insert', withoutBucket) };
  },
  incremental: () => import('./incremental.ts'),
  ingest: () => import('./ingest.ts'),
  import: () => import('./import.ts'),
  sftp: () => import('./sftp.ts'),
};

async function exportTo(kind: string) {
  const { exportToStandIn } = await import('./export-stand-in.ts');
  return { run: () => exportToStandIn(kind) };
}

const name = process.argv[2] ?? '';
const load = benches[name];
if (!load) {
  console.error(`npm run bench -- <name>, where name is one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  const { run } = await load();
  const result = await run();
  const model = cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpus().length} cores, ${model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
  console.log(JSON.stringify(result));
}

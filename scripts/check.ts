/* `npm run check`: everything that needs no server, under a minute. Prints each step's time, and its output when it fails. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', 'node_modules', '.bin');
const folders = ['src', 'ui/src', 'tests', 'bench', 'examples', 'scripts', 'vitest.config.ts'];

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', join(bin, 'oxfmt'), '--check', ...folders],
  ['lint', join(bin, 'oxlint'), '--deny-warnings', ...folders],
  ['types', join(bin, 'tsc'), '-p', '.'],
  ['types of the web app', join(bin, 'tsc'), '-p', 'ui'],
  ['lock file', process.execPath, join(import.meta.dirname, 'check-lock.ts')],
  ['unit', join(bin, 'vitest'), 'run', '--project', 'unit'],
];

let failed = 0;
for (const [name, command, ...args] of steps) {
  const started = Date.now();
  const { code, output } = await run(command, args);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) {
    failed += 1;
    console.log(output);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => done({ code, output }));
  });
}

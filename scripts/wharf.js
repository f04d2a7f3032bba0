#!/usr/bin/env node
// Starts the command line under a Node that reads TypeScript: this one, or the one npm installed beside us.
// Plain JavaScript, and nothing newer than Node 20 knows.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const [major = 0] = process.versions.node.split('.').map(Number);

if (major >= 24) {
  await import('../src/cli.ts');
} else {
  const node = installedNode();
  if (node === null) {
    process.stderr.write(
      `Error: wharf needs Node 24; this is ${process.version}.\nWhat to do: run npm ci, or install Node 24.\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The path of the newer Node, from whichever package has it for this platform; null without one. */
function installedNode() {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
      return join(dirname(manifest), typeof bin === 'string' ? bin : (bin?.node ?? 'bin/node'));
    } catch {
      // not this one
    }
  }
  return null;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStandInScript } from './process.ts';

let folder: string;
let script: URL;

/** A stand-in of nothing: its warehouses have numbers, and say where its folder is. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-stand-in-test-'));
  script = pathToFileURL(join(folder, 'nothing.ts'));
  const run = new URL('run.ts', import.meta.url).href;
  await writeFile(
    script,
    `import { runStandIn } from '${run}';
     await runStandIn(async ({ calls, folder }) => {
       let made = 0;
       calls.add({ label: 'begun', bytesReceived: 0, milliseconds: 1 });
       return {
         options: { endpoints: { snowflake: 'http://127.0.0.1:1' } },
         notes: ['nothing to see'],
         createWarehouse: async () => ({ number: (made += 1), folder }),
         [Symbol.asyncDispose]: async () => undefined,
       };
     });`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a stand-in is steered over its control port, and leaves nothing when it is ended', async () => {
  let own: string;
  let ended: Promise<void>;
  {
    await using standIn = await startStandInScript(script);
    ended = standIn.ended;
    own = String(standIn.settings['folder']);
    expect(standIn).toMatchObject({
      settings: { number: 1 },
      notes: ['nothing to see'],
      environment: { WHARF_SNOWFLAKE_ENDPOINT: 'http://127.0.0.1:1' },
    });
    expect(await standIn.createWarehouse()).toMatchObject({ number: 2 });
    expect(await standIn.calls()).toMatchObject([{ label: 'begun' }]);
    await standIn.clearCalls();
    expect(await standIn.calls()).toEqual([]);
    await standIn.addFault({ match: 'x', does: { kind: 'hang' } });
    await standIn.clearFaults();
    await expect(standIn.addFault({ match: '(', does: { kind: 'hang' } })).rejects.toThrow('POST /faults');
    await access(own);
  }
  await ended;
  await expect(access(own)).rejects.toThrow('ENOENT');
});

test('it ends with whoever started it, whatever ended that one, and not before', async ({ signal }) => {
  const starterModule = new URL('process.ts', import.meta.url).href;
  const starter = `import { startStandInScript } from '${starterModule}';
    const { pid, settings } = await startStandInScript(new URL('${script.href}'));
    process.on('SIGINT', () => console.log('interrupted'));
    console.log(JSON.stringify({ pid, folder: settings.folder }));`;
  // a group of its own, as a terminal makes one
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', starter], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const standIn = JSON.parse(line) as { pid: number; folder: string };
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await once(lines, 'line');
  await access(standIn.folder);
  child.kill('SIGKILL');
  // nobody tells of the end of another's child
  while (isAlive(standIn.pid)) await setTimeout(20, undefined, { signal });
  await expect(access(standIn.folder)).rejects.toThrow('ENOENT');
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('one that cannot start is named', async () => {
  const broken = pathToFileURL(join(folder, 'broken.ts'));
  await writeFile(broken, 'process.exit(3);');
  await expect(startStandInScript(broken)).rejects.toThrow('broken.ts ended before it was ready');
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { standInKinds } from '../destinations/stand-in/process.ts';

const program = join(import.meta.dirname, '../../scripts/wharf.js');

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, 'standin', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[code: number | null]>;
  return { child, code: ended.then(([code]) => code), err: text(child.stderr) };
}

test('without a kind, the kinds are listed; an unknown one is refused with them, a port that is none too', async () => {
  const listed = start();
  expect(await text(listed.child.stdout)).toBe(
    standInKinds()
      .map((kind) => `${kind}\n`)
      .join(''),
  );
  expect(await listed.code).toBe(0);
  for (const args of [['oracle'], ['snowflake', '--port', '70000']]) {
    const refused = start(...args);
    expect(await refused.code).toBe(2);
    expect(await refused.err).toMatch(/^Error: .+\nWhat to do: .+/);
  }
});

test.for(standInKinds())(
  'a stand-in for %s says how to connect, stays until Ctrl-C, and leaves nothing running',
  async (kind) => {
    const { child, code, err } = start(kind, '--json');
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.endsWith('}\n')) break;
    }
    const ready = JSON.parse(said) as { kind: string; settings: object; notes: string[]; control: string };
    expect(ready).toMatchObject({ kind, settings: { name: expect.any(String) }, notes: expect.any(Array) });
    expect((await fetch(`${ready.control}/calls`)).status).toBe(200);
    child.kill('SIGINT');
    expect([await code, await err]).toEqual([0, '']);
    await expect(fetch(`${ready.control}/calls`)).rejects.toThrow('fetch failed');
  },
);

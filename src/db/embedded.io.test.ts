import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from './database.ts';
import { EmbeddedPostgres } from './embedded.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-embedded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('data survives a stop, and a start beside a server left by a killed parent', async () => {
  const dataDir = join(folder, 'survives');
  {
    await using server = await EmbeddedPostgres.start({ dataDir });
    await using database = new Database(server.url);
    await database.query('create table kept as select 7 as n');
  }
  const script = `
    import { EmbeddedPostgres } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
    await EmbeddedPostgres.start({ dataDir: ${JSON.stringify(dataDir)} });
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((done) => parent.stdout.once('data', done));
  parent.kill('SIGKILL');
  await new Promise((done) => parent.once('exit', done));

  await using server = await EmbeddedPostgres.start({ dataDir });
  await using database = new Database(server.url);
  const { rows } = await database.query<{ n: number }>('select n from kept');
  expect(rows).toEqual([{ n: 7 }]);
});

test.runIf(process.getuid?.() === 0)(
  'root below a private folder: the data moves to where the server can reach it',
  async () => {
    const home = join(folder, 'private');
    await mkdir(home);
    await chmod(home, 0o700);
    const dataDir = join(home, 'data');
    let moved = '';
    try {
      await using server = await EmbeddedPostgres.start({ dataDir, volatile: true });
      await using database = new Database(server.url);
      const { rows } = await database.query<{ data_directory: string }>('show data_directory');
      moved = rows[0]?.data_directory ?? '';
      expect(moved.startsWith('/var/lib/wharf/')).toBe(true);
      expect(await readFile(join(dataDir, 'MOVED.txt'), 'utf8')).toContain(moved.replace(/\/data$/, ''));
    } finally {
      if (moved) await rm(moved.replace(/\/data$/, ''), { recursive: true, force: true });
    }
  },
);

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalStage } from './stage-local.ts';

const { signal } = new AbortController();
const content = Buffer.from('compressed bytes '.repeat(100_000));
const sha256 = createHash('sha256').update(content).digest('hex');
const file = { name: '1-run-00000-1.jsonl.gz', rows: 3, bytes: content.length, sha256 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-stage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what is written is read back, listed by age and removed', async () => {
  const stage = new LocalStage(join(folder, 'staged'));
  expect(await stage.has(file)).toBe(false);
  expect(await stage.write(file.name, Readable.from([content]), signal)).toEqual({ bytes: file.bytes, sha256 });
  expect(await stage.has(file)).toBe(true);
  expect(await buffer(await stage.open(file))).toEqual(content);
  const names = async (olderThan: Date): Promise<string[]> => {
    const found: string[] = [];
    for await (const name of stage.list(olderThan)) found.push(name);
    return found;
  };
  expect(await names(new Date(Date.now() + 60_000))).toEqual([file.name]);
  expect(await names(new Date(Date.now() - 60_000))).toEqual([]);
  await writeFile(join(folder, 'staged', 'killed.part'), 'half');
  await stage.remove([file.name, 'killed', 'never-there']);
  expect(await readdir(join(folder, 'staged'))).toEqual([]);
});

test('a writer that fails or is stopped leaves nothing behind', async () => {
  const stage = new LocalStage(folder);
  const broken = Readable.from(
    (function* () {
      yield content;
      throw new Error('the source broke');
    })(),
  );
  await expect(stage.write(file.name, broken, signal)).rejects.toThrow('the source broke');
  await expect(stage.write(file.name, Readable.from([content]), AbortSignal.abort())).rejects.toThrow('aborted');
  expect(await readdir(folder)).toEqual([]);
});

test('a missing file, a short one and one with other bytes are told apart', async () => {
  const stage = new LocalStage(folder);
  await expect(stage.open(file)).rejects.toMatchObject({ code: 'LOAD_FILE_MISSING' });
  await stage.write(file.name, Readable.from([content]), signal);
  await writeFile(join(folder, file.name), Buffer.alloc(content.length));
  await expect(buffer(await stage.open(file))).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  await expect(stage.localPath(file, signal)).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  await truncate(join(folder, file.name), 10);
  await expect(stage.localPath(file, signal)).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
});

test('a folder that cannot be written is named with what to do', async () => {
  await writeFile(join(folder, 'taken'), 'a file where the folder should be');
  const stage = new LocalStage(join(folder, 'taken'));
  await expect(stage.write(file.name, Readable.from([content]), signal)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: 'The staging folder cannot be written.',
  });
});

test('no name leads out of the folder', async () => {
  const stage = new LocalStage(join(folder, 'staged'));
  await stage.write('../../outside', Readable.from([content]), signal);
  expect(await readdir(folder)).toEqual(['staged']);
});

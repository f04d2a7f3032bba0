import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BucketImportFiles } from './files-bucket.ts';
import { LocalImportFiles, storedName, type ImportFiles } from './files.ts';

const { signal } = new AbortController();
const content = Buffer.from('Email\n'.padEnd(700_000, 'x'));

let server: FauxqsServer;
let folder: string;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  server.createBucket('uploads');
  folder = await mkdtemp(join(tmpdir(), 'wharf-files-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function inBucket(bucket = 'uploads'): ImportFiles {
  const endpoint = `http://127.0.0.1:${server.port}`;
  const keys = { accessKeyId: 'key', secretAccessKey: 'a-very-secret-key' };
  return new BucketImportFiles({ bucket, prefix: 'wharf-imports', region: 'us-east-1', endpoint, ...keys });
}

async function upload(): Promise<string> {
  const path = join(folder, 'upload');
  await writeFile(path, content);
  return path;
}

async function read(files: ImportFiles, name: string, from: number, to: number | null): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of files.read(name, from, to, signal)) blocks.push(block);
  return Buffer.concat(blocks);
}

describe.each([
  ['a folder', () => new LocalImportFiles(join(folder, 'kept'))],
  ['a bucket', () => inBucket()],
] as const)('%s', (_, open) => {
  test('keeps a file whatever becomes of the upload, and gives any part of it', async () => {
    const files = open();
    const path = await upload();
    const name = storedName(7, 'upload/1');
    await files.keep(name, path);
    await files.keep(name, path);
    await rm(path);
    expect(await read(files, name, 0, null)).toEqual(content);
    expect(await read(files, name, 5, 12)).toEqual(content.subarray(5, 12));
    expect(await read(files, name, 600_000, null)).toEqual(content.subarray(600_000));
    expect(await read(files, name, content.length, null)).toHaveLength(0);
    expect(await read(files, name, 3, 3)).toHaveLength(0);
    const names: string[] = [];
    for await (const one of files.list(new Date(Date.now() + 60_000))) names.push(one);
    expect(names).toEqual([name]);
    await files.remove([name, 'never there']);
    await expect(read(files, name, 0, null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('trouble with the store is worth another try, and tells no secret', async () => {
  const failure = inBucket('nowhere').keep('1-x.csv', await upload());
  await expect(failure).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(failure).rejects.not.toThrow('a-very-secret-key');
  const file = join(folder, 'no folder');
  await writeFile(file, '');
  const local = new LocalImportFiles(file).keep('1-x.csv', await upload());
  await expect(local).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('names of uploads lead nowhere', () => {
  expect(storedName(7, '../../etc/passwd')).toMatch(/^7-[0-9a-f]{40}\.csv$/);
  expect(storedName(7, 'a')).not.toBe(storedName(7, 'b'));
});

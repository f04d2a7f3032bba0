import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BucketStage } from './stage-bucket.ts';

const { signal } = new AbortController();
// more than two parts of a multipart upload
const content = randomBytes(20_000_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const file = { name: '1-run-00000-1.jsonl.gz', rows: 3, bytes: content.length, sha256 };

let server: FauxqsServer;
let tempDir: string;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  server.createBucket('staging');
  tempDir = await mkdtemp(join(tmpdir(), 'wharf-bucket-'));
});
afterAll(async () => {
  await server.stop();
  await rm(tempDir, { recursive: true, force: true });
});

function bucketStage(bucket = 'staging'): BucketStage {
  const endpoint = `http://127.0.0.1:${server.port}`;
  const keys = { accessKeyId: 'key', secretAccessKey: 'a-very-secret-key' };
  return new BucketStage({ bucket, prefix: '/wharf/', region: 'us-east-1', endpoint, ...keys, tempDir });
}

test('one worker writes, another reads, copies to its disk, lists and removes', async () => {
  expect(await bucketStage().write(file.name, Readable.from([content]), signal)).toEqual({ bytes: file.bytes, sha256 });
  const other = bucketStage();
  expect(await other.has(file, signal)).toBe(true);
  expect(await buffer(await other.open(file, signal))).toEqual(content);
  const path = await other.localPath(file, signal);
  expect(await other.localPath(file, signal)).toBe(path);
  const names: string[] = [];
  for await (const name of other.list(new Date(Date.now() + 60_000))) names.push(name);
  expect(names).toEqual([file.name]);
  await other.remove([file.name]);
  expect(await other.has(file, signal)).toBe(false);
  expect(await readdir(tempDir)).toEqual([]);
});

test('missing files, other bytes and a missing bucket are told apart; no key is in the words', async () => {
  const stage = bucketStage();
  await expect(stage.open(file, signal)).rejects.toMatchObject({ code: 'LOAD_FILE_MISSING' });
  await stage.write('other', Readable.from([content]), signal);
  const damaged = { ...file, name: 'other', sha256: sha256.replace(/^./, 'x') };
  await expect(buffer(await stage.open(damaged, signal))).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  await expect(stage.localPath(damaged, signal)).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  const failure = bucketStage('nowhere').write(file.name, Readable.from([content]), signal);
  await expect(failure).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(failure).rejects.not.toThrow('a-very-secret-key');
});

test('a source that breaks leaves no file', async () => {
  const stage = bucketStage();
  const broken = Readable.from(
    (function* () {
      yield content;
      throw new Error('the source broke');
    })(),
  );
  await expect(stage.write('broken', broken, signal)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await stage.has({ ...file, name: 'broken' }, signal)).toBe(false);
});

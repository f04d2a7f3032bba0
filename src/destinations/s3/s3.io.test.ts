import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import type { StagedFile } from '../destination.ts';
import { eventTable } from '../tables.ts';
import { listKeys } from '../testing/bucket-rows.ts';
import { stagedBatch, stagedLine, stageFile } from '../testing/staged-batch.ts';
import { s3 } from './s3.ts';
import type { S3Settings } from './spec.ts';

const log = createLogger('silent');
const signal = new AbortController().signal;
const credentials = { accessKeyId: 'AKIAWHARFTEST', secretAccessKey: 'wharf-test-secret-access-key' };
const folderKey = 'klaviyo_event/dt=2026-03-29/hour=01/batch=b1/';

let server: FauxqsServer;
let client: S3Client;
let settings: S3Settings;
let folder: string;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-s3-'));
  const endpoint = `http://127.0.0.1:${server.port}`;
  settings = {
    name: 'Lake',
    bucket: 'lake',
    region: 'us-east-1',
    prefix: '',
    format: 'jsonl',
    endpoint,
    ...credentials,
  };
  server.createBucket('lake');
  server.emptyBucket('lake');
  client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
});
afterEach(async () => {
  client.destroy();
  await rm(folder, { recursive: true, force: true });
});

/** A staged file of about `megabytes`, which does not compress. */
async function stageNoise(name: string, megabytes: number): Promise<StagedFile> {
  const lines = Array.from({ length: megabytes }, (_, i) => {
    const json = `{"noise":"${randomBytes(1_000_000).toString('base64')}"}`;
    return stagedLine(eventTable, { id: `e${i}`, event_properties: json, _change_number: i }, 'json-lines');
  });
  return stageFile(folder, name, lines);
}

async function load(batch: Parameters<typeof stagedBatch>, other: Partial<S3Settings> = {}, abort = signal) {
  await using session = await s3.open({ ...settings, ...other }, { log, tempDir: folder });
  return await session.load(stagedBatch(...batch), abort);
}

test('the documented layout: parts byte for byte, a manifest, and the marker', async () => {
  const files = [await stageNoise('a.gz', 1), await stageNoise('b.gz', 20)];
  await load([eventTable, files, { id: 'b1', fence: 3 }], { prefix: 'crm' });
  const base = `crm/${folderKey}`;
  expect(await listKeys(client, 'lake')).toEqual(
    ['_SUCCESS', '_manifest.json', 'part-00000.jsonl.gz', 'part-00001.jsonl.gz'].map((name) => base + name),
  );
  for (const [i, file] of files.entries()) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'lake', Key: `${base}part-0000${i}.jsonl.gz` }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(await buffer(await file.open(signal)))).toBe(
      true,
    );
  }
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'lake', Key: `${base}_manifest.json` }));
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual({
    version: 1,
    batch: 'b1',
    run: 'run-1',
    sync: 'sync-1',
    table: 'klaviyo_event',
    format: 'jsonl',
    window: { from: 0, to: 1_000_000 },
    created_at: '2026-03-29T01:30:00.000Z',
    fence: 3,
    rows: 21,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    parts: files.map(({ rows, bytes, sha256 }, i) => ({ key: `${base}part-0000${i}.jsonl.gz`, rows, bytes, sha256 })),
  });
});

test('an upload in parts that is aborted midway publishes nothing', async () => {
  const whole = await stageNoise('a.gz', 30);
  const controller = new AbortController();
  let chunks = 0;
  const file: StagedFile = {
    ...whole,
    open: async () => {
      const bytes = await buffer(await whole.open(signal));
      return Readable.from(
        (function* () {
          for (let at = 0; at < bytes.length; at += 1_000_000) {
            chunks += 1;
            if (chunks === 20) controller.abort();
            yield bytes.subarray(at, at + 1_000_000);
          }
        })(),
      );
    },
  };
  await expect(load([eventTable, [file], { id: 'b1' }], {}, controller.signal)).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect(await listKeys(client, 'lake')).toEqual([]);
});

test('parts that an earlier attempt left in the folder are gone', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'lake', Key: `${folderKey}part-00007.jsonl.gz`, Body: 'old' }));
  await load([eventTable, [await stageNoise('a.gz', 1)], { id: 'b1' }]);
  expect(await listKeys(client, 'lake', `${folderKey}part-`)).toEqual([`${folderKey}part-00000.jsonl.gz`]);
});

test('bytes that are not the staged ones are not published', async () => {
  const whole = await stageNoise('a.gz', 1);
  const other = await stageNoise('b.gz', 1);
  const swapped: StagedFile = { ...whole, open: other.open };
  await expect(load([eventTable, [swapped], { id: 'b1' }])).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  const cut: StagedFile = {
    ...whole,
    open: async () => Readable.from([(await buffer(await whole.open(signal))).subarray(0, 5000)]),
  };
  await expect(load([eventTable, [cut], { id: 'b1' }])).rejects.toMatchObject({ code: 'UPLOAD_CORRUPT' });
  expect(await listKeys(client, 'lake', `${folderKey}_`)).toEqual([]);
});

test('nobody listening: the check says so at the step that failed and skips the rest', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  await using session = await s3.open({ ...settings, endpoint: `http://127.0.0.1:${port}` }, { log, tempDir: folder });
  const outcomes: Record<string, string> = {};
  for await (const step of session.check(signal)) outcomes[step.id] = step.error?.code ?? step.outcome;
  expect(outcomes).toEqual({
    settings: 'passed',
    reach: 'NETWORK_UNREACHABLE',
    'sign-in': 'skipped',
    bucket: 'skipped',
    probe: 'skipped',
    multipart: 'skipped',
    clock: 'skipped',
  });
});

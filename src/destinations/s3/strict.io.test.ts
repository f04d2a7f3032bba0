/**
 * Against OpenStack Swift's S3 API, which checks signatures and checksums and keeps uploads in parts, as fauxqs does
 * not. Needs Debian's Swift packages; without them it is skipped, except in CI. It knows no conditional writes, so
 * it also proves that `_SUCCESS` gets written without them.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import type { StagedFile } from '../destination.ts';
import { eventTable, metricTable } from '../tables.ts';
import { bucketInventory, readBucket } from '../testing/bucket-rows.ts';
import { stagedBatch, stagedLine, stageFile } from '../testing/staged-batch.ts';
import { translate } from './errors.ts';
import { s3 } from './s3.ts';
import type { S3Settings } from './spec.ts';

const log = createLogger('silent');
const signal = new AbortController().signal;
const present = spawnSync('swift-proxy-server', ['--help']).error === undefined;
const skipped = !present && process.env['CI'] !== 'true';

describe.skipIf(skipped)(
  'a store that checks signatures and checksums (Swift; skipped where it is not installed)',
  () => {
    let swift: ChildProcess;
    let settings: S3Settings;
    let client: S3Client;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'wharf-strict-'));
      swift = spawn('sh', ['scripts/swift-up.sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
      const [said] = (await Promise.race([
        once(swift.stdout ?? Readable.from([]), 'data'),
        once(swift, 'exit').then(([code]) => [`exit ${String(code)}`]),
      ])) as unknown[];
      const port = /^ready (\d+)/.exec(String(said))?.[1];
      if (!port) throw new Error(`Swift did not start: ${String(said)}`);
      const credentials = { accessKeyId: 'wharf:sync', secretAccessKey: 'wharf-test-secret' };
      const endpoint = `http://127.0.0.1:${port}`;
      settings = {
        name: 'Strict',
        bucket: 'lake',
        region: 'us-east-1',
        prefix: 'crm',
        format: 'jsonl',
        endpoint,
        ...credentials,
      };
      client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
    });

    afterAll(async () => {
      client?.destroy();
      swift.stdin?.end();
      if (swift.exitCode === null) await once(swift, 'exit');
      await rm(folder, { recursive: true, force: true });
    });

    async function checked(changes: Partial<S3Settings>): Promise<Record<string, string>> {
      await using session = await s3.open({ ...settings, ...changes }, { log, tempDir: folder });
      const outcomes: Record<string, string> = {};
      for await (const step of session.check(signal)) outcomes[step.id] = step.error?.code ?? step.outcome;
      return outcomes;
    }

    async function load(files: readonly StagedFile[], id: string, abort = signal) {
      await using session = await s3.open(settings, { log, tempDir: folder });
      return await session.load(stagedBatch(eventTable, files, { id }), abort);
    }

    const noise = (rows: number): Promise<StagedFile> =>
      stageFile(
        folder,
        `noise-${rows}.gz`,
        Array.from({ length: rows }, (_, i) => {
          const json = `{"noise":"${randomBytes(1_000_000).toString('base64')}"}`;
          return stagedLine(eventTable, { id: `e${i}`, event_properties: json, _change_number: i }, 'json-lines');
        }),
      );

    const openUploads = async (): Promise<unknown> =>
      ((await bucketInventory(client, 'lake')) as [unknown, unknown])[1];

    test('good credentials pass every step', async () => {
      expect(await checked({})).toEqual({
        settings: 'passed',
        reach: 'passed',
        'sign-in': 'passed',
        bucket: 'passed',
        probe: 'passed',
        multipart: 'passed',
        clock: 'passed',
      });
      expect(await bucketInventory(client, 'lake')).toEqual([[], []]);
    });

    test.each<[string, Partial<S3Settings>, string, string]>([
      ['a wrong secret', { secretAccessKey: 'not-the-secret' }, 'sign-in', 'AUTH_INVALID'],
      ['an unknown key id', { accessKeyId: 'wharf:nobody' }, 'sign-in', 'AUTH_INVALID'],
      ['a missing bucket', { bucket: 'no-such-bucket' }, 'bucket', 'NOT_FOUND_BUCKET'],
      ['another region', { region: 'eu-west-1' }, 'bucket', 'CONFIG_REGION'],
    ])('%s is named at its step', async (_, changes, step, code) => {
      expect(await checked(changes)).toMatchObject({ reach: 'passed', [step]: code, probe: 'skipped' });
    });

    test('bytes that do not fit their checksum are UPLOAD_CORRUPT', async () => {
      const put = new PutObjectCommand({
        Bucket: 'lake',
        Key: 'x',
        Body: 'body',
        ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
      });
      const thrown: unknown = await client.send(put).catch((error: unknown) => error);
      expect(translate(thrown, 'load', settings)).toMatchObject({ code: 'UPLOAD_CORRUPT' });
    });

    test('a batch is written in parts, tidies up after a killed attempt, and is known the second time', async () => {
      await client.send(new CreateMultipartUploadCommand({ Bucket: 'lake', Key: 'somebody/else' }));
      const killed = 'crm/klaviyo_event/dt=2026-03-29/hour=01/batch=whole/part-00000.jsonl.gz';
      await client.send(new CreateMultipartUploadCommand({ Bucket: 'lake', Key: killed }));
      const file = await noise(20);
      expect(await load([file], 'whole')).toMatchObject({ loaded: 20, alreadyLoaded: false });
      expect(await load([file], 'whole')).toMatchObject({ loaded: 20, alreadyLoaded: true });
      expect(await readBucket(client, 'lake', 'crm', eventTable)).toHaveLength(20);
      expect(await readBucket(client, 'lake', 'crm', metricTable)).toEqual([]);
      expect(await openUploads()).toEqual(['somebody/else']);
    });

    test('an upload that is aborted midway leaves no parts', async () => {
      const before = await openUploads();
      const whole = await noise(30);
      const bytes = await buffer(await whole.open(signal));
      const controller = new AbortController();
      const pieces = function* () {
        for (let at = 0; at < bytes.length; at += 1_000_000) {
          if (at === 20_000_000) controller.abort();
          yield bytes.subarray(at, at + 1_000_000);
        }
      };
      const file: StagedFile = { ...whole, open: async () => Readable.from(pieces()) };
      await expect(load([file], 'aborted', controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await openUploads()).toEqual(before);
    });

    test('the error of a wrong secret holds no secret', async () => {
      await using session = await s3.open({ ...settings, secretAccessKey: 'not-the-secret' }, { log, tempDir: folder });
      const batch = stagedBatch(eventTable, [await noise(1)]);
      const error: unknown = await session.load(batch, signal).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'AUTH_INVALID', details: { requestId: expect.stringMatching(/./) } });
      const { stack = '', externalMessage = '' } = error as { stack?: string; externalMessage?: string };
      expect(await text(Readable.from([stack, externalMessage, JSON.stringify(error)]))).not.toContain(
        'not-the-secret',
      );
    });
  },
);

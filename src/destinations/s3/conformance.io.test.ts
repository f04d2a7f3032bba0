import { S3Client } from '@aws-sdk/client-s3';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, beforeAll } from 'vitest';
import { ulid } from '../../kernel/ids.ts';
import { sealDestination } from '../seal.ts';
import { bucketInventory, readBucket } from '../testing/bucket-rows.ts';
import { conformance } from '../testing/conformance.ts';
import type { Rig } from '../testing/rig.ts';
import { s3 } from './s3.ts';

const credentials = { accessKeyId: 'AKIAWHARFTEST', secretAccessKey: 'wharf-test-secret-access-key' };

let server: FauxqsServer;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
});
afterAll(() => server.stop());

function openRig(format: 'jsonl' | 'parquet') {
  return async (): Promise<Rig> => {
    const endpoint = `http://127.0.0.1:${server.port}`;
    const bucket = `lake-${ulid().toLowerCase()}`;
    server.createBucket(bucket);
    const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
    const settings = {
      name: 'Lake',
      bucket,
      region: 'us-east-1',
      prefix: 'crm/wharf',
      format,
      endpoint,
      ...credentials,
    };
    return {
      kind: 's3',
      destination: sealDestination(s3),
      settings,
      brokenSettings: { ...settings, bucket: 'no-such-bucket' },
      secrets: [credentials.secretAccessKey],
      readBack: (table) => readBucket(client, bucket, 'crm/wharf', table),
      inventory: () => bucketInventory(client, bucket),
      isReleased: async () => JSON.stringify(await bucketInventory(client, bucket)).endsWith(',[]]'),
      [Symbol.asyncDispose]: async () => client.destroy(),
    };
  };
}

const noSchema = 'Every file carries its own columns; there is no table that could drift.';

conformance('Amazon S3 with JSON Lines', openRig('jsonl'), {
  'schema-drift': noSchema,
  'reads-rows': 'The staged bytes go to the bucket as they are; nothing reads the rows.',
  'json-null': 'A JSON Lines file has one null; it stands for a missing value and for the JSON null alike.',
});

conformance('Amazon S3 with Parquet', openRig('parquet'), { 'schema-drift': noSchema });

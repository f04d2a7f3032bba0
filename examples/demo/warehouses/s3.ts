import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';
import { duckdbDialect } from './duckdb.ts';
import { textRow, type OpenWarehouse, type Row } from './warehouse.ts';

const credentials = { accessKeyId: 'AKIADEMO', secretAccessKey: 'the-secret-of-the-demo' };
const bucket = 'lake';

/** A bucket of an S3 server in this process; its files are read with DuckDB by the rule of docs/destinations/s3.md. */
export const open: OpenWarehouse = async (folder) => {
  const server = await startFauxqs({ port: 0, logger: false });
  server.createBucket(bucket);
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  return {
    kind: 's3',
    label: 'a bucket of an S3-compatible store',
    settings: { bucket, region: 'us-east-1', prefix: 'crm', format: 'parquet', endpoint, ...credentials },
    environment: {},
    dialect: duckdbDialect,
    notes: [
      `bucket ${bucket} at ${endpoint}, any key and secret, for example:`,
      `AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws --endpoint-url ${endpoint} s3 ls --recursive s3://${bucket}/crm/`,
    ],
    ask: (query) => askFiles(client, join(folder, 'lake'), query),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server.stop();
    },
  };
};

async function askFiles(client: S3Client, folder: string, query: string): Promise<Row[]> {
  await fetchComplete(client, folder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const table of ['klaviyo_profile', 'klaviyo_event', 'klaviyo_metric']) {
      await connection.run(`
        CREATE VIEW ${table} AS SELECT * FROM (
          SELECT * FROM '${folder}/crm/${table}/*/*/*/part-*.parquet'
          QUALIFY row_number() OVER (PARTITION BY id ORDER BY _change_number DESC) = 1)
        WHERE NOT _deleted`);
    }
    return (await connection.runAndReadAll(query)).getRowObjectsJson().map(textRow);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Copies the parts of every batch that has its `_SUCCESS`. */
async function fetchComplete(client: S3Client, folder: string): Promise<void> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: 'crm/' })) {
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  }
  const complete = new Set(keys.filter((key) => key.endsWith('/_SUCCESS')).map((key) => dirname(key)));
  for (const key of keys.filter((each) => each.endsWith('.parquet') && complete.has(dirname(each)))) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (await Body?.transformToByteArray()) ?? '');
  }
}

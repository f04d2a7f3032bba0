/**
 * Reads a bucket by the rule that `docs/destinations/s3.md` gives: folders with `_SUCCESS` only, the row with the
 * highest `_change_number` of each id, deletions left out. Independent of the writer, over the SDK alone.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import type { TableSpec } from '../destination.ts';
import { readRows } from './duckdb-rows.ts';
import { rawCells } from './json-cells.ts';
import type { ReadRow } from './rig.ts';

export async function listKeys(client: S3Client, bucket: string, prefix = ''): Promise<string[]> {
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return (page.Contents ?? []).map(({ Key }) => Key ?? '').sort();
}

/** Keys with their ETags, and uploads in parts that nobody finished. */
export async function bucketInventory(client: S3Client, bucket: string): Promise<unknown> {
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return [(page.Contents ?? []).map(({ Key, ETag }) => [Key, ETag]), Uploads.map(({ Key }) => Key)];
}

export async function readBucket(
  client: S3Client,
  bucket: string,
  prefix: string,
  table: TableSpec,
): Promise<ReadRow[]> {
  const keys = await listKeys(client, bucket, `${prefix}/${table.name}/`);
  const complete = keys.filter((key) => key.endsWith('/_SUCCESS')).map((key) => key.slice(0, -'_SUCCESS'.length));
  const parts = keys.filter((key) => /\/part-[^/]*$/.test(key) && complete.some((folder) => key.startsWith(folder)));
  const bodies = [];
  for (const key of parts) bodies.push(Buffer.from(await readObject(client, bucket, key)));
  return parts[0]?.endsWith('.parquet') ? latestOfParquet(bodies, table) : latestOfLines(bodies, table);
}

async function readObject(client: S3Client, bucket: string, key: string): Promise<Uint8Array> {
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
}

async function latestOfParquet(bodies: readonly Buffer[], table: TableSpec): Promise<ReadRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-read-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  try {
    for (const [i, body] of bodies.entries()) await writeFile(join(folder, `${i}.parquet`), body);
    return await readRows(
      connection,
      table,
      `(SELECT * FROM '${folder}/*.parquet' QUALIFY row_number() OVER (PARTITION BY id ORDER BY _change_number DESC) = 1)
       WHERE NOT _deleted`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

function latestOfLines(bodies: readonly Buffer[], table: TableSpec): ReadRow[] {
  const newest = new Map<string, Map<string, string>>();
  for (const line of bodies.flatMap((body) => gunzipSync(body).toString('utf8').split('\n').filter(Boolean))) {
    const cells = rawCells(line);
    const id = cells.get('id') ?? '';
    const known = newest.get(id);
    if (!known || changeNumber(cells) > changeNumber(known)) newest.set(id, cells);
  }
  return [...newest.values()]
    .filter((cells) => cells.get('_deleted') === 'false')
    .map((cells) =>
      Object.fromEntries(table.columns.map(({ name, type }) => [name, comparable(cells.get(name), type)])),
    )
    .sort((a, b) => ((a['id'] ?? '') < (b['id'] ?? '') ? -1 : 1));
}

function changeNumber(cells: ReadonlyMap<string, string>): bigint {
  return BigInt(cells.get('_change_number') ?? -1);
}

function comparable(raw: string | undefined, type: TableSpec['columns'][number]['type']): string | null {
  if (raw === undefined || (raw === 'null' && type !== 'json')) return null;
  if (type === 'text') return JSON.parse(raw) as string;
  return type === 'timestamp' ? utcMicroseconds(JSON.parse(raw) as string) : raw;
}

function utcMicroseconds(text: string): string {
  const [, micros = ''] = /\.(\d+)/.exec(text) ?? [];
  const whole = new Date(text.replace(/\.\d+/, '')).toISOString().slice(0, 19);
  return `${whole}.${micros.padEnd(6, '0')}Z`;
}

/** The stand-in as `psql` sees it: a client that is not ours. Needs Debian's `postgresql-client`; skipped without it. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { administrator, copyRole } from './double/known.ts';
import type { RedshiftSettings } from './spec.ts';

const present = spawnSync('psql', ['--version']).error === undefined;

describe.skipIf(!present)('psql and the stand-in', () => {
  let standIn: StandInProcess;
  let settings: RedshiftSettings;
  let folder: string;

  beforeAll(async () => {
    standIn = await startStandIn('redshift');
    settings = standIn.settings as unknown as RedshiftSettings;
    folder = await mkdtemp(join(tmpdir(), 'wharf-psql-'));
  });
  afterAll(async () => {
    await standIn[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  function psql(sql: string, user = settings.username, password = settings.password) {
    const { host, port, database } = settings;
    const address = ['-h', host, '-p', String(port), '-U', user, '-d', database];
    const run = spawnSync('psql', [...address, '-XAtq', '-v', 'VERBOSITY=verbose', '-f', '-'], {
      input: sql,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], PGPASSWORD: password, PGSSLMODE: 'disable' },
    });
    return { out: run.stdout.trim(), error: run.stderr.trim() };
  }
  const asOwner = (sql: string) => psql(sql, administrator.user, administrator.password);

  test('signs in with the password, and not with another', () => {
    expect(psql('SELECT CURRENT_USER;').out).toBe(settings.username);
    expect(psql('SELECT 1;', settings.username, 'wrong').error).toContain('password authentication failed');
  });

  test('makes a table in the words of Redshift, whose VARCHAR counts bytes', () => {
    const made =
      asOwner(`CREATE TABLE public.towns (name VARCHAR(4) ENCODE zstd, notes SUPER, at TIMESTAMP DEFAULT SYSDATE)
      DISTSTYLE KEY DISTKEY (name) COMPOUND SORTKEY (at, name);
      INSERT INTO public.towns (name, notes) VALUES ('Łódź', JSON_PARSE('{"b":1,"a":"x"}'));
      INSERT INTO public.towns (name) VALUES ('ŁÓ');
      SELECT name, JSON_SERIALIZE(notes) FROM public.towns;`);
    expect(made.error).toContain('22001: Value too long for character type');
    expect(made.out).toBe('ŁÓ|');
  });

  test('parses JSON as Redshift does', () => {
    expect(psql(`SELECT JSON_SERIALIZE(JSON_PARSE('{"a": [1, 2.50, "x, y: z"]}'));`).out).toBe(
      '{"a":[1,2.50,"x, y: z"]}',
    );
    expect(psql(`SELECT JSON_PARSE('{"a":1,"a":2}');`).error).toContain('Duplicate attribute');
    const kept = `SET json_parse_dedup_attributes TO ON; SELECT JSON_SERIALIZE(JSON_PARSE('{"a":1,"a":2}'));`;
    expect(psql(kept).out).toBe('{"a":2}');
    expect(psql(`SELECT JSON_PARSE('{"a":"' || REPEAT('x', 65536) || '"}');`).error).toContain('65535 bytes');
    expect(psql(`SELECT LENGTH('\\\\');`).out).toBe('1');
  });

  test('finds its way into documents', () => {
    const { schema } = settings;
    const found = asOwner(`SET search_path TO "${schema}";
      INSERT INTO klaviyo_event (id, event_properties) SELECT 'e', JSON_PARSE('{"$value":19.90,"items":[{"sku":"A"}],"Case":true}');
      SELECT SUM(event_properties."$value"::DECIMAL(18, 2)), MAX(e.event_properties.items[0].sku::VARCHAR),
        JSON_SERIALIZE(MAX(event_properties."Case"::VARCHAR)::SUPER) FROM klaviyo_event AS e;
      DELETE FROM klaviyo_event;`);
    expect(found).toEqual({ out: '19.90|A|true', error: '' });
  });

  test('copies Parquet files by a manifest, and learns why it cannot', async () => {
    await upload(settings, folder, `SELECT 'a' AS id, encode('{"n":1}') AS doc UNION ALL SELECT NULL, encode('[]')`);
    const copy = (target: string): string =>
      `COPY ${target} FROM 's3://${settings.stagingBucket}/m.json' IAM_ROLE '${copyRole}' FORMAT AS PARQUET MANIFEST;`;
    const loaded = asOwner(`CREATE TEMP TABLE s (id VARCHAR(8), doc VARBYTE(16777216)); ${copy('s')}
      SELECT id, JSON_SERIALIZE(JSON_PARSE(doc)) FROM s;`);
    expect(loaded).toEqual({ out: 'a|{"n":1}\n|[]', error: '' });

    const uneven = asOwner(`CREATE TEMP TABLE s (id VARCHAR(8)); ${copy('s')}`);
    expect(uneven.error).toContain('XX000: Spectrum Scan Error');
    const forbidden = asOwner(copy('s').replace(copyRole, 'arn:aws:iam::123456789012:role/other'));
    expect(forbidden.error).toContain('is not authorized to assume IAM Role');
    const missing = asOwner(copy('s').replace('m.json', 'other.json'));
    expect(missing.error).toMatch(/Problem reading manifest file - S3ServiceException:.*Error NoSuchKey/);
    const unsigned = asOwner(
      copy('s').replace(`IAM_ROLE '${copyRole}'`, `ACCESS_KEY_ID 'AKIA1' SECRET_ACCESS_KEY 'x'`),
    );
    expect(unsigned.error).toContain('Error InvalidAccessKeyId');

    const mistyped = asOwner(`CREATE TEMP TABLE t (id BIGINT, doc VARBYTE(100)); ${copy('t')}
      SELECT line_number, column_name, error_code FROM sys_load_error_detail ORDER BY start_time DESC LIMIT 1;`);
    expect(mistyped.out).toBe('1|id|15007');
  });

  test('sees in the log of calls neither keys nor passwords', async () => {
    psql(
      `COPY s FROM 's3://b/k' ACCESS_KEY_ID 'AKIASECRET' SECRET_ACCESS_KEY 'very-secret' FORMAT AS PARQUET MANIFEST;`,
    );
    const told = JSON.stringify(await standIn.calls());
    expect(told).toContain("SECRET_ACCESS_KEY '***'");
    expect(told).not.toContain('very-secret');
  });
});

/** One Parquet file and the manifest `m.json`, in the staging bucket. */
async function upload(settings: RedshiftSettings, folder: string, query: string): Promise<void> {
  const path = join(folder, 'part.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const bytes = await readFile(path);
  const url = `s3://${settings.stagingBucket}/part.parquet`;
  const entries = [{ url, mandatory: true, meta: { content_length: bytes.length } }];
  const client = new S3Client({
    endpoint: settings.stagingEndpoint ?? '',
    region: settings.stagingRegion ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings.stagingAccessKeyId ?? '',
      secretAccessKey: settings.stagingSecretAccessKey ?? '',
    },
  });
  const Bucket = settings.stagingBucket ?? '';
  await client.send(new PutObjectCommand({ Bucket, Key: 'part.parquet', Body: bytes }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'm.json', Body: JSON.stringify({ entries }) }));
  client.destroy();
}

/** What COPY does before rows reach a table: find the files of a manifest and read them. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { region } from './storage.ts';
import type { CopyStatement } from './translate.ts';

/** An error in the words of Redshift. */
export class RedshiftError extends Error {
  readonly sqlState: string;
  readonly detail: string;

  constructor(message: string, detail = message, sqlState = 'XX000') {
    super(message);
    this.sqlState = sqlState;
    this.detail = `error: ${detail} code: 8001`;
  }
}

export interface CopyOptions {
  readonly endpoint: string;
  readonly folder: string;
  /** Roles that Redshift may use, and the key that stands for them. */
  readonly roles: ReadonlySet<string>;
  readonly roleKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Files as CSV that PostgreSQL reads; they go away on disposal. */
export interface CopiedFiles extends AsyncDisposable {
  readonly files: readonly { readonly url: string; readonly path: string }[];
}

const manifestSchema = z.object({
  entries: z.array(
    z.object({
      url: z.string().startsWith('s3://'),
      mandatory: z.boolean().default(false),
      meta: z.object({ content_length: z.number() }),
    }),
  ),
});

/** @throws RedshiftError */
export async function fetchFiles(statement: CopyStatement, options: CopyOptions): Promise<CopiedFiles> {
  const client = new S3Client({
    endpoint: options.endpoint,
    region,
    forcePathStyle: true,
    credentials: credentialsOf(statement, options),
    maxAttempts: 1,
  });
  const folder = await mkdtemp(join(options.folder, 'copy-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const files = [];
    for (const [index, { url, meta }] of (await readManifest(client, statement)).entries()) {
      const parquet = join(folder, `${index}.parquet`);
      const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
      await pipeline(await open(client, bucket, key), createWriteStream(parquet));
      const { size } = await stat(parquet);
      if (size !== meta.content_length) {
        throw new RedshiftError(
          `Spectrum Scan Error: ${url} has ${size} bytes, the manifest says ${meta.content_length}`,
        );
      }
      const path = join(folder, `${index}.csv`);
      await toCsv(parquet, path);
      files.push({ url, path });
    }
    return { files, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    client.destroy();
  }
}

function credentialsOf(statement: CopyStatement, { roles, roleKey }: CopyOptions): CopyOptions['roleKey'] {
  const { iamRole, accessKeyId, secretAccessKey } = statement;
  if (iamRole !== null) {
    if (roles.has(iamRole)) return roleKey;
    throw new RedshiftError(
      `User arn:aws:redshift:${region}:123456789012:dbuser:stand-in is not authorized to assume IAM Role ${iamRole}`,
    );
  }
  if (accessKeyId !== null && secretAccessKey !== null) return { accessKeyId, secretAccessKey };
  throw new RedshiftError('Credentials are required for COPY', undefined, '42601');
}

async function readManifest(client: S3Client, { bucket, key }: CopyStatement) {
  const body = await open(client, bucket, key, 'Problem reading manifest file - ');
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  try {
    return manifestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).entries;
  } catch {
    throw new RedshiftError('Manifest file is not in correct json format, or lacks content_length');
  }
}

async function open(client: S3Client, bucket: string, key: string, prefix = ''): Promise<Readable> {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return answer.Body as Readable;
  } catch (error) {
    const { name, message, $metadata } = error as {
      name: string;
      message: string;
      $metadata?: { httpStatusCode?: number };
    };
    const status = $metadata?.httpStatusCode ?? 500;
    throw new RedshiftError(
      `${prefix}S3ServiceException:${message},Status ${status},Error ${name},Rid STANDIN,ExtRid STANDIN,CanRetry 1`,
    );
  }
}

/** Bytes as hexadecimal, everything else as text. */
async function toCsv(parquet: string, csv: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '400MB' });
  const connection = await instance.connect();
  try {
    const source = `read_parquet('${parquet}')`;
    const columns = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)).getRows();
    const values = columns.map(([name, type]) => {
      const column = `"${String(name).replaceAll('"', '""')}"`;
      return type === 'BLOB' ? String.raw`'\x' || hex(${column})` : column;
    });
    await connection.run(`COPY (SELECT ${values.join(', ')} FROM ${source}) TO '${csv}' (FORMAT csv, HEADER false)`);
  } catch (error) {
    throw new RedshiftError('Spectrum Scan Error', `Spectrum Scan Error ${String(error)}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

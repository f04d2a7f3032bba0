import { z } from 'zod';
import type { DestinationSpec } from '../destination.ts';

export interface S3Settings {
  /** Shown in lists. */
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Folder inside the bucket, without slashes at its ends; empty for none. */
  readonly prefix: string;
  readonly format: 'jsonl' | 'parquet';
  /** Base URL of an S3-compatible store; null for Amazon S3 itself. */
  readonly endpoint: string | null;
}

const line = (label: string) => z.string().trim().min(1, `Enter the ${label}.`).max(500, 'At most 500 characters.');

const settings = z.object({
  name: line('name').max(100, 'At most 100 characters.'),
  bucket: line('bucket name').regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens.',
  ),
  region: line('region').regex(/^[a-z0-9-]+$/, 'A region looks like eu-central-1.'),
  accessKeyId: line('access key id').regex(/^[\w.:-]+$/, 'An access key id has letters and digits only.'),
  secretAccessKey: line('secret access key'),
  prefix: z
    .string()
    .trim()
    .max(500, 'At most 500 characters.')
    .transform((prefix) => prefix.replaceAll(/^\/+|\/+$/g, ''))
    .refine(
      (prefix) => /^[\w!.*'() =/-]*$/.test(prefix) && !prefix.includes('//'),
      'Use letters, digits, - _ . = and single slashes.',
    )
    .default(''),
  format: z.enum(['jsonl', 'parquet']).default('jsonl'),
  endpoint: z
    .union([
      z.literal('').transform(() => null),
      z.null(),
      z.url({ protocol: /^https?$/, error: 'Enter a URL, for example https://storage.example.com.' }),
    ])
    .default(null),
}) satisfies z.ZodType<S3Settings>;

export const spec: DestinationSpec<S3Settings> = {
  kind: 's3',
  label: 'Amazon S3',
  fields: [
    {
      name: 'name',
      label: 'Name',
      help: 'How this destination is called in lists.',
      required: true,
      secret: false,
      input: 'line',
      default: 'Amazon S3',
    },
    {
      name: 'bucket',
      label: 'Bucket',
      help: 'The name only, without s3:// and folders.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
    {
      name: 'region',
      label: 'Bucket region',
      help: 'For example eu-central-1.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
    {
      name: 'accessKeyId',
      label: 'Access key id',
      help: 'Of the user that the set-up script makes.',
      required: true,
      secret: false,
      input: 'line',
    },
    {
      name: 'secretAccessKey',
      label: 'Secret access key',
      help: 'AWS shows it once, when the key is made.',
      required: true,
      secret: true,
      input: 'line',
    },
    {
      name: 'prefix',
      label: 'Prefix',
      help: 'Folder inside the bucket; leave empty for the top.',
      required: false,
      secret: false,
      input: 'line',
      place: 'inside',
      default: '',
    },
    {
      name: 'format',
      label: 'Format',
      help: 'jsonl: JSON Lines, gzip, with JSON as nested values. parquet: Parquet, zstd, with JSON as text.',
      required: false,
      secret: false,
      input: 'choice',
      place: 'inside',
      choices: ['jsonl', 'parquet'],
      default: 'jsonl',
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      help: 'Only for S3-compatible stores: their base URL.',
      required: false,
      secret: false,
      input: 'line',
      place: 'server',
    },
  ],
  settings,
  limits: { parallelLoads: 4, rowsPerBatch: 500_000 },
};

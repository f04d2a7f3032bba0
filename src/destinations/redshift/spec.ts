import { z } from 'zod';
import type { DestinationSpec, FieldSpec } from '../destination.ts';
import { isLoopback, parseHost } from './host.ts';

export interface RedshiftSettings {
  /** Shown in lists. */
  readonly name: string;
  /** Name or address alone; port and database that came with it are in their own fields. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly schema: string;
  readonly username: string;
  readonly password: string;
  /** Null without a staging bucket; then the next four are null too. */
  readonly stagingBucket: string | null;
  readonly stagingRegion: string | null;
  readonly stagingAccessKeyId: string | null;
  readonly stagingSecretAccessKey: string | null;
  /** ARN of the role with which Redshift reads the bucket; null: with the keys. */
  readonly stagingIamRole: string | null;
  /** Folder inside the bucket, without slashes at its ends. */
  readonly stagingPrefix: string;
  /** Base URL of an S3-compatible store; null for Amazon S3 itself. */
  readonly stagingEndpoint: string | null;
}

const defaultPort = 5439;
const defaultPrefix = 'wharf-staging';
/** Redshift's limit of an identifier. */
const identifierBytes = 127;

/** Empty and null are both "not typed". */
const optional = <Value>(rule: z.ZodType<Value, string>) =>
  z.union([z.literal('').transform(() => null), z.null(), rule]).default(null);

const line = (label: string) => z.string().trim().min(1, `Enter the ${label}.`).max(500, 'At most 500 characters.');

const identifier = (label: string) =>
  line(label).refine(
    (name) => Buffer.byteLength(name) <= identifierBytes && !/\p{Cc}/u.test(name),
    `A ${label} has at most ${identifierBytes} bytes and no control characters.`,
  );

const port = z.coerce
  .number('Enter a port number, usually 5439.')
  .int('Enter a port number, usually 5439.')
  .min(1, 'A port is between 1 and 65535.')
  .max(65_535, 'A port is between 1 and 65535.');

const form = z.object({
  name: line('name').max(100, 'At most 100 characters.'),
  host: line('host URL'),
  database: optional(identifier('database name')),
  port: z.union([z.literal('').transform(() => null), z.null(), port]).default(null),
  schema: identifier('schema name'),
  username: identifier('user name'),
  password: z.string().min(1, 'Enter the password.').max(500, 'At most 500 characters.'),
  stagingBucket: optional(
    z
      .string()
      .trim()
      .regex(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, without s3:// and folders.',
      ),
  ),
  stagingRegion: optional(
    z
      .string()
      .trim()
      .regex(/^[a-z]{2}[a-z0-9-]*$/, 'A region looks like eu-central-1.'),
  ),
  stagingPrefix: z
    .union([z.null().transform(() => ''), z.string().trim().max(500, 'At most 500 characters.')])
    .transform((prefix) => prefix.replaceAll(/^\/+|\/+$/g, '') || defaultPrefix)
    .refine(
      (prefix) => /^[\w.=/-]*$/.test(prefix) && !prefix.includes('//'),
      'Use letters, digits, - _ . = and single slashes.',
    )
    .default(defaultPrefix),
  stagingAccessKeyId: optional(
    z
      .string()
      .trim()
      .regex(/^[\w.:-]{1,128}$/, 'An access key id has letters and digits only.'),
  ),
  stagingSecretAccessKey: optional(
    z
      .string()
      .trim()
      .regex(/^[^\s'"\\;\p{Cc}]{1,200}$/u, 'A secret access key has no spaces, quotes, semicolons or backslashes.'),
  ),
  stagingIamRole: optional(
    z
      .string()
      .trim()
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, {
        error: 'A role looks like arn:aws:iam::123456789012:role/wharf-copy.',
      }),
  ),
  stagingEndpoint: optional(
    z
      .url({ protocol: /^https?$/, error: 'Enter a URL, for example https://storage.example.com.' })
      .refine(
        (url) => url.startsWith('https:') || isLoopback(new URL(url).hostname),
        'Use https: only this machine itself may be spoken to without TLS.',
      ),
  ),
});

type Form = z.output<typeof form>;

const groupFields = ['stagingBucket', 'stagingRegion', 'stagingAccessKeyId', 'stagingSecretAccessKey'] as const;
const groupLabels: Record<(typeof groupFields)[number], string> = {
  stagingBucket: 'name of the staging bucket',
  stagingRegion: 'region of the staging bucket',
  stagingAccessKeyId: 'access key id of the staging bucket',
  stagingSecretAccessKey: 'secret access key of the staging bucket',
};

/** The staging fields come together or not at all. */
function checkStagingGroup(typed: Form, context: z.RefinementCtx): void {
  const anything = [...groupFields, 'stagingIamRole', 'stagingEndpoint'] as const;
  if (anything.every((field) => typed[field] === null)) return;
  for (const field of groupFields) {
    if (typed[field] !== null) continue;
    const message = `Enter the ${groupLabels[field]}, or leave all staging fields empty.`;
    context.addIssue({ code: 'custom', path: [field], message });
  }
}

/** What came along with the host goes to its own field; two different answers are refused. */
function resolvePlace(typed: Form, context: z.RefinementCtx): RedshiftSettings {
  const refuse = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
  const place = parseHost(typed.host);
  if (typeof place === 'string') refuse('host', place);
  const found = typeof place === 'string' ? { host: typed.host, port: null, database: null } : place;
  if (found.port !== null && typed.port !== null && found.port !== typed.port) {
    refuse('port', `The host URL says port ${found.port}, this field says ${typed.port}. Make them the same.`);
  }
  if (found.database !== null && typed.database !== null && found.database !== typed.database) {
    refuse('database', `The host URL says ${found.database}, this field says ${typed.database}. Make them the same.`);
  }
  const database = typed.database ?? found.database;
  if (database === null) refuse('database', 'Enter the database name.');
  return {
    ...typed,
    host: found.host,
    port: typed.port ?? found.port ?? defaultPort,
    database: database ?? '',
  };
}

const text = (field: Omit<FieldSpec, 'input' | 'secret'> & { secret?: boolean }): FieldSpec => ({
  secret: false,
  input: 'line',
  ...field,
});

export const spec: DestinationSpec<RedshiftSettings> = {
  kind: 'redshift',
  label: 'Amazon Redshift',
  fields: [
    text({
      name: 'name',
      label: 'Name',
      help: 'How this destination is called in lists.',
      required: true,
      default: 'Amazon Redshift',
    }),
    text({
      name: 'host',
      label: 'Host URL',
      help: 'The endpoint from the console, also as jdbc:redshift://host:5439/database; port and database may then stay empty.',
      required: true,
      place: 'server',
    }),
    text({
      name: 'database',
      label: 'Database',
      help: 'For example dev; may come with the host URL instead.',
      required: false,
      place: 'inside',
    }),
    {
      name: 'port',
      label: 'Port',
      help: 'Redshift listens on 5439 unless you chose another.',
      required: false,
      secret: false,
      input: 'number',
      place: 'server',
      default: defaultPort,
    },
    text({
      name: 'schema',
      label: 'Schema',
      help: 'Where the set-up script makes the tables.',
      required: true,
      place: 'inside',
    }),
    text({ name: 'username', label: 'Username', help: 'The user that the set-up script makes.', required: true }),
    text({
      name: 'password',
      label: 'Password',
      help: 'Of that user, as typed in the set-up script.',
      required: true,
      secret: true,
    }),
    text({
      name: 'stagingBucket',
      label: 'Staging bucket',
      help: 'An S3 bucket in the region of Redshift, for fast loads. Without one, rows go in by INSERT: fine for some 10,000 rows an hour, and JSON documents end at 64 KB.',
      required: false,
    }),
    text({
      name: 'stagingRegion',
      label: 'Region of the staging bucket',
      help: 'Must be that of Redshift: COPY cannot read Parquet files from another region.',
      required: false,
    }),
    text({
      name: 'stagingPrefix',
      label: 'Prefix in the staging bucket',
      help: 'Folder for files that are deleted after each load.',
      required: false,
      default: defaultPrefix,
    }),
    text({
      name: 'stagingAccessKeyId',
      label: 'Access key id of the staging bucket',
      help: 'Of a user that may write, list, read and delete below the prefix.',
      required: false,
    }),
    text({
      name: 'stagingSecretAccessKey',
      label: 'Secret access key of the staging bucket',
      help: 'AWS shows it once, when the key is made.',
      required: false,
      secret: true,
    }),
    text({
      name: 'stagingIamRole',
      label: 'IAM role for COPY',
      help: 'ARN of a role attached to Redshift that may read the bucket. Without it, COPY is given the access keys: simpler, but they travel to Redshift in each COPY statement.',
      required: false,
    }),
    text({
      name: 'stagingEndpoint',
      label: 'Endpoint of the staging bucket',
      help: 'Only for a private way to S3, or a stand-in: its base URL.',
      required: false,
      place: 'server',
    }),
  ],
  settings: form
    .superRefine(checkStagingGroup)
    .transform((typed, context) => resolvePlace(typed, context)) satisfies z.ZodType<RedshiftSettings>,
  // one transaction writes at a time; the next batch is staged and uploaded meanwhile
  limits: { parallelLoads: 2, rowsPerBatch: 250_000 },
};

/** The staging bucket with all that belongs to it; null when rows go in by INSERT. */
export interface Staging {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly iamRole: string | null;
  readonly endpoint: string | null;
}

export function stagingOf(settings: RedshiftSettings): Staging | null {
  const { stagingBucket, stagingRegion, stagingAccessKeyId, stagingSecretAccessKey } = settings;
  if (!stagingBucket || !stagingRegion || !stagingAccessKeyId || !stagingSecretAccessKey) return null;
  return {
    bucket: stagingBucket,
    region: stagingRegion,
    prefix: settings.stagingPrefix,
    accessKeyId: stagingAccessKeyId,
    secretAccessKey: stagingSecretAccessKey,
    iamRole: settings.stagingIamRole,
    endpoint: settings.stagingEndpoint,
  };
}

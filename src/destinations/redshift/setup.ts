import type { SetupScript } from '../destination.ts';
import { quoted } from '../staged-reader.ts';
import type { RedshiftSettings } from './spec.ts';
import { createTable, qualified, warehouseTables } from './sql.ts';

/** What the person who runs the script replaces; the stand-in does so too. */
export const passwordPlaceholder = 'CHOOSE-A-PASSWORD';

const rights = 'SELECT, INSERT, UPDATE, DELETE';

/** The schema, a user of its own with the least rights that loading needs, and the tables. */
export function setup(
  settings: Partial<RedshiftSettings>,
  context: { readonly outboundAddresses: readonly string[] },
): SetupScript {
  const schema = typed(settings.schema) ?? 'klaviyo';
  const user = typed(settings.username) ?? 'wharf_sync';
  const database = typed(settings.database) ?? 'YOUR_DATABASE';
  const tables = warehouseTables.map((table) => `${createTable(schema, table)};`);
  const grants = warehouseTables.map(({ name }) => `GRANT ${rights} ON ${qualified(schema, name)} TO ${quoted(user)};`);
  return {
    language: 'sql',
    text: `-- 1. the schema and a user of its own; leave out what exists already
CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE USER ${quoted(user)} PASSWORD '${passwordPlaceholder}';

-- 2. the tables; they belong to whoever runs this
${tables.join('\n\n')}

-- 3. what loading needs, and no more: Wharf can neither alter nor drop your tables
GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(user)};
${grants.join('\n')}
GRANT TEMP ON DATABASE ${quoted(database)} TO ${quoted(user)};
${bucketPart(settings)}`,
    instructions: [
      `Run it in the query editor, connected to the database, as an administrator; write a password of 8 to 64 characters in place of ${passwordPlaceholder}.`,
      'Give the password in plain: one that is set as a SHA-256 hash can be used only by drivers of Amazon.',
      'A second run changes nothing, except that CREATE USER says the user exists.',
      ...addressLines(context.outboundAddresses),
      ...(typed(settings.stagingBucket) === null ? [] : bucketLines),
    ],
  };
}

const bucketLines = [
  'The comment at the end holds the policy for the staging bucket, which must be in the region of Redshift.',
  'With an IAM role for COPY, attach the role to the cluster or namespace; its trust policy must name redshift.amazonaws.com and redshift-serverless.amazonaws.com.',
];

function addressLines(addresses: readonly string[]): string[] {
  if (addresses.length === 0)
    return ['Let Wharf reach the port of Redshift: security group, and publicly accessible or a route.'];
  return [`Allow in the security group, on the port of Redshift: ${addresses.join(', ')}.`];
}

/** For the AWS console: what the keys may do, and what the role may do. */
function bucketPart(settings: Partial<RedshiftSettings>): string {
  const bucket = typed(settings.stagingBucket);
  if (bucket === null) return '';
  const prefix = typed(settings.stagingPrefix)?.replaceAll(/^\/+|\/+$/g, '') || 'wharf-staging';
  const arn = `arn:${partitionOf(typed(settings.stagingRegion) ?? '')}:s3:::${bucket}`;
  const list = { Effect: 'Allow', Action: ['s3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: arn };
  const objects = (actions: readonly string[]): object => ({
    Effect: 'Allow',
    Action: actions,
    Resource: `${arn}/${prefix}/*`,
  });
  const keys = [list, objects(['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload'])];
  const role = [{ ...list, Action: ['s3:ListBucket'] }, objects(['s3:GetObject'])];
  return `
-- 4. in IAM, for the user of the access keys of the staging bucket:
${comment(policy(keys))}
-- and, if COPY uses a role, for that role:
${comment(policy(role))}
`;
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
}

/** A line break in a name must not end the comment; in JSON it is escaped already. */
function comment(text: string): string {
  return text.replaceAll(/^/gm, '-- ');
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function typed(value: string | null | undefined): string | null {
  const text = typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, ' ').trim() : '';
  return text === '' ? null : text;
}

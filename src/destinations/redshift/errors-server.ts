/**
 * What Redshift says. node-postgres gives the SQLSTATE as the error's code; many errors share XX000, and are told apart
 * by their words.
 */
import type { ErrorRule } from '../rules.ts';

const grants = 'Run the grants of the set-up script again as an administrator of the database.';

/** COPY speaks for S3 with the words of S3. */
const copyRules: readonly ErrorRule[] = [
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['XX000'],
    pattern: /not authorized to (?:assume IAM role|get credentials of role)/i,
    summary: 'Redshift may not use the IAM role for COPY.',
    advice:
      'Attach the role to the cluster or namespace, and let its trust policy name redshift.amazonaws.com and redshift-serverless.amazonaws.com; or leave the field empty.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*(?:AccessDenied|Access Denied)|Spectrum Scan Error.*Access Denied/is,
    summary: 'Redshift may not read the staging bucket.',
    advice: 'Give the role or the keys s3:GetObject on the prefix and s3:ListBucket on the bucket.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*(?:InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken)/s,
    summary: 'Redshift was refused with the access keys of the staging bucket.',
    advice: 'Enter the keys of the staging bucket again, or make new ones.',
  },
  {
    code: 'AUTH_EXPIRED',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*ExpiredToken/s,
    summary: 'The access keys of the staging bucket have expired.',
  },
  {
    code: 'NOT_FOUND_BUCKET',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*NoSuchBucket/s,
    summary: 'Redshift does not find the staging bucket.',
  },
  {
    code: 'LOAD_FILE_MISSING',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*NoSuchKey|S3 prefix .* does not exist|Spectrum Scan Error.*File not found/s,
  },
  {
    code: 'CONFIG_REGION',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*(?:PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint)/s,
    summary: 'The staging bucket is not in the region of Redshift.',
    advice: 'Use a bucket in the region of Redshift; COPY cannot read Parquet files from another.',
  },
  {
    code: 'QUOTA_SHORT',
    vendorCodes: ['XX000'],
    pattern: /S3ServiceException.*(?:SlowDown|ServiceUnavailable|InternalError|RequestTimeout)|Retries exceeded/s,
    summary: 'The staging bucket asked Redshift to slow down.',
  },
  {
    code: 'SCHEMA_MISMATCH',
    vendorCodes: ['XX000'],
    pattern: /Unmatched number of columns|incompatible Parquet schema/i,
  },
];

const valueRules: readonly ErrorRule[] = [
  { code: 'DATA_TOO_LARGE', vendorCodes: ['22001'] },
  {
    code: 'DATA_TOO_LARGE',
    vendorCodes: ['XX000'],
    pattern:
      /Value too long for|longer than the length defined|exceeds the max size|larger than the maximum|Statement is too large/i,
  },
  { code: 'DATA_INVALID', vendorCodes: ['22P02', '22003', '22007', '22008', '22021', '23502'] },
  {
    code: 'DATA_INVALID',
    vendorCodes: ['XX000'],
    pattern: /Load into table .* failed|Invalid JSON|JSON parsing error|Invalid null byte|duplicate attribute/i,
  },
  {
    code: 'DUPLICATE_KEY_IN_BATCH',
    vendorCodes: ['XX000'],
    pattern: /Found multiple matches to update the same tuple/,
  },
];

export const serverRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['28P01', '28000'],
    pattern: /^(?!.*no pg_hba\.conf entry)/s,
    summary: 'Redshift refused user name or password.',
    advice: 'Enter both again; Redshift does not say which of them is wrong.',
  },
  {
    code: 'NETWORK_BLOCKED',
    vendorCodes: ['28P01', '28000'],
    pattern: /no pg_hba\.conf entry/,
  },
  {
    code: 'AUTH_INVALID',
    pattern: /Unknown authenticationOk message type/,
    summary: 'The password of the user is kept in a way that only drivers of Amazon can use (SHA-256).',
    advice: `Set it again with ALTER USER ... PASSWORD and the password in plain, not as a 'sha256|' hash.`,
  },
  { code: 'NOT_FOUND_DATABASE', vendorCodes: ['3D000'] },
  { code: 'NOT_FOUND_SCHEMA', vendorCodes: ['3F000'] },
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['42P01'] },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['42501'],
    summary: 'The user lacks a right in the database.',
    advice: grants,
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['0A000'],
    pattern: /datashare/i,
    summary: 'The schema belongs to a datashare, where tables cannot be locked.',
    advice: 'Choose a schema of a database of the cluster or namespace itself.',
  },
  {
    code: 'SCHEMA_MISMATCH',
    vendorCodes: ['0A000'],
    pattern: /^(?!.*datashare)/is,
  },
  { code: 'SCHEMA_MISMATCH', vendorCodes: ['42703', '42804', '42846', '42883', '54011', '42701'] },
  {
    code: 'CONCURRENCY',
    vendorCodes: ['XX000'],
    pattern: /^10(?:18|23)\b|Serializable isolation violation|Relation does not exist/i,
  },
  { code: 'CONCURRENCY', vendorCodes: ['40001', '40P01', '55P03'] },
  {
    code: 'MAINTENANCE',
    vendorCodes: ['XX000', '57014'],
    pattern: /resize mode|read-only mode|maintenance/i,
    summary: 'Redshift is being resized or maintained.',
  },
  { code: 'MAINTENANCE', vendorCodes: ['57P03'] },
  { code: 'TIMEOUT', vendorCodes: ['57014'], pattern: /^(?!.*(?:resize mode|read-only mode|maintenance))/is },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['57P01', '57P02', '08000', '08001', '08003', '08006'],
    summary: 'Redshift ended the connection.',
  },
  { code: 'CAPACITY', vendorCodes: ['53100'] },
  { code: 'CAPACITY', vendorCodes: ['XX000'], pattern: /disk full/i },
  {
    code: 'QUOTA_SHORT',
    vendorCodes: ['53300'],
    summary: 'Redshift has no connection left for this user or database.',
  },
  ...copyRules,
  ...valueRules,
  {
    code: 'NETWORK_BLOCKED',
    pattern: /^timeout expired$/m,
    phase: 'check',
    summary: 'Nothing answers at this host and port.',
    advice:
      'Allow the outbound addresses of Wharf in the security group, make the cluster publicly accessible or reachable from here, and see that it is not paused.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    pattern: /^timeout expired$/m,
    phase: 'load',
    summary: 'Nothing answers at this host and port.',
    advice:
      'Nothing to do unless it lasts; then see that the cluster is not paused, and that its security group lets Wharf in.',
  },
  {
    code: 'SETTINGS_INVALID',
    pattern: /The server does not support SSL connections|There was an error establishing an SSL connection/,
    summary: 'The server does not speak TLS on this port.',
    advice: 'Check host and port: Redshift always offers TLS, and Wharf sends nothing without it.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    pattern: /Connection terminated|Client has encountered a connection error|Client was closed and is not queryable/,
    summary: 'The connection broke.',
  },
];

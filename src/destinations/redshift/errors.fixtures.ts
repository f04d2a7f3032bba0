/**
 * Errors as node-postgres throws them for Redshift (SQLSTATE as `code`), with the detail that `withDetail` adds to the
 * message, and as the AWS SDK throws them for the staging bucket.
 */
import { sharedFixtures, stagedReaderFixtures, type ErrorFixture } from '../testing/catalogue.ts';

const server = (code: string, message: string, detail?: string) => ({
  name: 'error',
  severity: 'ERROR',
  code,
  message: detail === undefined ? message : `${message}\n${detail}`,
});

const driver = (message: string) => ({ name: 'Error', message });

const store = (name: string, message: string, httpStatusCode: number) => ({
  name,
  Code: name,
  message,
  $fault: 'client',
  $metadata: { httpStatusCode, requestId: 'TX0000000001' },
});

/** What COPY passes on from S3. */
const fromS3 = (name: string, message: string, status: number) =>
  server(
    'XX000',
    `Problem reading manifest file - S3ServiceException:${message},Status ${status},Error ${name},Rid 0A1B,ExtRid x,CanRetry 1`,
    `-----------------------------------------------\n  error: S3ServiceException\n  code: 8001`,
  );

const signIn: readonly ErrorFixture[] = [
  { code: 'AUTH_INVALID', error: server('28000', 'password authentication failed for user "wharf_sync"') },
  { code: 'AUTH_INVALID', error: server('28P01', 'password authentication failed for user "wharf_sync"') },
  {
    code: 'NETWORK_BLOCKED',
    error: server('28000', 'no pg_hba.conf entry for host "::ffff:192.0.2.1", user "u", database "dev", SSL off'),
  },
  { code: 'AUTH_INVALID', error: driver('Unknown authenticationOk message type 13') },
  { code: 'NOT_FOUND_DATABASE', error: server('3D000', 'database "prod" does not exist') },
  { code: 'QUOTA_SHORT', error: server('53300', 'too many connections for user "wharf_sync"') },
  { code: 'MAINTENANCE', error: server('57P03', 'the database system is starting up') },
  { code: 'NETWORK_BLOCKED', error: driver('timeout expired'), phase: 'check' },
  { code: 'NETWORK_UNREACHABLE', error: driver('timeout expired') },
  { code: 'SETTINGS_INVALID', error: driver('The server does not support SSL connections') },
  { code: 'SETTINGS_INVALID', error: driver('There was an error establishing an SSL connection') },
  { code: 'NETWORK_UNREACHABLE', error: driver('Connection terminated unexpectedly') },
  {
    code: 'NETWORK_UNREACHABLE',
    error: driver('Client has encountered a connection error and is not queryable'),
  },
];

const objects: readonly ErrorFixture[] = [
  { code: 'NOT_FOUND_SCHEMA', error: server('3F000', 'schema "klaviyo" does not exist') },
  { code: 'NOT_FOUND_TABLE', error: server('42P01', 'relation "klaviyo_event" does not exist') },
  { code: 'PERMISSION_MISSING', error: server('42501', 'permission denied for relation klaviyo_event') },
  { code: 'PERMISSION_MISSING', error: server('42501', 'must be owner of relation klaviyo_event') },
  { code: 'SETTINGS_INVALID', error: server('0A000', 'Operation is not supported through datashares') },
  { code: 'SCHEMA_MISMATCH', error: server('0A000', 'cannot alter type of a column used by a view or rule') },
  { code: 'SCHEMA_MISMATCH', error: server('42703', 'column "uuid" of relation "klaviyo_event" does not exist') },
  {
    code: 'SCHEMA_MISMATCH',
    error: server('42804', 'column "created" is of type character varying but expression is of type timestamp'),
  },
  { code: 'SCHEMA_MISMATCH', error: server('54011', 'tables can have at most 1600 columns') },
];

const running: readonly ErrorFixture[] = [
  {
    code: 'CONCURRENCY',
    error: server(
      'XX000',
      '1023',
      'Serializable isolation violation on table - 100123, transactions forming the cycle are: 1, 2',
    ),
  },
  { code: 'CONCURRENCY', error: server('XX000', '1018', 'Relation does not exist.') },
  { code: 'CONCURRENCY', error: server('40P01', 'deadlock detected') },
  { code: 'CONCURRENCY', error: server('40001', 'could not serialize access due to concurrent update') },
  {
    code: 'MAINTENANCE',
    error: server('57014', 'Cannot execute write query because system is in resize mode'),
  },
  { code: 'TIMEOUT', error: server('57014', "Query (12) cancelled on user's request") },
  { code: 'NETWORK_UNREACHABLE', error: server('57P01', 'terminating connection due to administrator command') },
  { code: 'CAPACITY', error: server('XX000', 'Disk Full', 'error: Disk Full code: 1016') },
  { code: 'CAPACITY', error: server('53100', 'could not extend relation: no space left on device') },
];

const copying: readonly ErrorFixture[] = [
  {
    code: 'PERMISSION_MISSING',
    error: server(
      'XX000',
      'User arn:aws:redshift:eu-west-2:123456789012:dbuser:cluster/awsuser is not authorized to assume IAM Role arn:aws:iam::123456789012:role/copy',
    ),
  },
  {
    code: 'PERMISSION_MISSING',
    error: server(
      'XX000',
      'exception name : UnauthorizedException, error type : 135, message: Not authorized to get credentials of role arn:aws:iam::123456789012:role/copy, should retry : 0',
    ),
  },
  { code: 'PERMISSION_MISSING', error: fromS3('AccessDenied', 'Access Denied', 403) },
  {
    code: 'AUTH_INVALID',
    error: fromS3('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
  },
  { code: 'AUTH_EXPIRED', error: fromS3('ExpiredToken', 'The provided token has expired.', 400) },
  { code: 'NOT_FOUND_BUCKET', error: fromS3('NoSuchBucket', 'The specified bucket does not exist', 404) },
  { code: 'LOAD_FILE_MISSING', error: fromS3('NoSuchKey', 'The specified key does not exist.', 404) },
  {
    code: 'LOAD_FILE_MISSING',
    error: server('XX000', 'Spectrum Scan Error', 'error: Spectrum Scan Error code: 15007 context: File not found'),
  },
  {
    code: 'CONFIG_REGION',
    error: fromS3(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint.',
      301,
    ),
  },
  { code: 'QUOTA_SHORT', error: fromS3('SlowDown', 'Please reduce your request rate.', 503) },
  {
    code: 'SCHEMA_MISMATCH',
    error: server(
      'XX000',
      'Spectrum Scan Error',
      'error: Spectrum Scan Error code: 15007 context: Unmatched number of columns between table and file.',
    ),
  },
];

const values: readonly ErrorFixture[] = [
  { code: 'DATA_TOO_LARGE', error: server('22001', 'value too long for type character varying(64)') },
  {
    code: 'DATA_TOO_LARGE',
    error: server('XX000', 'Value too long for character type', 'error: Value too long for character type code: 8001'),
  },
  {
    code: 'DATA_TOO_LARGE',
    error: server('XX000', 'Invalid input', 'error: String value exceeds the max size of 65535 bytes code: 8001'),
  },
  {
    code: 'DATA_TOO_LARGE',
    error: driver('Invalid Input Error: value too large: column=title bytes=70000 limit=65535 row=01JA'),
  },
  { code: 'DATA_INVALID', error: server('22P02', 'invalid input syntax for integer: "x"') },
  {
    code: 'DATA_INVALID',
    error: server(
      'XX000',
      "Load into table 'wharf_stage' failed. Check 'sys_load_error_detail' system table for details.",
    ),
  },
  { code: 'DATA_INVALID', error: server('XX000', 'Invalid JSON format for input string', 'code: 1224') },
  {
    code: 'DUPLICATE_KEY_IN_BATCH',
    error: server('XX000', 'Found multiple matches to update the same tuple'),
  },
];

const storing: readonly ErrorFixture[] = [
  {
    code: 'AUTH_INVALID',
    error: store('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
  },
  {
    code: 'AUTH_INVALID',
    error: store('SignatureDoesNotMatch', 'The request signature we calculated does not match.', 403),
  },
  { code: 'AUTH_EXPIRED', error: store('ExpiredToken', 'The provided token has expired.', 400) },
  {
    code: 'CLOCK_SKEW',
    error: store(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    ),
  },
  { code: 'PERMISSION_MISSING', error: store('AccessDenied', 'Access Denied', 403) },
  { code: 'NOT_FOUND_BUCKET', error: store('NoSuchBucket', 'The specified bucket does not exist', 404) },
  {
    code: 'CONFIG_REGION',
    error: store('AuthorizationHeaderMalformed', "the region 'us-east-1' is wrong; expecting 'eu-west-1'", 400),
  },
  { code: 'SETTINGS_INVALID', error: store('InvalidBucketName', 'The specified bucket is not valid.', 400) },
  { code: 'CONCURRENCY', error: store('NoSuchUpload', 'The specified upload does not exist.', 404) },
  { code: 'QUOTA_SHORT', error: store('SlowDown', 'Please reduce your request rate.', 503) },
  { code: 'NETWORK_UNREACHABLE', error: store('ServiceUnavailable', 'Service is unable to handle request.', 503) },
  { code: 'TIMEOUT', error: store('RequestTimeout', 'Your socket connection to the server timed out.', 400) },
  { code: 'UPLOAD_CORRUPT', error: store('BadDigest', 'The SHA256 you specified did not match.', 400) },
  { code: 'BILLING', error: store('AccountProblem', 'There is a problem with your AWS account.', 403) },
  {
    code: 'PERMISSION_MISSING',
    error: store('KMS.DisabledException', 'arn:aws:kms:eu-west-1:1:key/k is disabled.', 400),
  },
];

export const redshiftFixtures: readonly ErrorFixture[] = [
  ...signIn,
  ...objects,
  ...running,
  ...copying,
  ...values,
  ...storing,
  ...stagedReaderFixtures,
  ...sharedFixtures,
];

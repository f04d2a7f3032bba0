/** Errors as the AWS SDK throws them: the store's code is the error's name. */
import { sharedFixtures, stagedReaderFixtures, type ErrorFixture } from '../testing/catalogue.ts';

const said = (name: string, message: string, httpStatusCode: number) => ({
  name,
  Code: name,
  message,
  $fault: 'client',
  $metadata: { httpStatusCode, requestId: 'TX0000000001' },
});

export const s3Fixtures: readonly ErrorFixture[] = [
  {
    code: 'AUTH_INVALID',
    error: said('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
  },
  {
    code: 'AUTH_INVALID',
    error: said(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    ),
  },
  { code: 'AUTH_INVALID', error: said('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400) },
  { code: 'AUTH_EXPIRED', error: said('ExpiredToken', 'The provided token has expired.', 400) },
  {
    code: 'CLOCK_SKEW',
    error: said(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    ),
  },
  { code: 'PERMISSION_MISSING', error: said('AccessDenied', 'Access Denied', 403) },
  { code: 'PERMISSION_MISSING', error: said('AllAccessDisabled', 'All access to this object has been disabled.', 403) },
  { code: 'NOT_FOUND_BUCKET', error: said('NoSuchBucket', 'The specified bucket does not exist', 404) },
  {
    code: 'CONFIG_REGION',
    error: said(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint.',
      301,
    ),
  },
  {
    code: 'CONFIG_REGION',
    error: {
      ...said(
        'AuthorizationHeaderMalformed',
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
        400,
      ),
      Region: 'eu-west-1',
    },
  },
  { code: 'SETTINGS_INVALID', error: said('InvalidBucketName', 'The specified bucket is not valid.', 400) },
  {
    code: 'CONCURRENCY',
    error: said(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    ),
  },
  {
    code: 'CONCURRENCY',
    error: said(
      'OperationAborted',
      'A conflicting conditional operation is currently in progress against this resource.',
      409,
    ),
  },
  { code: 'QUOTA_SHORT', error: said('SlowDown', 'Please reduce your request rate.', 503) },
  {
    code: 'NETWORK_UNREACHABLE',
    error: said('InternalError', 'We encountered an internal error. Please try again.', 500),
  },
  { code: 'NETWORK_UNREACHABLE', error: said('ServiceUnavailable', 'Service is unable to handle request.', 503) },
  {
    code: 'TIMEOUT',
    error: said(
      'RequestTimeout',
      'Your socket connection to the server was not read from or written to within the timeout period.',
      400,
    ),
  },
  {
    code: 'UPLOAD_CORRUPT',
    error: said('BadDigest', 'The SHA256 you specified did not match the calculated checksum.', 400),
  },
  {
    code: 'DATA_TOO_LARGE',
    error: said('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400),
  },
  {
    code: 'BILLING',
    error: said('AccountProblem', 'There is a problem with your AWS account that prevents the operation.', 403),
  },
  { code: 'CAPACITY', error: said('QuotaExceeded', 'The quota of the bucket is used up.', 403) },
  {
    code: 'PERMISSION_MISSING',
    error: said('KMS.DisabledException', 'arn:aws:kms:eu-west-1:1:key/k is disabled.', 400),
  },
  ...stagedReaderFixtures,
  ...sharedFixtures,
];

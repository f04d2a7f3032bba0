/** What the staging bucket says to Wharf itself, over the AWS SDK: S3's code is the error's name. */
import type { ErrorRule } from '../rules.ts';

export const storageRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['InvalidAccessKeyId', 'InvalidToken', 'InvalidSecurity'],
    summary: 'The access key id of the staging bucket is not known.',
    advice: 'Check the access key id; keys that were deleted look like this too.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['SignatureDoesNotMatch'],
    summary: 'The secret access key of the staging bucket does not belong to its access key id.',
    advice: 'Enter the secret access key again, or make a new key.',
  },
  {
    code: 'AUTH_EXPIRED',
    vendorCodes: ['ExpiredToken', 'TokenRefreshRequired'],
    summary: 'The access keys of the staging bucket have expired.',
  },
  { code: 'CLOCK_SKEW', vendorCodes: ['RequestTimeTooSkewed', 'RequestExpired'] },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['AccessDenied', 'AllAccessDisabled', 'Forbidden', '403'],
    summary: 'The user of the access keys may not do this in the staging bucket.',
    advice: 'Attach the policy of the set-up script; a bucket policy or an encryption key (KMS) can forbid it as well.',
  },
  { code: 'NOT_FOUND_BUCKET', vendorCodes: ['NoSuchBucket'], summary: 'The staging bucket does not exist.' },
  {
    code: 'CONFIG_REGION',
    vendorCodes: [
      'PermanentRedirect',
      'TemporaryRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
    ],
    summary: 'The staging bucket is in another region.',
  },
  { code: 'SETTINGS_INVALID', vendorCodes: ['InvalidBucketName', 'ParamValidationError', 'ERR_INVALID_URL'] },
  {
    code: 'CONCURRENCY',
    vendorCodes: ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'OperationAborted', 'NoSuchKey'],
    summary: 'The upload to the staging bucket was interrupted.',
    advice: 'Nothing to do; the upload starts again.',
  },
  { code: 'QUOTA_SHORT', vendorCodes: ['SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequests'] },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['ServiceUnavailable', 'InternalError', 'BadGateway', 'GatewayTimeout'],
    summary: 'The staging bucket answered with an error of its own.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  { code: 'TIMEOUT', vendorCodes: ['RequestTimeout'] },
  {
    code: 'UPLOAD_CORRUPT',
    vendorCodes: ['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody'],
  },
  { code: 'BILLING', vendorCodes: ['AccountProblem', 'NotSignedUp', 'OptInRequired'] },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['KMS.DisabledException', 'KMS.NotFoundException', 'KMSInvalidStateException'],
    summary: "The staging bucket's encryption key cannot be used.",
  },
];

import { AppError } from '../../kernel/app-error.ts';
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import { stagedReaderRules } from '../staged-reader.ts';
import type { S3Settings } from './spec.ts';

export const s3Rules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['InvalidAccessKeyId'],
    summary: 'The access key id is not known to the store.',
    advice: 'Check the access key id; keys that were deleted or belong to another store look like this too.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['SignatureDoesNotMatch'],
    summary: 'The secret access key does not belong to the access key id.',
    advice: 'Enter the secret access key again, or make a new key.',
  },
  { code: 'AUTH_INVALID', vendorCodes: ['InvalidToken', 'NotSignedUp', 'InvalidSecurity'] },
  { code: 'AUTH_EXPIRED', vendorCodes: ['ExpiredToken', 'TokenRefreshRequired'] },
  { code: 'CLOCK_SKEW', vendorCodes: ['RequestTimeTooSkewed', 'RequestExpired'] },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['AccessDenied', 'AllAccessDisabled', 'AccessControlListNotSupported', 'Forbidden', '403'],
    summary: 'The user may not do this in the bucket.',
    advice:
      'Attach the policy of the set-up script; a bucket policy, an encryption key (KMS) or an organisation rule can forbid it as well.',
  },
  { code: 'NOT_FOUND_BUCKET', vendorCodes: ['NoSuchBucket'] },
  {
    code: 'CONFIG_REGION',
    vendorCodes: [
      'PermanentRedirect',
      'TemporaryRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
    ],
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['InvalidBucketName', 'ParamValidationError', 'InvalidURI', 'ERR_INVALID_URL'],
  },
  {
    code: 'CONCURRENCY',
    vendorCodes: [
      'NoSuchUpload',
      'InvalidPart',
      'InvalidPartOrder',
      'EntityTooSmall',
      'OperationAborted',
      'ConditionalRequestConflict',
    ],
    summary: 'The upload was interrupted.',
    advice: 'Nothing to do; the upload starts again.',
  },
  {
    code: 'QUOTA_SHORT',
    vendorCodes: ['SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequests', 'RequestLimitExceeded'],
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['ServiceUnavailable', 'InternalError', 'BadGateway', 'GatewayTimeout'],
    summary: 'The store answered with an error of its own.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  { code: 'TIMEOUT', vendorCodes: ['RequestTimeout'] },
  {
    code: 'UPLOAD_CORRUPT',
    vendorCodes: [
      'BadDigest',
      'InvalidDigest',
      'XAmzContentSHA256Mismatch',
      'XAmzContentChecksumMismatch',
      'IncompleteBody',
    ],
  },
  { code: 'DATA_TOO_LARGE', vendorCodes: ['EntityTooLarge'], summary: 'A file is larger than the store accepts.' },
  { code: 'BILLING', vendorCodes: ['AccountProblem', 'OptInRequired', 'BillingDisabled'] },
  { code: 'CAPACITY', vendorCodes: ['QuotaExceeded', 'XMinioStorageFull'], summary: 'The bucket is full.' },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['KMS.DisabledException', 'KMS.NotFoundException', 'KMSInvalidStateException'],
    summary: "The bucket's encryption key cannot be used.",
  },
  ...stagedReaderRules,
  ...sharedRules,
];

/** The error as an AppError; for a wrong region with the right one, where the store names it. */
export function translate(thrown: unknown, phase: Phase, settings: S3Settings): AppError {
  const { bucket, region } = settings;
  const error = classify(thrown, s3Rules, { secrets: [settings.secretAccessKey], phase, details: { bucket, region } });
  const right = error.code === 'CONFIG_REGION' ? regionOf(thrown) : null;
  if (!right) return error;
  return new AppError('CONFIG_REGION', {
    summary: `The bucket is in region ${right}, not ${region}.`,
    ...(error.externalMessage === null ? {} : { externalMessage: error.externalMessage }),
    details: { ...error.details, rightRegion: right },
    cause: error.cause,
  });
}

function regionOf(thrown: unknown): string | null {
  const { Region, $response } = thrown as { Region?: unknown; $response?: { headers?: Record<string, string> } };
  const region = Region ?? $response?.headers?.['x-amz-bucket-region'];
  return typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? region : null;
}

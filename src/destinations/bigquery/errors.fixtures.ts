/** Errors as the vendor's transport (gaxios) throws them for answers of the API and of the token service, and as jobs fail. */
import type { ErrorCode } from '../../kernel/app-error.ts';
import type { Phase } from '../rules.ts';
import { sharedFixtures, type ErrorFixture } from '../testing/catalogue.ts';

/** An answer of the API: the body's error is the cause. */
function answered(code: ErrorCode, status: number, reason: string, message: string): ErrorFixture {
  const errors = [{ message, domain: 'global', reason }];
  return {
    code,
    error: { name: 'Error', message, status, code: status, cause: { message, code: status, status: 'ERROR', errors } },
  };
}

/** An answer of the token service. */
function refused(code: ErrorCode, description: string, phase: Phase = 'check'): ErrorFixture {
  const cause = { message: 'invalid_grant', code: 400, status: 'Bad Request' };
  return {
    code,
    phase,
    error: { name: 'Error', message: `invalid_grant: ${description}`, status: 400, code: 400, cause },
  };
}

/** The result of a job. */
function failed(code: ErrorCode, reason: string, message: string): ErrorFixture {
  return {
    code,
    error: { name: 'JobError', message, reason, requestId: 'wharf_1_1_merge_1', errors: [{ reason, message }] },
  };
}

const project = 'my-shop-123456';

export const bigqueryFixtures: readonly ErrorFixture[] = [
  refused('AUTH_INVALID', 'Invalid JWT Signature.'),
  refused('AUTH_INVALID', 'Invalid grant: account not found'),
  refused('AUTH_INVALID', 'Invalid JWT: Failed audience check.'),
  refused(
    'CLOCK_SKEW',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  ),
  answered('AUTH_INVALID', 401, 'authError', 'Request had invalid authentication credentials.'),
  answered(
    'PERMISSION_MISSING',
    403,
    'accessDenied',
    `Access Denied: Project ${project}: User does not have bigquery.jobs.create permission in project ${project}.`,
  ),
  failed(
    'PERMISSION_MISSING',
    'accessDenied',
    `Access Denied: Table ${project}:klaviyo.klaviyo_event: User does not have permission to query table`,
  ),
  answered(
    'PERMISSION_MISSING',
    403,
    'accessNotConfigured',
    `BigQuery API has not been used in project ${project} before or it is disabled.`,
  ),
  answered('PERMISSION_MISSING', 400, 'invalid', `The project ${project} has not enabled BigQuery.`),
  answered('PERMISSION_MISSING', 403, 'blocked', 'Operation blocked.'),
  answered(
    'NETWORK_BLOCKED',
    403,
    'policyViolation',
    "VPC Service Controls: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x",
  ),
  failed(
    'BILLING',
    'billingNotEnabled',
    'Billing has not been enabled for this project. DML queries are not allowed in the free tier.',
  ),
  answered('BILLING', 400, 'billingTierLimitExceeded', 'Query exceeded the billing tier.'),
  answered(
    'QUOTA_SHORT',
    403,
    'rateLimitExceeded',
    'Exceeded rate limits: too many table update operations for this table.',
  ),
  failed('QUOTA_SHORT', 'jobRateLimitExceeded', 'Job exceeded rate limits.'),
  answered('QUOTA_LONG', 403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for imports per table.'),
  answered('NOT_FOUND_DATABASE', 404, 'notFound', `Not found: Project ${project}`),
  answered('NOT_FOUND_SCHEMA', 404, 'notFound', `Not found: Dataset ${project}:klaviyo`),
  failed('NOT_FOUND_SCHEMA', 'notFound', `Not found: Dataset ${project}:klaviyo was not found in location US`),
  failed(
    'NOT_FOUND_TABLE',
    'notFound',
    `Not found: Table ${project}:klaviyo.klaviyo_event was not found in location EU`,
  ),
  answered('CONCURRENCY', 404, 'notFound', `Not found: Job ${project}:wharf_1_1_merge_1`),
  answered('CONCURRENCY', 409, 'duplicate', `Already Exists: Job ${project}:wharf_1_1_merge_1`),
  failed(
    'CONCURRENCY',
    'invalidQuery',
    `Transaction is aborted due to concurrent update against table ${project}:klaviyo._wharf_lock. Transaction ID: 1`,
  ),
  failed('CONCURRENCY', 'invalidQuery', 'Query error: wharf: lock row missing at [3:1]'),
  failed(
    'DUPLICATE_KEY_IN_BATCH',
    'invalidQuery',
    'UPDATE/MERGE must match at most one source row for each target row',
  ),
  failed('SCHEMA_MISMATCH', 'invalidQuery', 'Unrecognized name: integration_name at [9:3]'),
  failed(
    'SCHEMA_MISMATCH',
    'invalidQuery',
    'Value of type TIMESTAMP cannot be assigned to created, which has type STRING at [9:30]',
  ),
  failed(
    'SCHEMA_MISMATCH',
    'invalidQuery',
    'Too many partitions produced by query, allowed 4000, query produces at least 4100 partitions',
  ),
  failed(
    'DATA_INVALID',
    'invalid',
    'Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: 1; errors: 1.',
  ),
  failed(
    'DATA_INVALID',
    'invalid',
    'Error while reading data, error message: JSON parsing error in row starting at position 0: Parser terminated before end of string',
  ),
  failed(
    'DATA_TOO_LARGE',
    'invalid',
    'Error while reading data, error message: JSON parsing error in row starting at position 0: Row size is larger than: 104857600.',
  ),
  answered('SETTINGS_INVALID', 400, 'invalid', "Invalid project ID 'x'."),
  failed('CAPACITY', 'resourcesExceeded', 'Resources exceeded during query execution.'),
  failed('MAINTENANCE', 'tableUnavailable', 'Table is not available.'),
  failed('TIMEOUT', 'timeout', 'Operation timed out.'),
  failed('CANCELLED', 'stopped', 'Job execution was cancelled: User requested cancellation'),
  answered(
    'NETWORK_UNREACHABLE',
    503,
    'backendError',
    'Error encountered during execution. Retrying may solve the problem.',
  ),
  {
    code: 'NETWORK_UNREACHABLE',
    error: { name: 'Error', message: 'Request failed with status code 502', status: 502, code: 502 },
  },
  {
    code: 'NETWORK_UNREACHABLE',
    error: { name: 'FetchError', code: 'ERR_STREAM_PREMATURE_CLOSE', message: 'Premature close' },
  },
  ...sharedFixtures,
];

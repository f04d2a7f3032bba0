/** Google names a reason with every error of the API and of a job; texts tell apart what one reason lumps together. */
import type { AppError } from '../../kernel/app-error.ts';
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import { parseServiceAccountKey } from './service-account-key.ts';
import type { BigquerySettings } from './spec.ts';

export const bigqueryRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['400'],
    pattern: /invalid_grant: Invalid JWT Signature/,
    summary: 'Google does not know the key: it was deleted, or belongs to another service account.',
    advice: 'Make a new key of the service account and paste the whole file into the connection.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['400'],
    pattern: /invalid_grant: Invalid grant: account not found/,
    summary: 'The service account does not exist any more.',
    advice: 'Run the set-up script; then make a key of the new service account and paste it into the connection.',
  },
  {
    code: 'CLOCK_SKEW',
    vendorCodes: ['400'],
    pattern: /invalid_grant: .*reasonable timeframe/,
    summary: "Google refused the sign-in because Wharf's clock is wrong.",
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['400'],
    pattern: /^invalid_grant(?!: Invalid JWT Signature|: Invalid grant: account not found|: .*reasonable timeframe)/,
    summary: 'Google refused the sign-in of the service account.',
    advice: 'Check in the Google Cloud console that the service account is enabled, and make a new key.',
  },
  { code: 'AUTH_INVALID', vendorCodes: ['401'], summary: 'Google refused the credentials of the service account.' },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['accessDenied'],
    summary: 'The service account lacks a permission.',
    advice:
      'Grant it the roles BigQuery Job User on the project and BigQuery Data Editor on the dataset, as the set-up script does.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['accessNotConfigured', 'SERVICE_DISABLED'],
    summary: 'The BigQuery API is switched off in the project.',
    advice:
      'Switch it on: gcloud services enable bigquery.googleapis.com; it takes a few minutes to be known everywhere.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['invalid'],
    pattern: /has not enabled BigQuery/,
    summary: 'BigQuery is switched off in the project.',
    advice: 'Check the project id; if it is right: gcloud services enable bigquery.googleapis.com.',
  },
  {
    code: 'NETWORK_BLOCKED',
    vendorCodes: ['policyViolation'],
    summary: "A rule of the organisation (VPC Service Controls) keeps Wharf's address out.",
    advice: 'Let the outbound addresses of Wharf into the service perimeter of the project.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['blocked'],
    summary: 'Google has blocked this operation for the project.',
    advice: 'Ask the support of Google Cloud why; then re-enable the sync.',
  },
  {
    code: 'BILLING',
    vendorCodes: ['billingNotEnabled', 'billingTierLimitExceeded'],
    summary: 'The project has no billing, which BigQuery wants for changing rows.',
    advice: 'Link a billing account to the project in the Google Cloud console.',
  },
  { code: 'QUOTA_SHORT', vendorCodes: ['rateLimitExceeded', 'userRateLimitExceeded', 'jobRateLimitExceeded', '429'] },
  { code: 'QUOTA_LONG', vendorCodes: ['quotaExceeded'] },
  {
    code: 'NOT_FOUND_DATABASE',
    vendorCodes: ['notFound'],
    pattern: /Not found: Project/,
    summary: 'The project does not exist, or the service account cannot see it.',
    advice: 'Check the project id.',
  },
  {
    code: 'NOT_FOUND_SCHEMA',
    vendorCodes: ['notFound'],
    pattern: /Not found: Dataset/,
    summary: 'The dataset does not exist in this project, or the service account cannot see it.',
    advice: 'Check project id and dataset; the set-up script makes the dataset.',
  },
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['notFound'], pattern: /Not found: Table/ },
  {
    code: 'CONCURRENCY',
    vendorCodes: ['notFound'],
    pattern: /Not found: Job/,
    summary: 'BigQuery does not know the job any more.',
  },
  { code: 'CONCURRENCY', vendorCodes: ['duplicate'] },
  {
    code: 'CONCURRENCY',
    vendorCodes: ['invalidQuery'],
    pattern: /aborted due to concurrent update|Could not serialize access|wharf: lock row missing/,
  },
  {
    code: 'DUPLICATE_KEY_IN_BATCH',
    vendorCodes: ['invalidQuery'],
    pattern: /must match at most one source row/,
    summary: 'A table holds one key twice, or a batch did.',
    advice: 'Look for ids that stand twice in the table and delete one of each; Wharf itself never adds a second.',
  },
  {
    code: 'SCHEMA_MISMATCH',
    vendorCodes: ['invalidQuery'],
    pattern:
      /Unrecognized name|not found inside|is not present in table|cannot be (assigned|inserted|coerced)|which cannot be|Too many partitions|No matching signature/,
  },
  {
    code: 'DATA_TOO_LARGE',
    vendorCodes: ['invalid', 'invalidQuery'],
    pattern: /Row size is larger than|exceeds the maximum allowed size|Input row exceeds/,
  },
  {
    code: 'DATA_INVALID',
    vendorCodes: ['invalid'],
    pattern: /Error while reading data(?!.*(Row size is larger than|exceeds the maximum allowed size))/s,
  },
  { code: 'SETTINGS_INVALID', vendorCodes: ['invalid'], pattern: /Invalid (project|dataset) ID/i },
  {
    code: 'CAPACITY',
    vendorCodes: ['resourcesExceeded'],
    summary: 'BigQuery had too little capacity for a batch.',
    advice: 'Give the project more slots, or run other heavy queries at other times; then re-enable the sync.',
  },
  { code: 'MAINTENANCE', vendorCodes: ['tableUnavailable'], summary: 'A table is not available for now.' },
  { code: 'TIMEOUT', vendorCodes: ['timeout'] },
  {
    code: 'CANCELLED',
    vendorCodes: ['stopped'],
    summary: 'The job was cancelled in BigQuery.',
    advice: 'The sync retries by itself.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['backendError', 'internalError', 'jobBackendError', 'jobInternalError', '500', '502', '503', '504'],
    summary: 'BigQuery answered with an error of its own.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  { code: 'NETWORK_UNREACHABLE', vendorCodes: ['ERR_STREAM_PREMATURE_CLOSE'], summary: 'The connection broke.' },
  ...sharedRules,
];

export function translate(thrown: unknown, phase: Phase, settings: BigquerySettings): AppError {
  const { projectId, dataset } = settings;
  const details = { projectId, dataset };
  return classify(thrown, bigqueryRules, { secrets: secretsOf(settings), phase, details });
}

/** The file as pasted, the key in it, and each of the key's lines. */
function secretsOf({ serviceAccountKey }: BigquerySettings): readonly string[] {
  const key = parseServiceAccountKey(serviceAccountKey);
  if ('problem' in key) return [serviceAccountKey];
  const lines = key.privateKey.split('\n').filter((line) => line.length >= 20 && !line.startsWith('-----'));
  return [serviceAccountKey, key.privateKey, ...lines];
}

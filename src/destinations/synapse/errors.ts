/** What the pool says by number, the store by code. Numbers beyond 100000 wrap what a node said, so words decide there. */
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import { stagedReaderRules } from '../staged-reader.ts';
import type { AppError } from '../../kernel/app-error.ts';
import { secretsOf } from './sas.ts';
import { ServerError } from './server-error.ts';
import type { SynapseSettings } from './spec.ts';

const newSas = 'Make a new shared access signature for the container (sp=rcwdl) and enter it in the connection.';

const signInRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['18456', '18452', '40531'],
    summary: 'The workspace refused the username or password.',
    advice: 'Check username and password; the login is made in the database master, its user in the pool.',
  },
  {
    code: 'AUTH_EXPIRED',
    vendorCodes: ['18487', '18488'],
    summary: 'The password of the SQL login has expired.',
    advice: 'Set a new password (ALTER LOGIN) and enter it in the connection.',
  },
  {
    code: 'AUTH_LOCKED',
    vendorCodes: ['18486', '18470'],
    summary: 'The SQL login is locked or disabled.',
    advice: 'Enable or unlock the login in the workspace; the sync resumes by itself.',
  },
  {
    code: 'NETWORK_BLOCKED',
    vendorCodes: ['40615', '40914', '47073', '42101'],
    summary: 'The firewall of the workspace does not let this address in.',
    advice: 'Add the outbound addresses of Wharf to the firewall rules of the workspace; a change takes some minutes.',
  },
  {
    code: 'NOT_FOUND_ACCOUNT',
    vendorCodes: ['40532'],
    summary: 'The workspace is not known.',
    advice: 'Check the workspace name in the connection.',
  },
  {
    code: 'NOT_FOUND_DATABASE',
    vendorCodes: ['4060', '911', '916'],
    summary: 'The dedicated SQL pool does not exist, or the user has no access to it.',
    advice: 'Check the name of the dedicated SQL pool, and that the set-up script has made the user in it.',
  },
  {
    code: 'SUSPENDED',
    vendorCodes: ['40892', '42108'],
    summary: 'The dedicated SQL pool is paused.',
    advice: 'Resume the pool; the sync goes on by itself.',
  },
  {
    code: 'SUSPENDED',
    vendorCodes: ['42109'],
    summary: 'The dedicated SQL pool is starting.',
    advice: 'Nothing to do; the sync goes on by itself.',
  },
  {
    code: 'MAINTENANCE',
    vendorCodes: ['926', '40197', '40613'],
    summary: 'The dedicated SQL pool is not available for the moment.',
  },
  {
    code: 'QUOTA_SHORT',
    vendorCodes: ['10928', '10929', '40501', '40544', '40549', '49918', '49919', '49920'],
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['EENCRYPT'],
    summary: 'The server does not offer an encrypted connection.',
    advice: 'Check the workspace; Wharf never sends a password in the clear.',
  },
];

const statementRules: readonly ErrorRule[] = [
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['208', '3701', '4902'], summary: 'A table is missing.' },
  {
    code: 'NOT_FOUND_SCHEMA',
    vendorCodes: ['2760'],
    advice: 'Run the set-up script; it makes the schema wharf_stage.',
  },
  {
    code: 'SCHEMA_MISMATCH',
    vendorCodes: ['102', '207', '213', '103010', '104162', '10713'],
    summary: 'A table is not as the set-up script makes it.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['229', '230', '262', '300', '1088', '15247', '297'],
    summary: 'The user lacks a permission in the pool.',
    advice: 'Run the grants of the set-up script; the message names what is missing.',
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['4834'],
    summary: 'The user may not use COPY INTO.',
    advice: 'Run: GRANT ADMINISTER DATABASE BULK OPERATIONS TO the user; the set-up script has the line.',
  },
  { code: 'CONCURRENCY', vendorCodes: ['1205', '1222', '3960'] },
  {
    code: 'CONCURRENCY',
    vendorCodes: ['111233'],
    summary: 'The transaction had failed and was rolled back.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  {
    code: 'DATA_INVALID',
    vendorCodes: ['241', '242', '245', '515', '4832', '4863', '4864', '4866', '4879', '8114', '8115', '13812'],
  },
  { code: 'DATA_TOO_LARGE', vendorCodes: ['2628', '8152', '511'], summary: 'A value is too long for its column.' },
  {
    code: 'CAPACITY',
    vendorCodes: ['9002', '40552'],
    summary: 'The transaction log of the pool was too small for a batch.',
    advice: 'Scale the pool up for the load; the limit grows with the service level.',
  },
  {
    code: 'CAPACITY',
    vendorCodes: ['1105', '1101'],
    summary: 'The pool has no room left.',
    advice: 'Raise the maximum size of the pool, or delete what is not needed.',
  },
  { code: 'TIMEOUT', vendorCodes: ['ETIMEOUT'] },
  { code: 'CANCELLED', vendorCodes: ['ECANCEL', 'ECLOSE', 'EINVALIDSTATE'] },
];

/** What the pool says about the files; it wraps the store's own status. */
const copyRules: readonly ErrorRule[] = [
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['105215'],
    pattern: /error: \(40[13]\)/,
    summary: 'The pool may not read the container with the shared access signature.',
    advice: `${newSas} A firewall of the storage account must let the pool in as well.`,
  },
  {
    code: 'LOAD_FILE_MISSING',
    vendorCodes: ['105215'],
    pattern: /error: \(40[49]\)/,
    summary: 'The pool did not find the uploaded files.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['105215'],
    pattern: /remote name could not be resolved|Unable to connect to the remote server|error: \(5\d\d\)/,
    summary: 'The pool cannot reach the storage account.',
    advice: 'Check the storage account, and whether its firewall lets the pool in.',
  },
  {
    code: 'AUTH_EXPIRED',
    pattern: /unexpected error encountered when requesting SAS token/i,
    summary: 'The pool could not use the shared access signature.',
    advice: newSas,
  },
  { code: 'TIMEOUT', vendorCodes: ['110806'], pattern: /Timeout Expired/i },
  {
    code: 'MAINTENANCE',
    vendorCodes: ['110802', '110813', '110806'],
    pattern: /^(?!.*Timeout Expired)/is,
    summary: 'A node of the pool failed.',
    advice: 'Nothing to do; the sync goes on by itself. If it lasts, pause and resume the pool.',
  },
];

const blobRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_EXPIRED',
    vendorCodes: ['AuthenticationFailed'],
    pattern: /not valid in the specified time frame|Signed expiry time/,
    summary: 'The shared access signature has expired, or is not valid yet.',
    advice: newSas,
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['AuthenticationFailed', 'NoAuthenticationInformation', 'InvalidAuthenticationInfo'],
    pattern: /^(?!.*(?:specified time frame|Signed expiry time))/s,
    summary: 'The storage account refused the shared access signature.',
    advice: `It was changed, or is of another account or container, or its key or policy was renewed. ${newSas}`,
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: [
      'AuthorizationPermissionMismatch',
      'AuthorizationResourceTypeMismatch',
      'AuthorizationServiceMismatch',
      'RequestForbiddenByContainerEncryptionPolicy',
      'InsufficientAccountPermissions',
      'KeyVaultAccessTokenCannotBeAcquired',
    ],
    summary: 'The shared access signature does not allow what Wharf must do in the container.',
    advice: newSas,
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['AuthorizationFailure'],
    summary: 'The storage account refused the shared access signature, or its firewall refused this address.',
    advice: `${newSas} Check the firewall of the storage account too: the outbound addresses of Wharf must be allowed.`,
  },
  {
    code: 'NETWORK_BLOCKED',
    vendorCodes: ['AuthorizationSourceIPMismatch', 'PublicAccessNotPermitted'],
    summary: 'The shared access signature does not allow this address.',
    advice: 'Make one without a range of addresses (sip), or with the outbound addresses of Wharf and the pool.',
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: [
      'AuthorizationProtocolMismatch',
      'FeatureVersionMismatch',
      'InvalidQueryParameterValue',
      'InvalidUri',
    ],
    summary: 'The storage account could not read the shared access signature.',
    advice: newSas,
  },
  {
    code: 'NOT_FOUND_BUCKET',
    vendorCodes: ['ContainerNotFound', 'ContainerBeingDeleted', 'ContainerDisabled'],
    summary: 'The container does not exist.',
    advice: 'Check the container name in the connection, or make the container in the storage account.',
  },
  { code: 'LOAD_FILE_MISSING', vendorCodes: ['BlobNotFound'] },
  { code: 'BILLING', vendorCodes: ['AccountIsDisabled'], summary: 'The storage account is disabled.' },
  { code: 'QUOTA_SHORT', vendorCodes: ['ServerBusy', 'TooManyRequests'] },
  { code: 'TIMEOUT', vendorCodes: ['OperationTimedOut'] },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['InternalError'],
    summary: 'The storage account answered with an error of its own.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  {
    code: 'UPLOAD_CORRUPT',
    vendorCodes: ['Md5Mismatch', 'Crc64Mismatch', 'InvalidBlockList', 'InvalidBlockId'],
  },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['BlobImmutableDueToPolicy', 'BlobImmutableDueToLegalHold', 'LeaseIdMissing'],
    summary: 'The container does not let files be deleted.',
    advice: 'Use a container without an immutability policy, legal hold or leases.',
  },
];

export const synapseRules: readonly ErrorRule[] = [
  ...signInRules,
  ...statementRules,
  ...copyRules,
  ...blobRules,
  ...stagedReaderRules,
  ...sharedRules,
];

/** Any error of the drivers as an AppError. */
export function translate(thrown: unknown, phase: Phase, settings: SynapseSettings): AppError {
  const { workspace, database, storageAccount, container } = settings;
  return classify(readable(thrown), synapseRules, {
    secrets: [settings.password, ...secretsOf(settings.sharedAccessSignature)],
    phase,
    details: { workspace, database, storageAccount, container },
  });
}

/**
 * tedious gives the server's number in a field of its own, beside a code that only says that the server spoke; rules look
 * for the number. A server may send several errors for one statement: the first is the cause.
 */
export function readable(thrown: unknown): unknown {
  const first = thrown instanceof AggregateError && isNumbered(thrown.errors[0]) ? thrown.errors[0] : thrown;
  if (!isNumbered(first)) return thrown;
  return Object.assign(new Error(first.message, { cause: first.cause }), {
    name: 'ServerError',
    code: String(first.number),
    stack: first.stack,
  });
}

function isNumbered(thrown: unknown): thrown is Error & { readonly number: number } {
  return (
    thrown instanceof ServerError || (thrown instanceof Error && 'number' in thrown && thrown.number !== undefined)
  );
}

/** Errors as tedious (a number of the server's) and the Azure SDK (a code of the store's) throw them. */
import type { ErrorCode } from '../../kernel/app-error.ts';
import { sharedFixtures, stagedReaderFixtures, type ErrorFixture } from '../testing/catalogue.ts';

/** As `readable` in `errors.ts` leaves it. */
const sql = (code: ErrorCode, number: number, message: string): ErrorFixture => ({
  code,
  error: { name: 'ServerError', code: String(number), message },
});

const driver = (code: ErrorCode, name: string, vendorCode: string, message: string): ErrorFixture => ({
  code,
  error: { name, code: vendorCode, message },
});

const blob = (code: ErrorCode, vendorCode: string, statusCode: number, message: string): ErrorFixture => ({
  code,
  error: { name: 'RestError', code: vendorCode, statusCode, message },
});

const signIn: readonly ErrorFixture[] = [
  sql('AUTH_INVALID', 18456, "Login failed for user 'wharf_loader'."),
  sql('AUTH_EXPIRED', 18487, "Login failed for user 'wharf_loader'. Reason: The password of the account has expired."),
  sql(
    'AUTH_LOCKED',
    18486,
    "Login failed for user 'wharf_loader' because the account is currently locked out. The system administrator can unlock it.",
  ),
  sql(
    'NETWORK_BLOCKED',
    40615,
    "Cannot open server 'shop' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server.",
  ),
  sql(
    'NETWORK_BLOCKED',
    40914,
    "Cannot open server 'shop' requested by the login. Client is not allowed to access the server.",
  ),
  sql(
    'NETWORK_BLOCKED',
    47073,
    'Reason: An instance-specific error occurred while establishing a connection to SQL Server.',
  ),
  sql('NOT_FOUND_ACCOUNT', 40532, 'Cannot open server "shop" requested by the login. The login failed.'),
  sql('NOT_FOUND_DATABASE', 4060, 'Cannot open database "shop" requested by the login. The login failed.'),
  sql('SUSPENDED', 40892, 'Cannot connect to database when it is paused.'),
  sql(
    'SUSPENDED',
    42108,
    'Can not connect to the SQL pool since it is paused. Please resume the SQL pool and try again.',
  ),
  sql('SUSPENDED', 42109, 'The SQL pool is warming up. Please try again.'),
  sql(
    'MAINTENANCE',
    40197,
    'The service has encountered an error processing your request. Please try again. Error code 40197.',
  ),
  sql(
    'MAINTENANCE',
    40613,
    "Database 'shop' on server 'shop' is not currently available. Please retry the connection later.",
  ),
  sql('QUOTA_SHORT', 40501, 'The service is currently busy. Retry the request after 10 seconds.'),
  sql('QUOTA_SHORT', 49918, 'Cannot process request. Not enough resources to process request.'),
  driver(
    'SETTINGS_INVALID',
    'ConnectionError',
    'EENCRYPT',
    "Server did not negotiate encryption, but the 'encrypt' config option is set to `true`.",
  ),
];

const statements: readonly ErrorFixture[] = [
  sql('NOT_FOUND_TABLE', 208, "Invalid object name 'dbo.klaviyo_event'."),
  sql(
    'NOT_FOUND_SCHEMA',
    2760,
    'The specified schema name "wharf_stage" either does not exist or you do not have permission to use it.',
  ),
  sql('SCHEMA_MISMATCH', 207, "Invalid column name 'locale'."),
  sql('SCHEMA_MISMATCH', 103010, "Parse error at line: 1, column: 8: Incorrect syntax near 'FROM'."),
  sql(
    'PERMISSION_MISSING',
    229,
    "The INSERT permission was denied on the object 'klaviyo_event', database 'shop', schema 'dbo'.",
  ),
  sql('PERMISSION_MISSING', 262, "CREATE TABLE permission denied in database 'shop'."),
  sql('PERMISSION_MISSING', 4834, 'You do not have permission to use the bulk load statement.'),
  sql(
    'CONCURRENCY',
    1205,
    'Transaction (Process ID 71) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
  ),
  sql(
    'CONCURRENCY',
    111233,
    '111233;The current transaction has aborted, and any pending changes have been rolled back.',
  ),
  sql('DATA_INVALID', 241, 'Conversion failed when converting date and/or time from character string.'),
  sql('DATA_INVALID', 515, "Cannot insert the value NULL into column 'id'; column does not allow nulls. INSERT fails."),
  sql('DATA_INVALID', 13812, 'Bulk load data conversion error (type mismatch or invalid character) for row 3.'),
  sql('DATA_TOO_LARGE', 2628, "String or binary data would be truncated in table 'klaviyo_event', column 'id'."),
  sql('CAPACITY', 9002, "The transaction log for database 'Distribution_12' is full due to 'ACTIVE_TRANSACTION'."),
  sql('CAPACITY', 40552, 'The session has been terminated because of excessive transaction log space usage.'),
  sql(
    'CAPACITY',
    1105,
    "Could not allocate a new page for database 'Distribution_12' because of insufficient disk space in filegroup 'PRIMARY'.",
  ),
  driver('TIMEOUT', 'ConnectionError', 'ETIMEOUT', 'Failed to connect to shop.sql.azuresynapse.net:1433 in 30000ms'),
  driver('CANCELLED', 'RequestError', 'ECANCEL', 'Canceled.'),
  driver('CANCELLED', 'RequestError', 'ECLOSE', 'Connection closed before request completed.'),
  {
    code: 'NETWORK_UNREACHABLE',
    error: {
      name: 'ConnectionError',
      code: 'ESOCKET',
      message: 'Connection lost - socket hang up',
      cause: { name: 'Error', code: 'ECONNRESET', message: 'socket hang up' },
    },
  },
];

const validating = '105215;Not able to validate external location because';

const copying: readonly ErrorFixture[] = [
  sql('PERMISSION_MISSING', 105215, `${validating} The remote server returned an error: (403) Forbidden.`),
  sql('PERMISSION_MISSING', 105215, `${validating} The remote server returned an error: (401) Unauthorized.`),
  sql('LOAD_FILE_MISSING', 105215, `${validating} The remote server returned an error: (404) Not Found.`),
  sql(
    'NETWORK_UNREACHABLE',
    105215,
    `${validating} The remote name could not be resolved: 'shop.blob.core.windows.net'`,
  ),
  sql('AUTH_EXPIRED', 110000, 'An unexpected error encountered when requesting SAS token.'),
  sql('TIMEOUT', 110806, '110806;A distributed query failed: Execution Timeout Expired.'),
  sql('MAINTENANCE', 110806, '110806;A distributed query failed: A severe error occurred on the current command.'),
  sql('MAINTENANCE', 110802, '110802;An internal DMS error occurred that caused this operation to fail.'),
];

const storing: readonly ErrorFixture[] = [
  blob(
    'AUTH_EXPIRED',
    'AuthenticationFailed',
    403,
    'Server failed to authenticate the request. Signature not valid in the specified time frame: Start [..] - Expiry [..] - Current [..]',
  ),
  blob(
    'AUTH_INVALID',
    'AuthenticationFailed',
    403,
    'Server failed to authenticate the request. Signature did not match.',
  ),
  blob('AUTH_INVALID', 'NoAuthenticationInformation', 401, 'Server failed to authenticate the request.'),
  blob('AUTH_INVALID', 'AuthorizationFailure', 403, 'This request is not authorized to perform this operation.'),
  blob(
    'PERMISSION_MISSING',
    'AuthorizationPermissionMismatch',
    403,
    'This request is not authorized to perform this operation using this permission.',
  ),
  blob(
    'NETWORK_BLOCKED',
    'AuthorizationSourceIPMismatch',
    403,
    'This request is not authorized to perform this operation using this source IP 203.0.113.7.',
  ),
  blob(
    'SETTINGS_INVALID',
    'AuthorizationProtocolMismatch',
    403,
    'This request is not authorized to perform this operation using this protocol.',
  ),
  blob('NOT_FOUND_BUCKET', 'ContainerNotFound', 404, 'The specified container does not exist.'),
  blob('LOAD_FILE_MISSING', 'BlobNotFound', 404, 'The specified blob does not exist.'),
  blob('BILLING', 'AccountIsDisabled', 403, 'The specified account is disabled.'),
  blob(
    'QUOTA_SHORT',
    'ServerBusy',
    503,
    'The server is currently unable to receive requests. Please retry your request.',
  ),
  blob('TIMEOUT', 'OperationTimedOut', 500, 'The operation could not be completed within the permitted time.'),
  blob(
    'NETWORK_UNREACHABLE',
    'InternalError',
    500,
    'The server encountered an internal error. Please retry the request.',
  ),
  blob('UPLOAD_CORRUPT', 'InvalidBlockList', 400, 'The specified block list is invalid.'),
  blob(
    'PERMISSION_MISSING',
    'BlobImmutableDueToPolicy',
    409,
    'This operation is not permitted as the blob is immutable due to a policy.',
  ),
];

export const synapseFixtures: readonly ErrorFixture[] = [
  ...signIn,
  ...statements,
  ...copying,
  ...storing,
  ...stagedReaderFixtures,
  ...sharedFixtures,
];

/** Errors as the driver throws them; texts of Snowflake as seen in public reports, and from the driver's own source. */
import type { ErrorCode } from '../../kernel/app-error.ts';
import { sharedFixtures, type ErrorFixture } from '../testing/catalogue.ts';

/** Answered by Snowflake; statements have a query id, sign-ins do not. */
export function answeredWith(code: string, message: string, sqlState?: string): Error {
  return Object.assign(new Error(message), {
    name: 'OperationFailedError',
    code,
    ...(sqlState === undefined ? {} : { sqlState }),
    data: { errorCode: code, sqlState, queryId: '01b2c3d4-0000-1111-2222-333344445555' },
  });
}

/** Refused by whatever stands before Snowflake. */
export function refusedWith(status: number): Error {
  return Object.assign(new Error('Request to Snowflake failed.'), {
    name: 'RequestFailedError',
    code: 401002,
    response: { statusCode: status, data: '<html></html>', headers: {} },
  });
}

/** Of the driver itself. */
export function ofDriver(name: string, code: number, message: string): Error {
  return Object.assign(new Error(message), { name, code });
}

/** The network failed; the driver's own words are those of the cause. */
export function brokenBy(code: string, message: string): Error {
  const cause = Object.assign(new Error(message), { name: 'AxiosError', code });
  return Object.assign(new Error(message, { cause }), { name: 'NetworkError', code: 401001 });
}

const uploadFailed = (message: string): Error => new Error(`${message} file=part-0.gz, real file=/tmp/part-0.gz`);

const compilation = 'SQL compilation error:';

type Fixture = readonly [code: ErrorCode, error: Error];

const thrown: readonly Fixture[] = [
  ['AUTH_INVALID', answeredWith('390144', 'JWT token is invalid. [7fb87e37-2f26-4a10-9f9c-72276ea898bf]')],
  ['AUTH_INVALID', answeredWith('390100', 'Incorrect username or password was specified.')],
  ['AUTH_INVALID', answeredWith('390101', 'User access disabled. Contact your local system administrator.')],
  [
    'AUTH_INVALID',
    ofDriver(
      'InvalidParameterError',
      404026,
      'Invalid private key. The specified value must be a string in pem format of type pkcs8',
    ),
  ],
  [
    'AUTH_INVALID',
    answeredWith(
      '394508',
      'Failed to authenticate: MFA with TOTP is required. To authenticate, provide both your password and a current TOTP passcode.',
    ),
  ],
  [
    'AUTH_LOCKED',
    answeredWith('390102', 'User temporarily locked. Try again later, or contact your local system administrator.'),
  ],
  [
    'NETWORK_BLOCKED',
    answeredWith(
      '390422',
      'Incoming request with IP/Token 203.0.113.9 is not allowed to access Snowflake. Contact your account administrator.',
    ),
  ],
  [
    'NETWORK_BLOCKED',
    answeredWith(
      '390420',
      'IP 203.0.113.9 is not allowed to access Snowflake.  Contact your local security administrator.',
    ),
  ],
  [
    'NOT_FOUND_ROLE',
    answeredWith('390189', "Role 'LOADER' specified in the connect string does not exist or not authorized."),
  ],
  [
    'NOT_FOUND_ROLE',
    answeredWith(
      '390186',
      "User's configured default role 'LOADER' is not granted to this user. Contact your local system administrator.",
    ),
  ],
  ['NOT_FOUND_ACCOUNT', refusedWith(404)],
  ['NOT_FOUND_ACCOUNT', refusedWith(403)],
  [
    'NOT_FOUND_WAREHOUSE',
    answeredWith(
      '000606',
      "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
      '57P03',
    ),
  ],
  ['NOT_FOUND_WAREHOUSE', answeredWith('390201', 'The requested warehouse does not exist or not authorized.', '08006')],
  ['NOT_FOUND_DATABASE', answeredWith('390201', 'The requested database does not exist or not authorized.', '08006')],
  ['NOT_FOUND_SCHEMA', answeredWith('390201', 'The requested schema does not exist or not authorized.', '08006')],
  [
    'NOT_FOUND_DATABASE',
    answeredWith('002003', `${compilation}\nDatabase 'SHOP' does not exist or not authorized.`, '02000'),
  ],
  [
    'NOT_FOUND_DATABASE',
    answeredWith(
      '090105',
      "Cannot perform SELECT. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.",
      '22000',
    ),
  ],
  [
    'NOT_FOUND_SCHEMA',
    answeredWith('002003', `${compilation}\nSchema 'SHOP.CRM' does not exist or not authorized.`, '02000'),
  ],
  [
    'NOT_FOUND_TABLE',
    answeredWith(
      '002003',
      `${compilation}\nObject 'SHOP.CRM.KLAVIYO_EVENT' does not exist or not authorized.`,
      '42S02',
    ),
  ],
  [
    'NOT_FOUND_TABLE',
    answeredWith('002043', `${compilation}\nObject does not exist, or operation cannot be performed.`, '02000'),
  ],
  [
    'SUSPENDED',
    answeredWith(
      '000608',
      "Warehouse 'LOADING' is suspended. Use 'alter warehouse LOADING resume;' command if you need to use it again.",
      '57P03',
    ),
  ],
  [
    'BILLING',
    answeredWith(
      '090073',
      "Warehouse 'LOADING' cannot be resumed because resource monitor 'MONTHLY' has exceeded its quota.",
      '22000',
    ),
  ],
  [
    'BILLING',
    answeredWith(
      '390913',
      'Your free trial has ended and all of your virtual warehouses have been suspended. Add billing information in the Snowflake web UI to continue using the full set of Snowflake features.',
    ),
  ],
  [
    'PERMISSION_MISSING',
    answeredWith(
      '003001',
      "SQL access control error:\nInsufficient privileges to operate on table 'KLAVIYO_EVENT'",
      '42501',
    ),
  ],
  [
    'PERMISSION_MISSING',
    answeredWith('093012', "Location 's3://bucket/x' is not allowed by integration 'LAKE'.", '42000'),
  ],
  [
    'SCHEMA_MISMATCH',
    answeredWith('000904', `${compilation} error line 4 at position 9\ninvalid identifier 'TARGET."TITLE"'`, '42000'),
  ],
  [
    'SCHEMA_MISMATCH',
    answeredWith('001003', `${compilation}\nsyntax error line 1 at position 0 unexpected 'MERG'.`, '42000'),
  ],
  [
    'DATA_INVALID',
    answeredWith(
      '100069',
      "Error parsing JSON: incomplete object value, pos 15\n  File '@~/wharf/b/1/0/part-0.gz', line 2, character 15",
      '22P02',
    ),
  ],
  ['DATA_INVALID', answeredWith('100071', 'Failed to cast variant value "no time" to TIMESTAMP_TZ', '22000')],
  ['DATA_INVALID', answeredWith('100038', "Numeric value 'abc' is not recognized", '22018')],
  ['DATA_INVALID', answeredWith('100072', 'NULL result in a non-nullable column', '22000')],
  [
    'DATA_TOO_LARGE',
    answeredWith('100069', 'Error parsing JSON: document is too large, max size 16777216 bytes', '22P02'),
  ],
  [
    'DATA_TOO_LARGE',
    answeredWith('100082', 'Max LOB size (16777216) exceeded, actual size of parsed column is 17000000', '22000'),
  ],
  ['DATA_TOO_LARGE', answeredWith('100078', "String 'a long one' is too long and would be truncated", '22000')],
  [
    'DUPLICATE_KEY_IN_BATCH',
    answeredWith('100090', 'Duplicate row detected during DML action\nRow Values: ["a", 1]', '42P18'),
  ],
  [
    'CONCURRENCY',
    answeredWith(
      '000625',
      "Statement '01b2' has locked table 'KLAVIYO_EVENT' in transaction 1; this statement waited too long and was aborted.",
      '57014',
    ),
  ],
  [
    'CONCURRENCY',
    answeredWith('100132', 'JavaScript execution error: statement failed in a multi-statement request', 'P0000'),
  ],
  [
    'TIMEOUT',
    answeredWith(
      '000630',
      'Statement reached its statement or warehouse timeout of 14,400 second(s) and was canceled.',
      '57014',
    ),
  ],
  ['TIMEOUT', answeredWith('000604', 'SQL execution canceled', '57014')],
  ['TIMEOUT', refusedWith(408)],
  ['TIMEOUT', brokenBy('ECONNABORTED', 'timeout of 60000ms exceeded')],
  [
    'NETWORK_UNREACHABLE',
    answeredWith('390111', 'Session no longer exists.  New login required to access the service.'),
  ],
  [
    'NETWORK_UNREACHABLE',
    answeredWith('390114', 'Authentication token has expired.  The user must authenticate again.'),
  ],
  [
    'NETWORK_UNREACHABLE',
    Object.assign(ofDriver('ClientError', 407002, 'Unable to perform operation using terminated connection.'), {
      sqlState: '08003',
      isFatal: true,
    }),
  ],
  ['NETWORK_UNREACHABLE', refusedWith(503)],
  ['NETWORK_UNREACHABLE', ofDriver('UnexpectedContentError', 401003, 'Snowflake responded with non-JSON content.')],
  ['NETWORK_UNREACHABLE', ofDriver('LargeResultSetError', 402001, 'Network error. Could not reach S3/Blob.')],
  ['NETWORK_UNREACHABLE', answeredWith('251012', 'Failed to connect to DB')],
  ['NETWORK_UNREACHABLE', uploadFailed('Error: AxiosError: Request failed with status code 403')],
  ['NETWORK_UNREACHABLE', brokenBy('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:443')],
  ['NETWORK_UNREACHABLE', brokenBy('ENOTFOUND', 'getaddrinfo ENOTFOUND no-such.snowflakecomputing.com')],
  ['SETTINGS_INVALID', brokenBy('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')],
  ['QUOTA_SHORT', refusedWith(429)],
];

/** @param read as `translate` reads an error before the rules see it */
export function snowflakeFixtures(read: (error: unknown) => unknown): readonly ErrorFixture[] {
  const own = thrown.map(([code, error]) => ({ code, error: read(error) as Readonly<Record<string, unknown>> }));
  return [...own, ...sharedFixtures];
}

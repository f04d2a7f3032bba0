import { AppError, type ErrorCode } from '../../kernel/app-error.ts';
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import type { SnowflakeSettings } from './spec.ts';

/** What the driver calls an error that Snowflake answered with; for signals that are known by their words alone. */
const answered = ['OperationFailedError'];

export const snowflakeRules: readonly ErrorRule[] = [
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['390144'],
    summary: 'Snowflake does not know this key for this user.',
    advice:
      'Check username and account, and that the public key of this private key is set on the user (ALTER USER ... SET RSA_PUBLIC_KEY). SYSTEM$GET_LOGIN_FAILURE_DETAILS with the id in the message tells more.',
  },
  { code: 'AUTH_INVALID', vendorCodes: ['390100'] },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['390101'],
    summary: 'The user is disabled in Snowflake.',
    advice: 'Enable the user: ALTER USER ... SET DISABLED = FALSE.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: ['404026'],
    summary: 'The driver cannot read the private key.',
    advice: 'Paste the private key again: the whole file rsa_key.p8.',
  },
  {
    code: 'AUTH_INVALID',
    vendorCodes: answered,
    pattern: /MFA with TOTP is required|[Mm]ulti-factor authentication is required/,
    summary: 'Snowflake asks this user for a second factor.',
    advice: 'Use a user with TYPE = SERVICE and a key pair, as the set-up script makes it.',
  },
  { code: 'AUTH_LOCKED', vendorCodes: ['390102'] },
  {
    code: 'NETWORK_BLOCKED',
    vendorCodes: answered,
    pattern: /is not allowed to access Snowflake/,
    summary: 'A network policy of Snowflake keeps this address out.',
    advice: "Allow Wharf's outbound addresses in the network policy of the user or the account.",
  },
  {
    code: 'NOT_FOUND_ROLE',
    vendorCodes: answered,
    pattern: /\brole\b[^.]*(is not granted to this user|does not exist|is not assigned)/i,
    summary: 'The default role of the user does not exist, or is not granted to it.',
  },
  {
    code: 'NOT_FOUND_ACCOUNT',
    vendorCodes: ['HTTP 404', 'HTTP 403', '290404'],
    summary: 'There is no such account at Snowflake.',
    advice: 'Check the account identifier; in Snowsight it stands under Account details.',
  },
  { code: 'NOT_FOUND_WAREHOUSE', vendorCodes: ['000606', '090106'] },
  { code: 'NOT_FOUND_WAREHOUSE', vendorCodes: ['390201'], pattern: /requested warehouse/ },
  { code: 'NOT_FOUND_DATABASE', vendorCodes: ['390201'], pattern: /requested database/ },
  { code: 'NOT_FOUND_SCHEMA', vendorCodes: ['390201'], pattern: /requested schema/ },
  { code: 'NOT_FOUND_DATABASE', vendorCodes: ['002003'], pattern: /Database '.*' does not exist/ },
  { code: 'NOT_FOUND_DATABASE', vendorCodes: ['090105'] },
  { code: 'NOT_FOUND_SCHEMA', vendorCodes: ['002003'], pattern: /Schema '.*' does not exist/ },
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['002003'], pattern: /(Object|Table|View|Stage) '.*' does not exist/ },
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['002043'] },
  {
    code: 'SUSPENDED',
    vendorCodes: ['000608'],
    pattern: /^(?!.*exceeded its quota)/s,
    summary: 'The compute warehouse is suspended and does not resume by itself.',
    advice: 'Let it resume: ALTER WAREHOUSE ... SET AUTO_RESUME = TRUE; the sync goes on by itself.',
  },
  {
    code: 'BILLING',
    vendorCodes: answered,
    pattern: /resource monitor.*exceeded its quota|free trial has ended|account is suspended due to lack of payment/is,
  },
  { code: 'PERMISSION_MISSING', vendorCodes: ['003001'], summary: 'The role of the user lacks a privilege.' },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: answered,
    pattern: /Location '.*' is not allowed by integration|AWS Access Key Id .* is not valid/,
    summary: 'The storage of the stage refuses Snowflake.',
  },
  { code: 'SCHEMA_MISMATCH', vendorCodes: ['000904', '001003', '001007', '002023'] },
  {
    code: 'DATA_INVALID',
    vendorCodes: ['100069'],
    pattern: /^(?!.*document is too large)/s,
  },
  { code: 'DATA_INVALID', vendorCodes: ['100035', '100038', '100040', '100071', '100072'] },
  { code: 'DATA_TOO_LARGE', vendorCodes: ['100069'], pattern: /document is too large/ },
  { code: 'DATA_TOO_LARGE', vendorCodes: ['100078', '100082'] },
  { code: 'DUPLICATE_KEY_IN_BATCH', vendorCodes: ['100090'] },
  { code: 'CONCURRENCY', vendorCodes: ['000625', '100132'] },
  { code: 'TIMEOUT', vendorCodes: ['000630', 'HTTP 408'] },
  {
    code: 'TIMEOUT',
    vendorCodes: ['000604'],
    summary: 'The statement was cancelled in Snowflake.',
    advice: 'Nothing to do unless it lasts; then look who cancels it in the query history.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: [
      '390104',
      '390111',
      '390112',
      '390114',
      '390195',
      '390303',
      '390318',
      '401004',
      '405503',
      '407002',
      '000612',
    ],
    summary: 'The session with Snowflake ended early.',
    advice: 'Nothing to do; the sync signs in again by itself.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['HTTP 500', 'HTTP 502', 'HTTP 503', 'HTTP 504', '401003'],
    summary: 'Snowflake answered with an error of its own.',
    advice: 'Nothing to do; the sync retries by itself.',
  },
  { code: 'NETWORK_UNREACHABLE', vendorCodes: ['250001', '251012'] },
  { code: 'QUOTA_SHORT', vendorCodes: ['HTTP 429'] },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['402001', '402002', 'UploadFailed'],
    summary: "The storage behind Snowflake's stages could not be reached.",
    advice:
      'Nothing to do unless it lasts; then allow connections to the addresses that SYSTEM$ALLOWLIST() of the account names.',
  },
  ...sharedRules,
];

interface DriverError extends Error {
  readonly code?: unknown;
  readonly sqlState?: unknown;
  readonly data?: { readonly queryId?: unknown };
  readonly response?: { readonly statusCode?: unknown };
}

/** The driver's error with the fields that `signalOf` reads, and without values of rows. */
export function readable(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return thrown;
  const { name, stack, code, sqlState, data, response, cause } = thrown as DriverError;
  // the cause says more than that the network failed
  const ownCode = cause === undefined ? code : undefined;
  const message = withoutValues(thrown.message, String(code));
  return Object.assign(new Error(message, { cause: readableCause(cause) }), {
    name: cause === undefined ? name : 'Error',
    stack: [`${name}: ${message}`, ...(stack?.match(/^ {4}at .*$/gm) ?? [])].join('\n'),
    ...(ownCode === undefined ? {} : { code: ownCode }),
    ...(typeof sqlState === 'string' ? { sqlState } : {}),
    ...(typeof data?.queryId === 'string' ? { requestId: data.queryId } : {}),
    ...reasonOf(thrown, response?.statusCode),
  });
}

function reasonOf(thrown: Error, status: unknown): { reason?: string } {
  if (typeof status === 'number') return { reason: `HTTP ${status}` };
  // of a failed upload the driver keeps only words
  return / real file=/.test(thrown.message) ? { reason: 'UploadFailed' } : {};
}

/** Of what carries the request: its code, but for a time-out, which has that of a broken connection. */
function readableCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { code } = cause as DriverError;
  const late = code === 'ECONNABORTED' && /timeout/.test(cause.message);
  return Object.assign(new Error(cause.message), { code: late ? 'ETIMEDOUT' : code });
}

/** Errors about rows quote them; that is the customer's data, which has no place in an error. */
function withoutValues(message: string, code: string): string {
  if (!/^100\d{3}$/.test(code)) return message;
  return message
    .replace(/(Error parsing JSON: )(?!document is too large)[^\n]*/, '$1(the text is left out)')
    .replaceAll(/value "(?:[^"\\]|\\.)*"/gs, 'value (left out)')
    .replaceAll(/(?<!File )'(?:[^']|'')*'/gs, "'(left out)'");
}

/** As an AppError that names the object in question, where Snowflake does. */
export function translate(thrown: unknown, phase: Phase, settings: SnowflakeSettings): AppError {
  // a log may show lines of the key apart
  const secrets = [settings.privateKey, ...settings.privateKey.split('\n')].filter((line) => line.length > 16);
  const error = classify(readable(thrown), snowflakeRules, { secrets, phase });
  if (thrown instanceof AppError) return error;
  const summary = named[error.code]?.(error.externalMessage ?? '', settings) ?? null;
  if (summary === null) return error;
  return new AppError(error.code, {
    summary,
    advice: error.advice,
    ...(error.externalMessage === null ? {} : { externalMessage: error.externalMessage }),
    details: error.details,
    cause: error.cause,
  });
}

type Wording = (message: string, settings: SnowflakeSettings) => string | null;

const named: Partial<Record<ErrorCode, Wording>> = {
  NOT_FOUND_ACCOUNT: (_, { account }) => `There is no account ${account} at Snowflake.`,
  NOT_FOUND_WAREHOUSE: (_, { warehouse }) =>
    `The compute warehouse ${warehouse} does not exist, or the user cannot use it.`,
  NOT_FOUND_DATABASE: (_, { database }) => `The database ${database} does not exist, or the user cannot see it.`,
  NOT_FOUND_SCHEMA: (_, { database, schema }) =>
    `The schema ${schema} of ${database} does not exist, or the user cannot see it.`,
  NOT_FOUND_TABLE: (message) => objectIn(message, (name) => `The table ${name} is missing, or the user cannot see it.`),
  PERMISSION_MISSING: (message) => objectIn(message, (name) => `The role of the user lacks a privilege on ${name}.`),
};

function objectIn(message: string, sentence: (name: string) => string): string | null {
  const [, name] = /(?:Object|Table|table|schema|warehouse|database) '([^']{1,500})'/.exec(message) ?? [];
  return name === undefined ? null : sentence(name);
}

/** What a person can get wrong with Snowflake, and what each is told. */
import { generateKeyPairSync } from 'node:crypto';
import type { StandInProcess } from '../stand-in/process.ts';
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';
import type { Inspector } from './testing/inspector.ts';

export interface SnowflakeBench extends WrongFieldBench, AsyncDisposable {
  readonly standIn: StandInProcess;
  readonly admin: Inspector;
  /** With which everything is right. */
  readonly settings: Record<string, unknown>;
  /** Names as SQL takes them: `user`, `role`, `warehouse`, `database`, `schema`, and `table(...)` in them. */
  readonly names: Readonly<Record<'user' | 'role' | 'warehouse' | 'database' | 'schema', string>>;
  table(name: string): string;
}

type Case = WrongField<SnowflakeBench>;

function key(kind: 'pkcs1' | 'pkcs8', options: { readonly modulusLength?: number; readonly passphrase?: string } = {}) {
  return generateKeyPairSync('rsa', {
    modulusLength: options.modulusLength ?? 2048,
    privateKeyEncoding: options.passphrase
      ? { type: kind, format: 'pem', cipher: 'aes-256-cbc', passphrase: options.passphrase }
      : { type: kind, format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

const ellipticKey = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** A field that is refused before anything is sent. */
function form(wrong: string, field: string, value: unknown, says: RegExp): Case {
  return {
    wrong,
    settings: ({ settings }) => ({ ...settings, [field]: value }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says,
  };
}

/** One field has another value, well formed. */
function field(wrong: string, name: string, value: unknown, expected: Pick<Case, 'code' | 'step' | 'says'>): Case {
  return { wrong, settings: ({ settings }) => ({ ...settings, [name]: value }), ...expected };
}

/** The settings are right, but the administrator has done something. */
function after(
  wrong: string,
  statements: (bench: SnowflakeBench) => readonly string[],
  expected: Pick<Case, 'code' | 'step' | 'says'>,
): Case {
  return {
    wrong,
    settings: async (bench) => {
      for (const statement of statements(bench)) await bench.admin.run(statement);
      return bench.settings;
    },
    ...expected,
  };
}

const formCases: readonly Case[] = [
  form('an account that is no identifier', 'account', 'my account!', /account: .*myorg-myaccount/),
  form(
    'a private key with a passphrase',
    'privateKey',
    key('pkcs8', { passphrase: 'secret' }).privateKey,
    /passphrase.*openssl pkcs8 -topk8 -nocrypt/,
  ),
  form('a private key in PKCS#1', 'privateKey', key('pkcs1').privateKey, /PKCS#1.*openssl pkcs8 -topk8 -nocrypt/),
  form('a key for elliptic curves', 'privateKey', ellipticKey.privateKey, /RSA/),
  form('a key of 1024 bits', 'privateKey', key('pkcs8', { modulusLength: 1024 }).privateKey, /1024 bits.*2048/),
  form('the public key', 'privateKey', key('pkcs8').publicKey, /public key.*private key/),
  form('a schema with its database', 'schema', 'SHOP.CRM', /schema: .*double quotes/),
];

const signInCases: readonly Case[] = [
  field('an account that does not exist', 'account', 'no-such-account', {
    code: 'NOT_FOUND_ACCOUNT',
    step: 'reach',
    says: /no account no-such-account.*account identifier/,
  }),
  field('a user who does not exist', 'username', 'NOBODY', {
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /key for this user.*username.*RSA_PUBLIC_KEY/,
  }),
  field('the key of somebody else', 'privateKey', key('pkcs8').privateKey, {
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /key for this user.*RSA_PUBLIC_KEY/,
  }),
  after('a user who is locked', ({ names }) => [`ALTER USER ${names.user} SET MINS_TO_UNLOCK = 15`], {
    code: 'AUTH_LOCKED',
    step: 'sign-in',
    says: /locked.*Unlock/,
  }),
  after('a user who is disabled', ({ names }) => [`ALTER USER ${names.user} SET DISABLED = TRUE`], {
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /disabled.*DISABLED = FALSE/,
  }),
  after('a role that was dropped', ({ names }) => [`DROP ROLE ${names.role}`], {
    code: 'NOT_FOUND_ROLE',
    step: 'sign-in',
    says: /default role.*set-up script/,
  }),
  after(
    'an address that the network policy keeps out',
    ({ names }) => [
      `CREATE NETWORK POLICY IF NOT EXISTS ELSEWHERE ALLOWED_IP_LIST = ('192.0.2.0/24')`,
      `ALTER USER ${names.user} SET NETWORK_POLICY = ELSEWHERE`,
    ],
    { code: 'NETWORK_BLOCKED', step: 'sign-in', says: /network policy.*outbound addresses/ },
  ),
  {
    wrong: 'a clock that is ten minutes off',
    settings: async ({ standIn, settings }) => {
      await standIn.addFault({
        match: '^(clock|login)$',
        times: 2,
        does: { kind: 'error', error: { clockAheadSeconds: 600 } },
      });
      return settings;
    },
    code: 'CLOCK_SKEW',
    step: 'sign-in',
    says: /differs by 600 s.*NTP/,
  },
];

const objectCases: readonly Case[] = [
  field('a compute warehouse that does not exist', 'warehouse', 'NO_SUCH_WAREHOUSE', {
    code: 'NOT_FOUND_WAREHOUSE',
    step: 'warehouse',
    says: /NO_SUCH_WAREHOUSE does not exist.*GRANT USAGE ON WAREHOUSE/,
  }),
  after(
    'a compute warehouse without the right to use it',
    ({ names }) => [`REVOKE USAGE ON WAREHOUSE ${names.warehouse} FROM ROLE ${names.role}`],
    { code: 'NOT_FOUND_WAREHOUSE', step: 'warehouse', says: /cannot use it.*GRANT USAGE ON WAREHOUSE/ },
  ),
  after(
    'a compute warehouse that sleeps and does not wake',
    ({ names }) => [
      `ALTER WAREHOUSE ${names.warehouse} SET AUTO_RESUME = FALSE`,
      `ALTER WAREHOUSE ${names.warehouse} SUSPEND`,
    ],
    { code: 'SUSPENDED', step: 'warehouse', says: /suspended.*AUTO_RESUME = TRUE/ },
  ),
  field('a database that does not exist', 'database', 'NO_SUCH_DATABASE', {
    code: 'NOT_FOUND_DATABASE',
    step: 'database',
    says: /NO_SUCH_DATABASE does not exist.*set-up script/,
  }),
  after(
    'a database without the right to use it',
    ({ names }) => [`REVOKE USAGE ON DATABASE ${names.database} FROM ROLE ${names.role}`],
    { code: 'NOT_FOUND_DATABASE', step: 'database', says: /cannot see it.*set-up script/ },
  ),
  field('a schema that does not exist', 'schema', 'NO_SUCH_SCHEMA', {
    code: 'NOT_FOUND_SCHEMA',
    step: 'schema',
    says: /NO_SUCH_SCHEMA does not exist in .*set-up script/,
  }),
  field('a schema in the wrong case', 'schema', '"klaviyo"', {
    code: 'NOT_FOUND_SCHEMA',
    step: 'schema',
    says: /klaviyo does not exist in/,
  }),
  after('a table that was dropped', ({ table }) => [`DROP TABLE ${table('KLAVIYO_EVENT')}`], {
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /KLAVIYO_EVENT is missing.*set-up script/,
  }),
  after('a ledger that was dropped', ({ table }) => [`DROP TABLE ${table('_WHARF_LEDGER')}`], {
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /_WHARF_LEDGER is missing.*set-up script/,
  }),
  after('a column that was dropped', ({ table }) => [`ALTER TABLE ${table('KLAVIYO_PROFILE')} DROP COLUMN "TITLE"`], {
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /KLAVIYO_PROFILE: column title is missing.*ALTER TABLE .* ADD COLUMN "TITLE" VARCHAR;/,
  }),
  after(
    'a column of another type',
    ({ table }) => [
      `ALTER TABLE ${table('KLAVIYO_EVENT')} DROP COLUMN "DATETIME"`,
      `ALTER TABLE ${table('KLAVIYO_EVENT')} ADD COLUMN "DATETIME" VARCHAR`,
    ],
    {
      code: 'SCHEMA_MISMATCH',
      step: 'tables',
      says: /datetime is VARCHAR.*RENAME COLUMN "DATETIME" TO "DATETIME_OLD"/,
    },
  ),
  ...(['INSERT', 'UPDATE', 'DELETE'] as const).map((privilege) =>
    after(
      `a table without the right to ${privilege}`,
      ({ names, table }) => [`REVOKE ${privilege} ON TABLE ${table('KLAVIYO_PROFILE')} FROM ROLE ${names.role}`],
      { code: 'PERMISSION_MISSING', step: 'probe', says: /privilege on KLAVIYO_PROFILE.*set-up script/ },
    ),
  ),
  after(
    'a ledger without the right to INSERT',
    ({ names, table }) => [`REVOKE INSERT ON TABLE ${table('_WHARF_LEDGER')} FROM ROLE ${names.role}`],
    { code: 'PERMISSION_MISSING', step: 'probe', says: /privilege on _WHARF_LEDGER.*set-up script/ },
  ),
];

export const wrongFields: readonly Case[] = [...formCases, ...signInCases, ...objectCases];

/** With addresses that lead nowhere. */
export const wrongAddresses: readonly { readonly wrong: string; readonly endpoint: string; readonly says: RegExp }[] = [
  { wrong: 'a port where nobody listens', endpoint: 'http://127.0.0.1:9', says: /refused the connection/ },
  {
    wrong: 'a host name that does not resolve',
    endpoint: 'http://no-such-host.invalid',
    says: /host name could not be resolved/,
  },
];

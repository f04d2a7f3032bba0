import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountIdentifier, accountUrl } from './account.ts';
import { identifierText } from './identifiers.ts';
import { publicKeyOf } from './private-key.ts';
import { setup } from './setup.ts';
import { spec } from './spec.ts';

const publicPem = { type: 'spki', format: 'pem' } as const;
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: publicPem,
  });
const key = rsa(2048);

const typed = {
  name: 'Warehouse',
  username: 'WHARF',
  privateKey: key.privateKey,
  warehouse: 'loading',
  account: 'shop-main',
  database: 'shop',
  schema: '"My Schema"',
};

function problems(field: string, value: unknown): readonly string[] {
  const issues = spec.settings.safeParse({ ...typed, [field]: value }).error?.issues ?? [];
  expect(new Set(issues.map(({ path }) => path.join('.')))).toEqual(new Set([field]));
  return issues.map(({ message }) => message);
}

describe('the settings', () => {
  test('are brought into one form, which stays as it is', () => {
    const parsed = spec.settings.parse(typed);
    expect(parsed).toEqual({ ...typed, warehouse: 'LOADING', database: 'SHOP' });
    expect(spec.settings.parse(parsed)).toEqual(parsed);
  });

  test('take a key with the line ends of Windows, or with none', () => {
    for (const eol of ['\r\n', '\\n']) {
      const privateKey = key.privateKey.trim().replaceAll('\n', eol);
      expect(spec.settings.parse({ ...typed, privateKey }).privateKey).toBe(key.privateKey);
    }
  });

  test.each([
    ['name', ''],
    ['username', ''],
    ['username', 'two words'],
    ['username', "o'hara"],
    ['warehouse', 'my warehouse'],
    ['database', '2nd'],
    ['schema', 'a.b'],
    ['schema', '"open'],
    ['account', ''],
    ['account', 'shop main'],
    ['account', 'https://example.com/x'],
    ['account', 'shop/main'],
    ['account', '-shop'],
  ])('refuse %s %j by its name', (field, value) => {
    expect(problems(field, value).length).toBeGreaterThan(0);
  });
});

describe('private keys that do not fit are named, with the way out', () => {
  const encrypted =
    key.privateKey &&
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
      publicKeyEncoding: publicPem,
    }).privateKey;
  const pkcs1 = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: publicPem,
  }).privateKey;
  const ec = (type: 'sec1' | 'pkcs8') =>
    generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      privateKeyEncoding: { type, format: 'pem' },
      publicKeyEncoding: publicPem,
    }).privateKey;

  test.each([
    ['with a passphrase', encrypted, /passphrase.*openssl pkcs8 -topk8 -nocrypt/],
    ['PKCS#1', pkcs1, /PKCS#1.*openssl pkcs8 -topk8 -nocrypt/],
    ['of an elliptic curve', ec('pkcs8'), /RSA/],
    ['of an elliptic curve, in its own form', ec('sec1'), /RSA/],
    ['with 1024 bits', rsa(1024).privateKey, /1024 bits.*2048/],
    ['that is the public one', key.publicKey, /public key.*private key/],
    ['that is a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', /certificate/],
    ['cut short', key.privateKey.slice(0, 800), /damaged or not whole/],
    ['that is none', 'hunter2', /BEGIN PRIVATE KEY/],
  ])('%s', (_, value, says) => {
    expect(problems('privateKey', value).join()).toMatch(says);
  });
});

test.each([
  ['MyOrg-Main_1', 'myorg-main_1'],
  ['MYORG.MAIN', 'myorg-main'],
  ['xy12345', 'xy12345'],
  ['xy12345.eu-central-1', 'xy12345.eu-central-1'],
  ['xy12345.eu-central-1.aws', 'xy12345.eu-central-1.aws'],
  ['myorg-main.privatelink', 'myorg-main.privatelink'],
  ['https://myorg-main.snowflakecomputing.com/console#/x', 'myorg-main'],
  ['xy12345.us-central1.gcp.snowflakecomputing.com', 'xy12345.us-central1.gcp'],
  ['https://app.snowflake.com/myorg/main/#/homepage', 'myorg-main'],
  ['https://app.snowflake.com/eu-central-1/xy12345/w', 'xy12345.eu-central-1'],
  ['https://app.snowflake.com/east-us-2.azure/xy12345/', 'xy12345.east-us-2.azure'],
])('the account of %s is %s', (text, account) => {
  expect(accountIdentifier(text)).toBe(account);
  expect(accountIdentifier(account)).toBe(account);
});

test('underscores are hyphens in the address of an account; China has its own', () => {
  expect(accountUrl('myorg-main_1')).toBe('https://myorg-main-1.snowflakecomputing.com');
  expect(accountUrl('xy12345.cn-northwest-1.aws')).toBe('https://xy12345.cn-northwest-1.aws.snowflakecomputing.cn');
});

test.each([
  ['shop', 'SHOP'],
  [' _a$1 ', '_A$1'],
  ['"SHOP"', 'SHOP'],
  ['"shop"', '"shop"'],
  ['"a ""b"""', '"a ""b"""'],
  ['a"b', null],
  ['""', null],
])('the name %j is %j', (text, name) => {
  expect(identifierText(text)).toBe(name);
});

describe('the set-up script', () => {
  const context = { outboundAddresses: ['192.0.2.0/28', '198.51.100.7/32'] };
  const { privateKey: _, ...names } = typed;

  test('with all names', () => expect(setup(names, context)).toMatchSnapshot());
  test('with nothing typed yet', () => expect(setup({}, { outboundAddresses: [] })).toMatchSnapshot());

  test('has the public half of the private key', () => {
    const { text } = setup(typed, context);
    expect(text).toContain(`SET RSA_PUBLIC_KEY = '${publicKeyOf(key.privateKey)}'`);
    expect(key.publicKey.replaceAll('\n', '')).toContain(publicKeyOf(key.privateKey));
    expect(text).not.toContain(key.privateKey.split('\n')[1]);
  });

  test('quotes what was typed', () => {
    const { text } = setup({ database: 'x"; DROP DATABASE y; --', username: `a'b"c`, privateKey: 'x' }, context);
    expect(text).toContain('CREATE DATABASE IF NOT EXISTS "x""; DROP DATABASE y; --";');
    expect(text).toContain(`CREATE USER IF NOT EXISTS "A'B""C" TYPE = SERVICE LOGIN_NAME = 'A''B"C'`);
    expect(text).toContain('YOUR_PUBLIC_KEY');
  });
});

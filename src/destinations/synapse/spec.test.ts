import { expect, test } from 'vitest';
import { createSynapse } from './synapse.ts';
import { spec } from './spec.ts';

const signature = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=';
const sas = `sp=rcwdl&st=2026-01-01T00:00:00Z&se=2027-01-01T00:00:00Z&spr=https&sv=2024-11-04&sr=c&sig=${encodeURIComponent(signature)}`;
const settings = {
  name: 'Synapse',
  workspace: 'shop',
  database: 'pool',
  username: 'wharf_loader',
  password: ' a password with spaces ',
  storageAccount: 'shopstage',
  sharedAccessSignature: sas,
  container: 'stage',
};

function problems(change: Record<string, unknown>): readonly string[] {
  const issues = spec.settings.safeParse({ ...settings, ...change }).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('well-formed settings pass, tidied up; the password stays as it is', () => {
  const typed = { ...settings, workspace: ' Shop.SQL.azuresynapse.net,1433 ', sharedAccessSignature: ` ?${sas}\n` };
  expect(spec.settings.parse(typed)).toEqual(settings);
});

test.each([
  ['workspace', '', /Enter the workspace/],
  ['workspace', 'shop-ondemand', /serverless SQL pool/],
  ['workspace', 'https://shop.sql.azuresynapse.net', /name of the workspace only/],
  ['workspace', 'shop.database.windows.net', /sql\.azuresynapse\.net may follow/],
  ['workspace', 'shop@evil.example#', /letters, digits and hyphens/],
  ['database', 'po\nol', /control characters/],
  ['password', '', /Enter the password/],
  ['storageAccount', 'a/b', /3 to 24/],
  ['container', 'Stage_1', /3 to 63/],
  ['container', '../stage', /3 to 63/],
  ['sharedAccessSignature', 'sv=1&sig=', /\(sig=\) is incomplete/],
  ['sharedAccessSignature', 'https://shopstage.blob.core.windows.net/stage', /whole shared access signature/],
  [
    'sharedAccessSignature',
    sas.replace('sp=rcwdl', 'sp=rl'),
    /lacks permissions: create \(c\), write \(w\), delete \(d\)/,
  ],
  ['sharedAccessSignature', sas.replace('sp=rcwdl&', ''), /permissions \(sp=\) are missing/],
  ['sharedAccessSignature', sas.replace('sr=c', 'sr=b'), /for the container/],
  ['sharedAccessSignature', sas.replace('sr=c', 'ss=f&srt=sco'), /blob service/],
  ['sharedAccessSignature', sas.replace('sr=c', 'ss=bf&srt=s'), /containers and objects/],
  ['sharedAccessSignature', sas.replace('sr=c&', ''), /neither sr=/],
  ['sharedAccessSignature', sas.replace(/se=[^&]*&/, ''), /end \(se=\) is missing/],
  ['sharedAccessSignature', sas.replace('se=2027', 'se=soon'), /se= cannot be read/],
  ['sharedAccessSignature', sas.replace('spr=https', 'spr=http'), /must allow https/],
])('%s %j is refused in words', (field, value, words) => {
  const found = problems({ [field]: value });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(words);
  expect(found[0]?.startsWith(`${field}: `)).toBe(true);
});

test('signatures of an account, of a stored policy and with a plus that was not encoded pass', () => {
  const plus = 'abc+efghijklmnopqrstuvwxyz0123456789ABCDEFG=';
  expect(problems({ sharedAccessSignature: sas.replace('sr=c', 'ss=b&srt=sco') })).toEqual([]);
  expect(problems({ sharedAccessSignature: `sv=2024-11-04&sr=c&si=wharf&sig=${signature}` })).toEqual([]);
  expect(problems({ sharedAccessSignature: sas.replace(/sig=.*/, `sig=${plus}`) })).toEqual([]);
});

test('the credentials end when the signature does; a stored policy does not tell', () => {
  const { credentialsExpire } = createSynapse();
  expect(credentialsExpire?.(spec.settings.parse(settings))).toEqual(new Date('2027-01-01T00:00:00Z'));
  const policy = { ...settings, sharedAccessSignature: `sv=2024-11-04&sr=c&si=wharf&sig=${signature}` };
  expect(credentialsExpire?.(spec.settings.parse(policy))).toBeNull();
});

test('what is stored for one server is not sent to another, and a new place gets everything anew', () => {
  const places = Object.fromEntries(spec.fields.map(({ name, place }) => [name, place]));
  expect(places).toMatchObject({ workspace: 'server', storageAccount: 'server', database: 'inside' });
  expect(places['container']).toBeUndefined();
  expect(spec.fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
    'password',
    'sharedAccessSignature',
  ]);
});

import { expect, test } from 'vitest';
import { setup } from './setup.ts';
import { spec, type BigquerySettings } from './spec.ts';
import { Cloud } from './double/cloud.ts';

const { keyFile, email } = new Cloud().addAccount('my-shop-123456');
const good = { name: 'BigQuery', projectId: 'my-shop-123456', dataset: 'klaviyo', serviceAccountKey: keyFile };
const context = { outboundAddresses: ['192.0.2.0/24'] };

test('the script for what is typed', () => {
  const script = setup(good, context);
  expect(script).toMatchSnapshot();
  expect(script.text).toContain(email);
});

test('the script before anything is typed', () => {
  expect(setup({}, { outboundAddresses: [] })).toMatchSnapshot();
});

test.each<[string, Partial<BigquerySettings>]>([
  ['a project', { projectId: "x'; rm -rf / #" }],
  ['a dataset', { dataset: 'a`;\nSQL\nrm -rf /' }],
  ['a key', { serviceAccountKey: keyFile.replace(email, `wharf'; rm -rf /@x.iam.gserviceaccount.com`) }],
  ['something that is no text', { serviceAccountKey: 5 as unknown as string }],
])('%s cannot bring commands into the script', (_, settings) => {
  expect(setup({ ...good, ...settings }, context).text).not.toMatch(/rm -rf/);
});

test('the form takes what is right, with spaces around it, and projects of a domain', () => {
  expect(spec.settings.parse({ ...good, projectId: ' my-shop-123456 ' })).toMatchObject({
    projectId: 'my-shop-123456',
  });
  expect(spec.settings.safeParse({ ...good, projectId: 'example.com:my-shop' }).success).toBe(true);
});

test('every wrong field is named at once', () => {
  const wrong = { name: '', projectId: '1', dataset: '-', serviceAccountKey: '{}' };
  const issues = spec.settings.safeParse(wrong).error?.issues ?? [];
  expect(new Set(issues.map((issue) => issue.path.join('.')))).toEqual(new Set(Object.keys(wrong)));
});

test('a refusal never repeats the key', () => {
  const issues = spec.settings.safeParse({ ...good, serviceAccountKey: keyFile.slice(0, -20) }).error?.issues ?? [];
  expect(issues).toHaveLength(1);
  expect(JSON.stringify(issues)).not.toMatch(/BEGIN|private_key_id/);
});

import { describe, expect, test } from 'vitest';
import { stagedBatch } from '../testing/staged-batch.ts';
import { proveCatalogue } from '../testing/catalogue.ts';
import { eventTable } from '../tables.ts';
import { s3Fixtures } from './errors.fixtures.ts';
import { s3Rules, translate } from './errors.ts';
import { batchFolder, manifestOf, parseManifest, partName } from './layout.ts';
import { setup } from './setup.ts';
import { spec, type S3Settings } from './spec.ts';

proveCatalogue('Amazon S3', s3Rules, s3Fixtures);

const settings: S3Settings = {
  name: 'Lake',
  bucket: 'lake',
  region: 'eu-central-1',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'a-very-secret-key',
  prefix: 'crm/wharf',
  format: 'jsonl',
  endpoint: null,
};

describe('translate', () => {
  test('names the right region when the store tells it', () => {
    const thrown = Object.assign(new Error('expecting eu-west-1'), {
      name: 'AuthorizationHeaderMalformed',
      Region: 'eu-west-1',
    });
    expect(translate(thrown, 'check', settings)).toMatchObject({
      code: 'CONFIG_REGION',
      summary: 'The bucket is in region eu-west-1, not eu-central-1.',
      details: { bucket: 'lake', rightRegion: 'eu-west-1' },
    });
  });

  test('keeps the secret key out', () => {
    const error = translate(new Error('bad a-very-secret-key'), 'load', settings);
    expect(`${error.externalMessage} ${String(error.cause)}`).not.toContain('a-very-secret-key');
  });
});

describe('the layout', () => {
  const batch = stagedBatch(eventTable, [], { id: '01J/..', createdAt: new Date('2026-10-25T23:59:59.999Z') });

  test('folder and part names depend on the batch alone', () => {
    expect(batchFolder(settings, batch)).toBe('crm/wharf/klaviyo_event/dt=2026-10-25/hour=23/batch=01J%2F../');
    expect(batchFolder({ prefix: '' }, batch)).toBe('klaviyo_event/dt=2026-10-25/hour=23/batch=01J%2F../');
    expect(partName(7, 'parquet')).toBe('part-00007.parquet');
  });

  test('a manifest reads back; anything else is none', () => {
    const manifest = manifestOf(batch, 'jsonl', [{ key: 'k', rows: 1, bytes: 20, sha256: 'ab' }]);
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
    for (const text of ['', 'x', 'null', '{}', '{"version":2}']) expect(parseManifest(text)).toBeNull();
  });
});

describe('the settings', () => {
  const typed = { name: 'Lake', bucket: 'lake', region: 'eu-central-1', accessKeyId: 'AKIA', secretAccessKey: 's' };

  test('fill in what is optional', () => {
    expect(spec.settings.parse({ ...typed, prefix: '/a/b/', endpoint: '' })).toEqual({
      ...typed,
      prefix: 'a/b',
      format: 'jsonl',
      endpoint: null,
    });
  });

  test.each([
    ['bucket', 's3://lake/x'],
    ['bucket', 'Lake'],
    ['region', 'eu central'],
    ['accessKeyId', 'AK IA'],
    ['prefix', 'a//b'],
    ['prefix', 'a\nb'],
    ['format', 'csv'],
    ['endpoint', 'file:///etc/passwd'],
    ['endpoint', 'storage.example.com'],
    ['secretAccessKey', ''],
  ])('refuse %s %j by its name', (field, value) => {
    const issues = spec.settings.safeParse({ ...typed, [field]: value }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});

describe('the set-up script', () => {
  const context = { outboundAddresses: ['192.0.2.0/28', '198.51.100.7/32'] };

  test('with all names', () => expect(setup(settings, context)).toMatchSnapshot());
  test('with nothing typed yet', () => expect(setup({}, { outboundAddresses: [] })).toMatchSnapshot());

  test('quotes what was typed for the shell', () => {
    expect(setup({ bucket: "x'; rm -rf ~; '", region: 'cn-north-1' }, context).text).toContain(
      `--bucket 'x'\\''; rm -rf ~; '\\'''`,
    );
  });
});

import { describe, expect, test } from 'vitest';
import { stagedBatch } from '../testing/staged-batch.ts';
import { eventTable } from '../tables.ts';
import { parseHost } from './host.ts';
import { setup } from './setup.ts';
import { spec, stagingOf } from './spec.ts';
import { copyManifest, literal, prepareSession, writeLedger } from './sql.ts';

const typed = {
  name: 'Redshift',
  host: 'wharf.abc123.eu-central-1.redshift.amazonaws.com',
  database: 'dev',
  port: 5439,
  schema: 'klaviyo',
  username: 'wharf_sync',
  password: 'a-very-secret-password',
};

const staging = {
  stagingBucket: 'wharf-staging',
  stagingRegion: 'eu-central-1',
  stagingAccessKeyId: 'AKIAEXAMPLE',
  stagingSecretAccessKey: 'a-very-secret-key',
};

describe('the host', () => {
  test.each([
    ['wharf.example.com', { host: 'wharf.example.com', port: null, database: null }],
    ['wharf.example.com:5440', { host: 'wharf.example.com', port: 5440, database: null }],
    ['wharf.example.com:5439/dev', { host: 'wharf.example.com', port: 5439, database: 'dev' }],
    ['wharf.example.com/dev', { host: 'wharf.example.com', port: null, database: 'dev' }],
    ['jdbc:redshift://wharf.example.com:5439/dev', { host: 'wharf.example.com', port: 5439, database: 'dev' }],
    ['jdbc:redshift://wharf.example.com:5439/dev;ssl=true', { host: 'wharf.example.com', port: 5439, database: 'dev' }],
    [
      'redshift://wharf.example.com/my%20db?sslmode=require',
      { host: 'wharf.example.com', port: null, database: 'my db' },
    ],
    ['postgres://wharf.example.com', { host: 'wharf.example.com', port: null, database: null }],
    ['postgresql://wharf.example.com/', { host: 'wharf.example.com', port: null, database: null }],
    ['[::1]:5439/dev', { host: '::1', port: 5439, database: 'dev' }],
    ['::1', { host: '::1', port: null, database: null }],
    ['10.0.0.7:5439', { host: '10.0.0.7', port: 5439, database: null }],
  ])('%s', (text, place) => expect(parseHost(text)).toEqual(place));

  test.each([
    ['my cluster', /Enter a host/],
    ['https://wharf.example.com', /jdbc:redshift/],
    ['jdbc:redshift:iam://wharf.example.com:5439/dev', /IAM/],
    ['redshift://user:secret@wharf.example.com', /Leave user and password out/],
    ['wharf.example.com:99999', /port/],
    ['-wharf.example.com', /Enter a host/],
    ['wharf.example.com/%ff', /database/],
    ["wharf'; DROP TABLE x", /Enter a host/],
  ])('refuses %s', (text, sentence) => expect(parseHost(text)).toMatch(sentence));
});

describe('the settings', () => {
  test('take port and database from the host URL', () => {
    const parsed = spec.settings.parse({
      ...typed,
      host: 'jdbc:redshift://h.example:5440/sales',
      port: '',
      database: null,
    });
    expect(parsed).toMatchObject({ host: 'h.example', port: 5440, database: 'sales' });
  });

  test('fill in what is optional', () => {
    const { port: _, ...withoutPort } = typed;
    expect(spec.settings.parse(withoutPort)).toMatchObject({
      port: 5439,
      stagingBucket: null,
      stagingPrefix: 'wharf-staging',
      stagingEndpoint: null,
    });
  });

  test('without a bucket there is no staging, with one there is all of it', () => {
    expect(stagingOf(spec.settings.parse(typed))).toBeNull();
    expect(stagingOf(spec.settings.parse({ ...typed, ...staging, stagingPrefix: '/a/b/' }))).toMatchObject({
      bucket: 'wharf-staging',
      prefix: 'a/b',
      iamRole: null,
    });
  });

  test.each([
    ['host', 'http://x'],
    ['port', 0],
    ['port', 'many'],
    ['port', 70_000],
    ['schema', ''],
    ['schema', 'x'.repeat(128)],
    ['username', 'a\nb'],
    ['database', 'a\0b'],
    ['password', ''],
    ['stagingBucket', 's3://lake/x'],
    ['stagingRegion', 'eu central'],
    ['stagingPrefix', "a'b"],
    ['stagingPrefix', 'a//b'],
    ['stagingAccessKeyId', 'AK IA'],
    ['stagingSecretAccessKey', "a'b"],
    ['stagingIamRole', 'wharf-copy'],
    ['stagingEndpoint', 'file:///etc/passwd'],
    ['stagingEndpoint', 'http://storage.example.com'],
  ])('refuse %s %j by its name', (field, value) => {
    const issues = spec.settings.safeParse({ ...typed, ...staging, [field]: value }).error?.issues ?? [];
    expect([...new Set(issues.map(({ path }) => path.join('.')))]).toEqual([field]);
  });

  test.each(Object.keys(staging))('want the rest of the staging fields when %s alone is missing', (field) => {
    const issues = spec.settings.safeParse({ ...typed, ...staging, [field]: '' }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });

  test('a role alone wants the bucket', () => {
    const stagingIamRole = 'arn:aws:iam::123456789012:role/wharf-copy';
    const issues = spec.settings.safeParse({ ...typed, stagingIamRole }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(Object.keys(staging));
  });
});

describe('the set-up script', () => {
  const context = { outboundAddresses: ['192.0.2.0/28', '198.51.100.7/32'] };

  test('with all names', () => expect(setup({ ...typed, ...staging }, context)).toMatchSnapshot());
  test('with nothing typed yet', () => expect(setup({}, { outboundAddresses: [] })).toMatchSnapshot());

  test('quotes what was typed', () => {
    const { text } = setup(
      { schema: 'a"; DROP TABLE x;\n--', username: `b"'`, stagingBucket: 'c\nDROP TABLE y;' },
      context,
    );
    expect(text).toContain('CREATE SCHEMA IF NOT EXISTS "a""; DROP TABLE x; --";');
    expect(text).toContain(`TO "b""'";`);
    expect(text.split('\n').filter((row) => row.includes('DROP TABLE y'))).toSatisfy((rows: string[]) =>
      rows.every((row) => row.startsWith('--')),
    );
  });
});

describe('the SQL', () => {
  test('a literal reads the same whatever a backslash means', () => {
    expect(literal(`it's`)).toBe(`'it''s'`);
    expect(literal(String.raw`a\'b`)).toBe(`'a'||CHR(92)||'''b'`);
  });

  test('a label cannot leave its place', () => {
    expect(prepareSession(`wharf:x'; DROP TABLE y`)).toContain(`SET query_group TO 'wharf:x___DROP_TABLE_y'`);
  });

  test('the ledger row is escaped', () => {
    const batch = stagedBatch(eventTable, [], { id: `b'`, syncId: '\\' });
    const at = new Date('2026-10-25T23:59:59.999Z');
    expect(writeLedger('k', batch, { upserted: 1, deleted: 2 }, at)).toContain(
      `VALUES ('b''', ''||CHR(92)||'', 'run-1', 'klaviyo_event', 0, 1000000, 0, 1, 2, 1, '2026-10-25 23:59:59.999')`,
    );
  });

  test('COPY has the keys, or only the role', () => {
    const parsed = stagingOf(spec.settings.parse({ ...typed, ...staging }));
    if (!parsed) throw new Error('no staging');
    expect(copyManifest('s3://b/k', parsed)).toBe(
      `COPY wharf_stage FROM 's3://b/k' ACCESS_KEY_ID 'AKIAEXAMPLE' SECRET_ACCESS_KEY 'a-very-secret-key' FORMAT AS PARQUET MANIFEST STATUPDATE OFF`,
    );
    expect(copyManifest('s3://b/k', { ...parsed, iamRole: 'arn:aws:iam::1:role/r' })).not.toContain('KEY');
  });
});

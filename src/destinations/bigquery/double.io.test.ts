/** The stand-in before clients that are not Wharf: the vendor's high-level library, and curl. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BigQuery } from '@google-cloud/bigquery';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { accessToken } from './testing/reader.ts';

let standIn: StandInProcess;
let url: string;
let settings: { projectId: string; dataset: string; serviceAccountKey: string };
let library: BigQuery;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-bigquery-double-'));
  standIn = await startStandIn('bigquery');
  url = standIn.options.endpoints?.bigquery ?? '';
  settings = (await standIn.createWarehouse()) as typeof settings;
  const { client_email, private_key } = JSON.parse(settings.serviceAccountKey) as Record<string, string>;
  library = new BigQuery({
    projectId: settings.projectId,
    apiEndpoint: url,
    credentials: { client_email: client_email ?? '', private_key: private_key ?? '' },
  });
  const client = await library.authClient.getClient();
  client.transporter.interceptors.request.add({
    resolved: async (options) => {
      if (options.url.hostname === 'oauth2.googleapis.com') options.url = new URL(`${url}/token`);
      return options;
    },
  });
});
afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test("the vendor's library queries with parameters, pages, and reads types", async () => {
  const [rows] = await library.query({
    query: `SELECT @n + 1 AS n, TIMESTAMP '2024-02-29 23:59:59.5+01' AS t, PARSE_JSON('{"b":1,"a":[1.50]}') AS j, 'x' AS s, TRUE AS b`,
    params: { n: 41 },
  });
  expect(rows).toEqual([
    {
      n: 42,
      t: expect.objectContaining({ value: '2024-02-29T22:59:59.500Z' }),
      j: '{"a":[1.5],"b":1}',
      s: 'x',
      b: true,
    },
  ]);
  const [many] = await library.query({
    query: 'SELECT number FROM UNNEST(range(25)) AS numbers(number)',
    maxResults: 10,
  });
  expect(many).toHaveLength(25);
});

test("the vendor's library makes a table, loads a file in one piece, reads it and drops the table", async () => {
  const path = join(folder, 'rows.json');
  await writeFile(path, '{"id":"a","n":"9007199254740993"}\n{"id":"b"}\n');
  const schema = [
    { name: 'id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER' },
  ];
  const [table] = await library.dataset(settings.dataset).createTable('theirs', { schema });
  const [job] = await table.load(path, { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: { fields: schema } });
  expect(job.statistics?.load?.outputRows).toBe('2');
  const [rows] = await table.getRows({ wrapIntegers: true });
  expect(rows).toEqual([
    { id: 'a', n: expect.objectContaining({ value: '9007199254740993' }) },
    { id: 'b', n: null },
  ]);
  const [names] = await library.dataset(settings.dataset).getTables();
  expect(names.map(({ id }) => id)).toContain('theirs');
  await table.delete();
  expect(await table.exists()).toEqual([false]);
});

test.each([
  ['a table that is not there', 'SELECT * FROM klaviyo.nothing', 404, 'notFound', /Not found: Table/],
  [
    'a column that is not there',
    'SELECT nothing FROM klaviyo.klaviyo_metric',
    400,
    'invalidQuery',
    /Unrecognized name/,
  ],
  ['bad grammar', 'SELEC 1', 400, 'invalidQuery', /Syntax error/],
  ['an UPDATE of everything', 'UPDATE klaviyo.klaviyo_metric SET name = NULL', 400, 'invalidQuery', /WHERE clause/],
  ['a failed assertion', `ASSERT 1 = 2 AS 'not so'`, 400, 'invalidQuery', /not so/],
  [
    'two rows for one in a MERGE',
    `INSERT INTO klaviyo.klaviyo_metric (id) VALUES ('m');
     MERGE klaviyo.klaviyo_metric AS a USING (SELECT 'm' AS id UNION ALL SELECT 'm') AS b ON a.id = b.id
     WHEN MATCHED THEN UPDATE SET name = 'x'`,
    400,
    'invalidQuery',
    /must match at most one source row/,
  ],
])('%s is an error of the vendor', async (_, query, code, reason, message) => {
  await expect(library.query(query)).rejects.toMatchObject({
    code,
    errors: [{ reason }],
    message: expect.stringMatching(message),
  });
});

test('a transaction is whole or nothing', async () => {
  const count = async (): Promise<unknown> =>
    (await library.query('SELECT COUNT(*) AS n FROM klaviyo.klaviyo_profile'))[0];
  await expect(
    library.query(
      `BEGIN TRANSACTION; INSERT INTO klaviyo.klaviyo_profile (id) VALUES ('a'); SELECT error('broken'); COMMIT TRANSACTION;`,
    ),
  ).rejects.toThrow(/broken/);
  expect(await count()).toEqual([{ n: 0 }]);
  await library.query(`BEGIN TRANSACTION; INSERT INTO klaviyo.klaviyo_profile (id) VALUES ('a'); COMMIT TRANSACTION;`);
  expect(await count()).toEqual([{ n: 1 }]);
});

test('a job id is taken once', async () => {
  const jobId = `mine-${Date.now()}`;
  await library.createQueryJob({ query: 'SELECT 1', jobId });
  await expect(library.createQueryJob({ query: 'SELECT 1', jobId })).rejects.toMatchObject({
    code: 409,
    errors: [{ reason: 'duplicate' }],
  });
});

test('calls without a token, or with one of somebody else, are refused', async () => {
  const path = `${url}/bigquery/v2/projects/${settings.projectId}/datasets/${settings.dataset}`;
  expect((await fetch(path)).status).toBe(401);
  const other = (await standIn.createWarehouse()) as typeof settings;
  const authorization = `Bearer ${await accessToken({ url, ...other })}`;
  expect((await fetch(path, { headers: { authorization } })).status).toBe(403);
});

test('curl, as double.md shows it', async () => {
  const token = await accessToken({ url, ...settings });
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--header',
    `Authorization: Bearer ${token}`,
    '--json',
    JSON.stringify({ query: 'SELECT COUNT(*) FROM klaviyo.klaviyo_event', useLegacySql: false }),
    `${url}/bigquery/v2/projects/${settings.projectId}/queries`,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ jobComplete: true, rows: [{ f: [{ v: '0' }] }] });
});

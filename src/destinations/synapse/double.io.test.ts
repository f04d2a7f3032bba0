/** The stand-in as its own process, asked by clients that know nothing of Wharf. */
import { spawnSync } from 'node:child_process';
import { Connection, Request, TYPES } from 'tedious';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';

let standIn: StandInProcess;
let database: string;
let port: number;
const user = 'wharf_loader';
const password = 'Wharf-Stand-In-1';

beforeAll(async () => {
  standIn = await startStandIn('synapse');
  database = String(standIn.settings['database']);
  port = Number(new URL(standIn.options.endpoints?.synapse ?? '').port);
});
afterAll(() => standIn[Symbol.asyncDispose]());

const installed = (command: string, ...given: string[]): boolean => spawnSync(command, given).status === 0;
const python = '/usr/bin/python3';

// freetds-bin of Debian
describe.skipIf(!installed('tsql', '-C'))('FreeTDS tsql (skipped where freetds-bin is not installed)', () => {
  function tsql(statements: readonly string[], secret = password): { readonly out: string; readonly err: string } {
    const input = `${statements.map((statement) => `${statement}\nGO\n`).join('')}exit\n`;
    const given = ['-H', '127.0.0.1', '-p', String(port), '-U', user, '-P', secret, '-D', database, '-J', 'UTF-8'];
    const { stdout, stderr } = spawnSync('tsql', given, { input, encoding: 'utf8', timeout: 30_000 });
    return { out: stdout, err: stderr };
  }

  test('writes and reads rows with every kind of value', () => {
    const { out } = tsql([
      `INSERT INTO dbo.klaviyo_metric (id, name, created, _change_number) VALUES (N'tsql', N'Zażółć 👩 it''s', '2024-02-29 23:59:59.999999', -9223372036854775808)`,
      `SELECT TOP (1) [name], LEN([name]) AS l, CONVERT(nvarchar(30), created, 126) AS c, _change_number, ISNULL(integration_id, N'none') FROM dbo.klaviyo_metric WHERE id = N'tsql' ORDER BY id`,
    ]);
    expect(out).toContain("Zażółć 👩 it's");
    expect(out).toMatch(/2024-02-29[ T]23:59:59\.999999/);
    expect(out).toContain('-9223372036854775808');
    expect(out).toContain('none');
  });

  test('is told what is wrong as the vendor tells it', () => {
    const wrong = [
      'SELECT * FROM dbo.nope',
      'SELECT x FROM dbo.klaviyo_metric',
      'DROP TABLE dbo.klaviyo_metric',
      'SELECT ~',
    ];
    const { err } = tsql(wrong);
    expect([...err.matchAll(/Msg (\d+)/g)].map(([, number]) => number)).toEqual(['208', '207', '229', '103010']);
    expect(tsql([], 'not the password').err).toContain('Msg 18456');
  });
});

// python3-tds of Debian
describe.skipIf(!installed(python, '-c', 'import pytds'))(
  'python-tds (skipped where python3-tds is not installed)',
  () => {
    test('reads rows, and rolls back a transaction of its own', () => {
      const script = `
import sys, pytds
with pytds.connect('127.0.0.1', sys.argv[2], sys.argv[3], sys.argv[4], port=int(sys.argv[1]), autocommit=False) as c:
    cursor = c.cursor()
    cursor.execute("INSERT INTO dbo.klaviyo_metric (id, name, _change_number) VALUES (%s, %s, %s)", ('py', 'two', 2))
    cursor.execute("SELECT name, _change_number, created FROM dbo.klaviyo_metric WHERE id = %s", ('py',))
    print(cursor.fetchall())
    c.rollback()
    cursor.execute("SELECT COUNT_BIG(*) FROM dbo.klaviyo_metric WHERE id = 'py'")
    print(cursor.fetchall())`;
      const given = ['-c', script, String(port), database, user, password];
      const { stdout, stderr } = spawnSync(python, given, { encoding: 'utf8', timeout: 30_000 });
      expect(stderr).toBe('');
      expect(stdout).toBe("[('two', 2, None)]\n[(0,)]\n");
    });
  },
);

describe('the vendor’s driver', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = new Connection({
      server: '127.0.0.1',
      authentication: { type: 'default', options: { userName: user, password } },
      options: { port, database, encrypt: true, trustServerCertificate: true, requestTimeout: 0 },
    });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
  });
  afterAll(() => connection.close());

  function ask(sql: string, values: Record<string, string> = {}): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    return new Promise((resolve, reject) => {
      const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
      request.on('row', (columns: readonly { readonly value: unknown }[]) =>
        rows.push(columns.map(({ value }) => value)),
      );
      for (const [name, value] of Object.entries(values)) request.addParameter(name, TYPES.NVarChar, value);
      if (Object.keys(values).length > 0) connection.execSql(request);
      else connection.execSqlBatch(request);
    });
  }
  const numberOf = (sql: string) =>
    ask(sql).then(
      () => 0,
      (error: { readonly number?: number }) => error.number,
    );

  test('sends and gets texts of many packets', async () => {
    const long = 'Zażółć 👩 '.repeat(50_000);
    const [row] = await ask('SELECT @text AS text, LEN(@text) AS l', { text: long });
    expect(row?.[0] === long).toBe(true);
  });

  test('gets every type as its own', async () => {
    const sql = `SELECT CAST(1 AS bit), CAST(200 AS tinyint), CAST(-2 AS smallint), CAST(-3 AS int), CAST(-4 AS bigint),
      CAST(1.5 AS float), CAST('2024-02-29' AS date), CAST('1969-12-31 23:59:59.999999' AS datetime2(6)), CAST(NULL AS nvarchar(10))`;
    const [row] = await ask(sql);
    expect(row?.slice(0, 7)).toEqual([true, 200, -2, -3, '-4', 1.5, new Date('2024-02-29T00:00:00Z')]);
    expect(row?.[7]).toEqual(new Date('1969-12-31T23:59:59.999Z'));
    expect(row?.[8]).toBeNull();
  });

  test('streams a long result', async () => {
    const rows = await ask('SELECT a.column_name FROM INFORMATION_SCHEMA.COLUMNS a, sys.columns b, sys.columns c');
    expect(rows.length).toBeGreaterThan(50_000);
  });

  test('cancels a statement that hangs and goes on', async () => {
    await standIn.addFault({ match: '^SELECT 4711', does: { kind: 'hang' } });
    const asked = ask('SELECT 4711');
    connection.cancel();
    await expect(asked).rejects.toMatchObject({ code: 'ECANCEL' });
    expect(await ask('SELECT 1')).toEqual([[1]]);
  });

  test('meets the documented limits of a pool', async () => {
    expect(await numberOf('CREATE TABLE wharf_stage.t (a nvarchar(max) NULL) WITH (DISTRIBUTION = ROUND_ROBIN)')).toBe(
      35_343,
    );
    expect(await numberOf('CREATE TABLE wharf_stage.t (a int NULL) WITH (HEAP, DISTRIBUTION = HASH([b]))')).toBe(
      104_306,
    );
    expect(await numberOf("INSERT INTO dbo.klaviyo_metric (id, created) VALUES (N'x', SYSUTCDATETIME())")).toBe(
      104_334,
    );
    expect(await numberOf(`INSERT INTO dbo.klaviyo_metric (id) VALUES (N'${'x'.repeat(65)}')`)).toBe(2628);
    expect(await numberOf("INSERT INTO dbo.klaviyo_metric (name) VALUES (N'no key')")).toBe(515);
    expect(await numberOf('USE master')).toBe(40_508);
  });

  test('after an error a transaction takes nothing but ROLLBACK; definitions are not allowed in it', async () => {
    await ask('BEGIN TRANSACTION');
    expect(await numberOf('DROP TABLE wharf_stage.nope')).toBe(111_212);
    expect(await numberOf('SELECT 1')).toBe(111_233);
    expect(await numberOf('COMMIT')).toBe(111_233);
    await ask('ROLLBACK');
    expect(await ask('SELECT 1')).toEqual([[1]]);
  });

  test('COPY INTO speaks to the store of the stand-in only', async () => {
    await ask('CREATE TABLE wharf_stage.c (a nvarchar(10) NULL) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)');
    const copy = (
      url: string,
    ) => `COPY INTO wharf_stage.c (a 1) FROM '${url}' WITH (FILE_TYPE = 'CSV', COMPRESSION = 'Gzip',
      ROWTERMINATOR = '0x0A', CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = '?sig=x'))`;
    await expect(ask(copy('http://127.0.0.1:9/x/y.csv.gz'))).rejects.toMatchObject({
      number: 105_215,
      message: /resolved/,
    });
    const store = standIn.options.endpoints?.synapseBlob ?? '';
    await expect(ask(copy(`${store}/${String(standIn.settings['container'])}/y.csv.gz`))).rejects.toMatchObject({
      number: 105_215,
      message: expect.stringContaining('(403)') as string,
    });
    const labels = (await standIn.calls()).map(({ label }) => label).join('\n');
    expect(labels).not.toContain('sig=x');
    await ask('DROP TABLE wharf_stage.c');
  });
});

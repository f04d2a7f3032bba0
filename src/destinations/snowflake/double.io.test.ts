import snowflake, { type Connection } from 'snowflake-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { eventTable } from '../tables.ts';
import { Workbench } from '../testing/workbench.ts';
import { openRig } from './testing/snowflake-rig.ts';

let standIn: StandInProcess;
let bench: Workbench;
let connection: Connection;

/** As anybody would connect who reads the tables, with the vendor's driver as it comes. */
beforeAll(async () => {
  standIn = await startStandIn('snowflake');
  bench = await Workbench.open(() => openRig(standIn));
  const properties = '{"$value":19.9,"items":[{"sku":"A"},{"sku":"B","size":{"eu":42}}]}';
  const row = { id: 'e1', datetime: '2026-01-02T03:04:05.5+00:00', event_properties: properties, _change_number: 1 };
  await bench.load(await bench.batch(eventTable, [bench.line(eventTable, row)]));
  const { username, privateKey, warehouse, account, database, schema } = bench.rig.settings as Record<string, string>;
  snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, disableOCSPChecks: true });
  connection = snowflake.createConnection({
    accessUrl: standIn.options.endpoints?.snowflake ?? '',
    authenticator: 'SNOWFLAKE_JWT',
    account: account ?? '',
    username: username ?? '',
    privateKey: privateKey ?? '',
    warehouse: warehouse ?? '',
    database: database ?? '',
    schema: schema ?? '',
  });
  await connection.connectAsync();
});
afterAll(async () => {
  await new Promise((done) => connection.destroy(done));
  await bench[Symbol.asyncDispose]();
  await standIn[Symbol.asyncDispose]();
});

function query(sqlText: string): Promise<unknown[] | undefined> {
  return new Promise((resolve, reject) => {
    connection.execute({ sqlText, complete: (error, _, rows) => (error ? reject(error) : resolve(rows)) });
  });
}

test('names need no quotes, documents are walked as in Snowflake', async () => {
  const rows =
    await query(`SELECT id, event_properties:"$value"::FLOAT AS amount, event_properties:items[1].size.eu::NUMBER AS size,
    event_properties:items[0].sku::VARCHAR AS sku, datetime FROM klaviyo_event WHERE id = 'e1'`);
  expect(rows).toMatchObject([{ ID: 'e1', AMOUNT: 19.9, SIZE: 42, SKU: 'A' }]);
});

test('a document comes as an object, its time as a date', async () => {
  const [row] = (await query('SELECT event_properties, datetime FROM klaviyo_event')) as Record<string, unknown>[];
  expect(row?.['EVENT_PROPERTIES']).toEqual({ $value: 19.9, items: [{ sku: 'A' }, { sku: 'B', size: { eu: 42 } }] });
  expect(new Date(String(row?.['DATETIME'])).toISOString()).toBe('2026-01-02T03:04:05.000Z');
});

test.each([
  ['SELECT nothing FROM klaviyo_event', '000904', '42000'],
  ['SELECT 1 FROM no_such_table', '002003', '42S02'],
  ['DROP TABLE klaviyo_event', '003001', '42501'],
  ['CREATE TABLE own (id VARCHAR)', '003001', '42501'],
  ['SELEC 1', '002040', '42601'],
  ['ALTER USER ADMIN SET DISABLED = TRUE', '003001', '42501'],
])('%s fails as it would there: %s', async (sql, code, sqlState) => {
  await expect(query(sql)).rejects.toMatchObject({ code, sqlState });
});

import snowflake, { type StatementOption } from 'snowflake-sdk';
import { openStandIn, type Address, type Reader } from './stand-in.ts';
import { textRow, type OpenWarehouse, type Row } from './warehouse.ts';

interface Settings {
  readonly account: string;
  readonly username: string;
  readonly privateKey: string;
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string;
}

const dialect = { cents: `(100 * event_properties['$value']::NUMBER(18, 2))::NUMBER(18, 0)` };

export const open: OpenWarehouse = () => openStandIn('snowflake', 'Snowflake', read);

async function read({ settings, endpoints }: Address<Settings>): Promise<Reader> {
  const { account, username, privateKey, warehouse, database, schema } = settings;
  snowflake.configure({ logLevel: 'OFF' });
  const connection = snowflake.createConnection({
    account,
    username,
    privateKey,
    warehouse,
    database,
    schema,
    accessUrl: endpoints['snowflake'] ?? '',
    authenticator: 'SNOWFLAKE_JWT',
  });
  await connection.connectAsync();
  return {
    dialect,
    ask: (sqlText) =>
      new Promise<Row[]>((resolve, reject) => {
        const complete: StatementOption['complete'] = (error, _, rows) => {
          if (error) reject(error);
          else resolve((rows ?? []).map(textRow));
        };
        connection.execute({ sqlText, complete });
      }),
    close: () => new Promise((done) => connection.destroy(() => done())),
  };
}

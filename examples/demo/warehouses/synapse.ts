import { Connection, Request } from 'tedious';
import { openStandIn, type Address, type Reader } from './stand-in.ts';
import { textRow, type OpenWarehouse, type Row } from './warehouse.ts';

interface Settings {
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

const dialect = {
  // by DECIMAL in a pool, which the stand-in does not know
  cents: `CAST(ROUND(100 * CAST(JSON_VALUE(event_properties, '$."$value"') AS FLOAT), 0) AS BIGINT)`,
};

export const open: OpenWarehouse = () => openStandIn('synapse', 'Azure Synapse', read);

async function read({ settings, endpoints }: Address<Settings>): Promise<Reader> {
  const { hostname, port } = new URL(endpoints['synapse'] ?? '');
  const { database, username, password } = settings;
  const connection = new Connection({
    server: hostname,
    authentication: { type: 'default', options: { userName: username, password } },
    options: { port: Number(port), database, encrypt: true, trustServerCertificate: true, requestTimeout: 60_000 },
  });
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  return {
    dialect,
    ask: (query) => execute(connection, query),
    close: async () => connection.close(),
  };
}

interface Column {
  readonly metadata: { readonly colName: string };
  readonly value: unknown;
}

function execute(connection: Connection, query: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    const request = new Request(query, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: readonly Column[]) => {
      rows.push(textRow(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value]))));
    });
    connection.execSqlBatch(request);
  });
}

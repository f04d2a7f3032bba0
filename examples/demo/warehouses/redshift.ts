import { Client } from 'pg';
import { openStandIn, type Reader } from './stand-in.ts';
import { textRow, type OpenWarehouse } from './warehouse.ts';

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly schema: string;
  readonly username: string;
  readonly password: string;
}

const dialect = {
  // in Redshift itself one writes event_properties."$value", which the stand-in does not know
  cents: `CAST(100 * CAST(REGEXP_SUBSTR(REGEXP_SUBSTR(JSON_SERIALIZE(event_properties), '"[$]value": *[0-9.]+'), '[0-9.]+$')
    AS DECIMAL(18, 2)) AS BIGINT)`,
};

export const open: OpenWarehouse = () =>
  openStandIn<Settings>('redshift', 'Amazon Redshift', ({ settings }) => read(settings));

async function read({ host, port, database, schema, username, password }: Settings): Promise<Reader> {
  const client = new Client({ host, port, database, user: username, password });
  await client.connect();
  await client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`);
  return {
    dialect,
    ask: async (query) => (await client.query<Record<string, unknown>>(query)).rows.map(textRow),
    close: () => client.end(),
  };
}

import { BigQuery } from '@google-cloud/bigquery';
import { JWT } from 'google-auth-library';
import { openStandIn, type Address, type Reader } from './stand-in.ts';
import { textRow, type OpenWarehouse } from './warehouse.ts';

interface Settings {
  readonly projectId: string;
  readonly dataset: string;
  readonly serviceAccountKey: string;
}

const dialect = { cents: `CAST(100 * CAST(JSON_VALUE(event_properties, '$."$value"') AS NUMERIC) AS INT64)` };

export const open: OpenWarehouse = () => openStandIn('bigquery', 'Google BigQuery', read);

async function read({ settings, endpoints }: Address<Settings>): Promise<Reader> {
  const { projectId, dataset, serviceAccountKey } = settings;
  const endpoint = endpoints['bigquery'] ?? '';
  const { client_email: email = '', private_key: key = '' } = JSON.parse(serviceAccountKey) as Record<string, string>;
  const authClient = new JWT({ email, key, scopes: ['https://www.googleapis.com/auth/bigquery'] });
  // it always asks Google for tokens: these requests are led to the stand-in
  authClient.transporter.interceptors.request.add({
    resolved: async (options) => {
      if (options.url.href === 'https://oauth2.googleapis.com/token') options.url = new URL(`${endpoint}/token`);
      return options;
    },
  });
  const bigquery = new BigQuery({ projectId, authClient, apiEndpoint: endpoint });
  return {
    dialect,
    ask: async (query) => {
      const [rows] = await bigquery.query({ query, defaultDataset: { projectId, datasetId: dataset } });
      return (rows as Record<string, unknown>[]).map(textRow);
    },
    close: async () => undefined,
  };
}

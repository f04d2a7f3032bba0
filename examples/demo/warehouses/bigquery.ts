import { BigQuery } from '@google-cloud/bigquery';
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
  const credentials = { client_email: email, private_key: key };
  const bigquery = new BigQuery({ projectId, credentials, apiEndpoint: endpoint });
  await fetchTokensFrom(bigquery, `${endpoint}/token`);
  return {
    dialect,
    ask: async (query) => {
      const [rows] = await bigquery.query({ query, defaultDataset: { projectId, datasetId: dataset } });
      return (rows as Record<string, unknown>[]).map(textRow);
    },
    close: async () => undefined,
  };
}

/** The library always asks Google for tokens: these requests are led to the stand-in. */
async function fetchTokensFrom(bigquery: BigQuery, url: string): Promise<void> {
  const { transporter } = await bigquery.authClient.getClient();
  transporter.interceptors.request.add({
    resolved: async (options) => {
      if (options.url.href === 'https://oauth2.googleapis.com/token') options.url = new URL(url);
      return options;
    },
  });
}

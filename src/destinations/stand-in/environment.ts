import type { DestinationOptions, Endpoints } from '../registry.ts';

/** Where the service is told of each endpoint: see `config.ts`. */
const variables = {
  snowflake: 'WHARF_SNOWFLAKE_ENDPOINT',
  bigquery: 'WHARF_BIGQUERY_ENDPOINT',
  synapse: 'WHARF_SYNAPSE_ENDPOINT',
  synapseBlob: 'WHARF_SYNAPSE_BLOB_ENDPOINT',
} as const satisfies Record<keyof Endpoints, string>;

/** The environment in which a service meets the stand-in instead of the vendor. */
export function environmentOf({ endpoints = {} }: DestinationOptions): Readonly<Record<string, string>> {
  const given = Object.entries(endpoints).filter((entry): entry is [keyof Endpoints, string] => Boolean(entry[1]));
  return Object.fromEntries(given.map(([name, url]) => [variables[name], url]));
}

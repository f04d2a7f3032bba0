import type { AnyDestination } from './destination.ts';
import { createBigquery } from './bigquery/bigquery.ts';
import { createDuckdb } from './duckdb/duckdb.ts';
import { createRedshift } from './redshift/redshift.ts';
import { s3 } from './s3/s3.ts';
import { sealDestination } from './seal.ts';
import { createSnowflake } from './snowflake/snowflake.ts';
import { createSynapse } from './synapse/synapse.ts';

/** What the operator decides for all accounts. */
export interface DestinationOptions {
  /** The only folder DuckDB files may be in; absent, anywhere on this machine. */
  readonly duckdbFolder?: string | undefined;
  /** Addresses that take the vendor's own place: of a stand-in, or of a private way to the vendor. */
  readonly endpoints?: Endpoints;
}

export interface Endpoints {
  /** Base URL of the account, `https://` or `http://`. */
  readonly snowflake?: string | undefined;
  /** Base URL of the API, and of the token service. */
  readonly bigquery?: string | undefined;
  /** `tds://host:port` of the SQL pool. */
  readonly synapse?: string | undefined;
  /** Base URL of the storage account. */
  readonly synapseBlob?: string | undefined;
}

/** Every destination Wharf can load; a new warehouse is one folder and one line here. */
export function createDestinations(options: DestinationOptions = {}) {
  return {
    duckdb: sealDestination(createDuckdb({ folder: options.duckdbFolder })),
    redshift: sealDestination(createRedshift()),
    bigquery: sealDestination(createBigquery({ endpoint: options.endpoints?.bigquery })),
    synapse: sealDestination(
      createSynapse({ endpoint: options.endpoints?.synapse, blobEndpoint: options.endpoints?.synapseBlob }),
    ),
    snowflake: sealDestination(createSnowflake({ endpoint: options.endpoints?.snowflake })),
    s3: sealDestination(s3),
  } as const satisfies Record<string, AnyDestination>;
}

/** Without an operator's limits. */
export const destinations = createDestinations();

export type DestinationKind = keyof typeof destinations;

import type { AnyDestination } from './destination.ts';
import { createDuckdb } from './duckdb/duckdb.ts';
import { s3 } from './s3/s3.ts';
import { sealDestination } from './seal.ts';

/** What the operator decides for all accounts. */
export interface DestinationOptions {
  /** The only folder DuckDB files may be in; absent, anywhere on this machine. */
  readonly duckdbFolder?: string | undefined;
}

/** Every destination Wharf can load; a new warehouse is one folder and one line here. */
export function createDestinations(options: DestinationOptions = {}) {
  return {
    duckdb: sealDestination(createDuckdb({ folder: options.duckdbFolder })),
    s3: sealDestination(s3),
  } as const satisfies Record<string, AnyDestination>;
}

/** Without an operator's limits. */
export const destinations = createDestinations();

export type DestinationKind = keyof typeof destinations;

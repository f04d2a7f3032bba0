import type { AnyDestination } from './destination.ts';
import { duckdb } from './duckdb/duckdb.ts';
import { s3 } from './s3/s3.ts';
import { sealDestination } from './seal.ts';

/** Every destination Wharf can load; a new warehouse is one folder and one line here. */
export const destinations = {
  duckdb: sealDestination(duckdb),
  s3: sealDestination(s3),
} as const satisfies Record<string, AnyDestination>;

export type DestinationKind = keyof typeof destinations;

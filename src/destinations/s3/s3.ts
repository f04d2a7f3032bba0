import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { spec, type S3Settings } from './spec.ts';

export const s3: Destination<S3Settings> = {
  spec,
  setup,
  // JSON Lines go to the bucket as staged; Parquet is made by DuckDB
  stagedFormat: (settings) => (settings.format === 'parquet' ? 'csv' : 'json-lines'),
  // the vendor's client is loaded at first use: a service at rest does without its memory
  open: async (settings, context) => (await import('./session.ts')).openSession(settings, context),
};

import type { Sentences } from './translator.ts';
import { alerts } from './alerts.ts';
import { bigQuery } from './bigquery.ts';
import { files } from './files.ts';
import { imports } from './imports.ts';
import { redshift } from './redshift.ts';
import { service } from './service.ts';
import { snowflake } from './snowflake.ts';
import { synapse } from './synapse.ts';
import { warehouses } from './warehouses.ts';

export const polish: Sentences = {
  ...service,
  ...warehouses,
  ...files,
  ...snowflake,
  ...bigQuery,
  ...redshift,
  ...synapse,
  ...imports,
  ...alerts,
};

import { accountEndpoints } from './accounts.ts';
import { alertEndpoints } from './alerts.ts';
import { apiKeyEndpoints } from './api-keys.ts';
import { catalogueEndpoints } from './catalogue.ts';
import { connectionEndpoints } from './connection.ts';
import { destinationEndpoints } from './destinations.ts';
import { historyEndpoints } from './history.ts';
import { importEndpoints } from './imports.ts';
import { lookUpEndpoints } from './lookup.ts';
import { peopleEndpoints } from './people.ts';
import { secretsEndpoints } from './secrets.ts';
import { serviceEndpoints } from './service.ts';
import { sshKeyEndpoints } from './ssh-keys.ts';
import { syncEndpoints } from './syncs.ts';

/** The whole API, by operation name. */
export const endpoints = {
  ...accountEndpoints,
  ...peopleEndpoints,
  ...apiKeyEndpoints,
  ...sshKeyEndpoints,
  ...destinationEndpoints,
  ...connectionEndpoints,
  ...syncEndpoints,
  ...historyEndpoints,
  ...importEndpoints,
  ...alertEndpoints,
  ...catalogueEndpoints,
  ...lookUpEndpoints,
  ...secretsEndpoints,
  ...serviceEndpoints,
};

export type Endpoints = typeof endpoints;
export type Operation = keyof Endpoints;

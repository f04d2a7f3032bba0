import type { Destination } from '../destination.ts';
import { parseSas } from './sas.ts';
import { setup } from './setup.ts';
import { spec, type SynapseSettings } from './spec.ts';

export interface SynapseEndpoints {
  /** `tds://host:port` instead of the workspace's own. */
  readonly endpoint?: string | undefined;
  /** Base URL instead of that of the storage account. */
  readonly blobEndpoint?: string | undefined;
}

export function createSynapse(endpoints: SynapseEndpoints = {}): Destination<SynapseSettings> {
  return {
    spec,
    setup,
    stagedFormat: () => 'csv',
    credentialsExpire: (settings) => parseSas(settings.sharedAccessSignature).expires,
    // the drivers are loaded at first use: a service at rest does without their memory
    open: async (settings, context) => (await import('./session.ts')).openSession(settings, endpoints, context),
  };
}

import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { spec, type RedshiftSettings } from './spec.ts';

export function createRedshift(): Destination<RedshiftSettings> {
  return {
    spec,
    setup,
    stagedFormat: () => 'csv',
    // the drivers are loaded at first use: a service at rest does without their memory
    open: async (settings, context) => (await import('./session.ts')).openSession(settings, context),
  };
}

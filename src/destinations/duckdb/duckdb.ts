import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { spec, type DuckdbSettings } from './spec.ts';

export const duckdb: Destination<DuckdbSettings> = {
  spec,
  setup,
  stagedJson: () => 'text',
  // the engine is loaded at first use: a service at rest does without its memory
  open: async (settings, context) => (await import('./session.ts')).openSession(settings, context),
};

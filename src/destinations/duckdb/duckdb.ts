import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { duckdbSpec, type DuckdbSettings } from './spec.ts';

/** @param options `folder`: the only folder files may be in; absent, anywhere */
export function createDuckdb(options: { readonly folder?: string | undefined } = {}): Destination<DuckdbSettings> {
  return {
    spec: duckdbSpec(options.folder ?? null),
    setup,
    stagedFormat: () => 'csv',
    // the engine is loaded at first use: a service at rest does without its memory
    open: async (settings, context) => (await import('./session.ts')).openSession(settings, context),
  };
}

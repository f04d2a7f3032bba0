import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { spec, type BigquerySettings } from './spec.ts';

export interface BigqueryOptions {
  /** Base URL that stands in for Google's API and token service; absent, Google's own. */
  readonly endpoint?: string | undefined;
}

export function createBigquery({ endpoint }: BigqueryOptions = {}): Destination<BigquerySettings> {
  return {
    spec,
    setup,
    // documents as strings: PARSE_JSON turns them into JSON inside the warehouse, where a failure can be handled
    stagedFormat: () => 'flat-json-lines',
    // the vendor's library is loaded at first use: a service at rest does without its memory
    open: async (settings, context) =>
      (await import('./session.ts')).openSession(settings, context, endpoint?.replace(/\/+$/, '') ?? null),
  };
}

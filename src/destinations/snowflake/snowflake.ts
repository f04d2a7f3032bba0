import type { Destination } from '../destination.ts';
import { setup } from './setup.ts';
import { spec, type SnowflakeSettings } from './spec.ts';

/** @param options `endpoint`: base URL that takes the place of the account's own address */
export function createSnowflake(
  options: { readonly endpoint?: string | undefined } = {},
): Destination<SnowflakeSettings> {
  return {
    spec,
    setup,
    // Values inside the line, not text: COPY parses each line once and VARIANT keeps numbers of up to 38 digits exactly, so that
    // text in text (`flat-json-lines`) would cost a second parse of every document and only tell the JSON null from a
    // missing value.
    stagedFormat: () => 'json-lines',
    // the driver is loaded at first use: a service at rest does without its memory
    open: async (settings, context) =>
      (await import('./session.ts')).openSession(settings, options.endpoint ?? null, context),
  };
}

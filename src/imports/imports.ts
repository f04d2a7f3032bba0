/** Composition of imports: what other folders hold in their hands. */
import { acceptUpload } from './accept.ts';
import type { ImportsDeps } from './parts.ts';
import type { Imports } from './types.ts';

export type { FinishedUpload, Imports } from './types.ts';

export function createImports(deps: ImportsDeps): Imports {
  return {
    start: async () => undefined,
    stop: async () => undefined,
    accept: (uploadId, upload) => acceptUpload(deps, uploadId, upload),
  };
}

/** Composition of imports: what other folders hold in their hands. */
import { tmpdir } from 'node:os';
import { acceptUpload } from './accept.ts';
import { createActions } from './actions.ts';
import { keepHouse } from './housekeeping.ts';
import type { ImportOptions, ImportsDeps } from './parts.ts';
import { importHandler } from './run.ts';
import { skippedFile } from './skipped-file.ts';
import type { Imports } from './types.ts';
import { uploadStream } from './upload.ts';

const houseMs = 15 * 60_000;

const defaults: ImportOptions = { tempDir: tmpdir(), keepDays: 30, maxFileBytes: 10e9 };

/** `start` begins the housekeeping; the work itself is done where the queue is given `handler`. */
export function createImports(
  given: Omit<ImportsDeps, 'options'> & { readonly options?: Partial<ImportOptions> },
): Imports {
  const deps: ImportsDeps = { ...given, options: { ...defaults, ...given.options } };
  const actions = createActions(deps);
  const stopping = new AbortController();
  let housekeeping: Promise<void> | null = null;

  async function keepHouseForEver(): Promise<void> {
    while (!stopping.signal.aborted) {
      await keepHouse(deps).catch((err: unknown) => deps.log.warn({ err }, 'imports.housekeeping_failed'));
      await deps.clock.sleep(houseMs, stopping.signal).catch(() => undefined);
    }
  }

  return {
    ...actions,
    async start() {
      housekeeping ??= keepHouseForEver();
    },
    async stop() {
      stopping.abort();
      await housekeeping;
    },
    accept: (uploadId, upload) => acceptUpload(deps, uploadId, upload),
    async upload(upload, body, signal) {
      const { importId } = await uploadStream(deps, upload, body, signal);
      return actions.get(upload.accountId, importId);
    },
    skipped: (accountId, importId, signal) => skippedFile(deps, accountId, importId, signal),
    handler: importHandler(deps),
  };
}

/** Composition of the export engine: what other folders hold in their hands. */
import { tmpdir } from 'node:os';
import { createConnections } from './connections.ts';
import { createErrors } from './errors.ts';
import type { ExportOptions, ExportParts, ExportsDeps } from './parts.ts';
import { createRuns } from './runs.ts';
import { createSyncActions } from './syncs.ts';
import { createTimeline } from './timeline.ts';
import type { Exports } from './types.ts';
import { ExportWorker } from './worker.ts';

const defaults: ExportOptions = {
  slots: 4,
  tempDir: tmpdir(),
  pollMs: 1_000,
  leaseMs: 30_000,
  beatMs: 10_000,
  outboundAddresses: [],
};

/** `options.slots` 0 makes a process that answers calls and leaves the work to others. */
export function createExports(deps: ExportsDeps): Exports {
  const options = { ...defaults, ...deps.options };
  const worker = new ExportWorker({ ...deps, options });
  const parts: ExportParts = { ...deps, options, wake: () => worker.wake() };
  return {
    start: () => worker.start(),
    stop: () => worker.stop(),
    connections: createConnections(parts),
    syncs: createSyncActions(parts),
    runs: createRuns(deps.db),
    timeline: createTimeline(deps.db),
    errors: createErrors(deps.db),
  };
}
